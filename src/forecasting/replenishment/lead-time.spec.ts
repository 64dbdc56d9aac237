import { leadTimeOf, plusDays } from './lead-time.js';

const sumOf = (days: { probability: number }[]) => days.reduce((sum, { probability }) => sum + probability, 0);

describe('leadTimeOf', () => {
  it('should spread the configured days while there are too few deliveries', () => {
    const lead = leadTimeOf({ configuredDays: 10, spreadPercent: 20, observed: [1, 1, 1, 1] });
    expect(lead).toEqual({
      days: [
        { length: 8, probability: 0.25 },
        { length: 10, probability: 0.5 },
        { length: 12, probability: 0.25 },
      ],
      mean: 10,
      source: 'configured',
      deliveries: 4,
    });
  });

  it('should be sure of what has no spread, and never early by more than it takes', () => {
    expect(leadTimeOf({ configuredDays: 2, spreadPercent: 20 }).days).toEqual([{ length: 2, probability: 1 }]);
    expect(leadTimeOf({ configuredDays: 0, spreadPercent: 100 }).days).toEqual([{ length: 0, probability: 1 }]);
    expect(leadTimeOf({ configuredDays: 3, spreadPercent: 100 }).days[0]).toEqual({ length: 0, probability: 0.25 });
  });

  it('should believe five deliveries', () => {
    const lead = leadTimeOf({ configuredDays: 30, spreadPercent: 20, observed: [5, 2, 5, 9, 5] });
    expect(lead).toMatchObject({ mean: 5.2, source: 'observed', deliveries: 5 });
    expect(lead.days).toEqual([
      { length: 2, probability: 0.2 },
      { length: 5, probability: 0.6 },
      { length: 9, probability: 0.2 },
    ]);
  });

  it('should keep few points of many deliveries, and their shape', () => {
    const observed = Array.from({ length: 60 }, (_, i) => i + 1);
    const { days, mean } = leadTimeOf({ configuredDays: 1, spreadPercent: 0, observed });
    expect(days).toHaveLength(9);
    expect(sumOf(days)).toBeCloseTo(1, 12);
    expect(mean).toBe(30.5);
    expect(days.reduce((sum, one) => sum + one.length * one.probability, 0)).toBeCloseTo(30.5, -1);
    expect(
      leadTimeOf({ configuredDays: 1, spreadPercent: 0, observed: [-3, 9999, 1, 1, 1] }).days.map(({ length }) => length),
    ).toEqual([0, 1, 365]);
  });

  it('should begin a review later', () => {
    expect(plusDays([{ length: 4, probability: 1 }], 1)).toEqual([{ length: 5, probability: 1 }]);
  });
});
