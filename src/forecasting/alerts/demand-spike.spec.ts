import { STANDARD_PARAMETERS } from '../alert-rules/rule-parameters.js';
import type { KnownEvent, PastDay } from './alert-facts.js';
import { findDemandSpike } from './demand-spike.js';

/** A day that was expected to sell 10, 13.8 at most in 99 of 100 cases. */
const day = (date: string, sold: number): PastDay => ({
  day: date,
  sold,
  mean: 10,
  q10: 8,
  q50: 10,
  q90: 12,
  q95: 12.6,
  q99: 13.8,
});
const days = (...sold: number[]) => sold.map((units, i) => day(`2026-11-${18 + i}`, units));
const find = (
  past: PastDay[],
  {
    events = [],
    rule = {},
    isOpen = false,
    available = 300,
  }: Partial<{
    events: KnownEvent[];
    rule: object;
    isOpen: boolean;
    available: number;
  }> = {},
) =>
  findDemandSpike(
    { past: new Map([[3, past]]), events, available, leadTimeDays: 5 },
    { ...STANDARD_PARAMETERS.demand_spike, ...rule },
    isOpen,
  );

describe('findDemandSpike', () => {
  it('should find sales that the forecast did not think possible, and say how many times what was expected', () => {
    const found = find(days(20, 30, 40))!;
    expect(found).toMatchObject({
      priority: 'low',
      from: '2026-11-18',
      to: '2026-11-20',
      days: 3,
      sold: 90,
      expected: 30,
      quantilePercent: 99,
      ratio: 3,
      daysAtThisPace: 10,
      explained: [],
    });
    expect(found.quantile).toBeCloseTo(30 + 3.8 * Math.sqrt(3));
  });

  it('should ask for all three: improbable, many times the expected, and not a handful', () => {
    expect(find(days(15, 15, 14))).toBeNull();
    expect(find(days(15, 15, 14), { rule: { minimumRatio: 1.2 } })).not.toBeNull();
    expect(find(days(12, 12, 12), { rule: { minimumRatio: 1.1 } })).toBeNull();
    expect(find(days(20, 30, 40), { rule: { minimumUnits: '91' } })).toBeNull();
    const unexpected = days(2, 1, 3).map((one) => ({ ...one, mean: 0, q10: 0, q50: 0, q90: 0, q95: 0, q99: 0 }));
    expect(find(unexpected)).toMatchObject({ sold: 6, ratio: null });
  });

  it('should not take for a spike what the calendar explains', () => {
    const promotion = (date: string): KnownEvent => ({ day: date, kind: 'promotion', name: 'Dos por uno' });
    expect(find(days(10, 60, 10), { events: [promotion('2026-11-19')] })).toBeNull();
    expect(find(days(10, 60, 60), { events: [promotion('2026-11-19')] })).toMatchObject({
      days: 2,
      sold: 70,
      explained: [{ day: '2026-11-19' }],
    });
    const holiday: KnownEvent = { day: '2026-11-20', kind: 'holiday', name: null };
    expect(find(days(10, 60, 60), { events: [holiday] })).toBeNull();
    expect(find(days(60, 60, 60), { events: ['18', '19', '20'].map((date) => promotion(`2026-11-${date}`)) })).toBeNull();
  });

  it('should rank by what is left at this pace', () => {
    const priority = (available: number) => find(days(20, 30, 40), { available })!.priority;
    expect([priority(0), priority(149), priority(150), priority(299), priority(300)]).toEqual([
      'critical',
      'high',
      'medium',
      'medium',
      'low',
    ]);
  });

  it('should stay open within the hysteresis, and say nothing without a forecast', () => {
    expect(find(days(14, 14, 12))).toBeNull();
    expect(find(days(14, 14, 12), { isOpen: true })).not.toBeNull();
    expect(find(days(12, 12, 11), { isOpen: true })).toBeNull();
    expect(find([])).toBeNull();
  });
});
