import { baseDemand, localMean } from './cleaning.js';
import { timelineOf } from './drivers.js';
import { invalidReason, periodDate, SeriesInput } from './series.js';

const flags = (text: string): Uint8Array => Uint8Array.from(text.split(''), Number);

function daily(overrides: Partial<SeriesInput> = {}): SeriesInput {
  return { id: 's', start: '2025-01-13', freq: 'D', y: Float64Array.of(3, 4, NaN, 0, 5), horizon: 2, ...overrides };
}

describe('localMean', () => {
  it('should average the usable values in the window', () => {
    const result = localMean(Float64Array.of(2, 100, 4, 6, 8), flags('10111'), 1, 0);
    expect([...result]).toEqual([2, 3, 5, 6, 7]);
  });

  it('should take the nearest mean where no value is usable, and keep the floor', () => {
    expect([...localMean(Float64Array.of(9, 0, 0, 0, 0), flags('10000'), 1, 0)]).toEqual([9, 9, 9, 9, 9]);
    expect([...localMean(Float64Array.of(9, 0, 0, 0, 4), flags('00001'), 1, 0)]).toEqual([4, 4, 4, 4, 4]);
    expect([...localMean(Float64Array.of(0, 0), flags('11'), 1, 0.5)]).toEqual([0.5, 0.5]);
  });
});

describe('baseDemand', () => {
  it('should follow the weekday profile and look through a stock-out', () => {
    const truth = Float64Array.from({ length: 140 }, (_, i) => (i % 7 === 5 ? 20 : 8));
    const usable = new Uint8Array(140).fill(1).fill(0, 60, 70);
    const y = truth.map((value, i) => value * usable[i]!);
    const base = baseDemand(y, usable, 'D');
    for (let i = 60; i < 70; i++) expect(base[i]! / truth[i]!).toBeCloseTo(1, 1);
  });
});

describe('timelineOf', () => {
  it('should mark unknown, closed and stock-out periods as not usable', () => {
    const { usable, closed } = timelineOf(
      daily({ closed: flags('00010'), stockout: flags('10000'), future: { closed: flags('01') } }),
    );
    expect([...usable]).toEqual([0, 1, 0, 0, 1]);
    expect([...closed]).toEqual([0, 0, 0, 1, 0, 0, 1]);
  });

  it('should find the open days beside a closed one and the paydays', () => {
    const { columns } = timelineOf(daily({ closed: flags('00010') }));
    expect([...columns.get('eve')!]).toEqual([0, 0, 1, 0, 0, 0, 0]);
    expect([...columns.get('reopening')!]).toEqual([0, 0, 0, 0, 1, 0, 0]);
    // 13 January on: the 15th and 16th
    expect([...columns.get('payday')!]).toEqual([0, 0, 1, 1, 0, 0, 0]);
    const monthEnd = timelineOf(daily({ start: '2024-02-27' }));
    expect([...monthEnd.columns.get('payday')!]).toEqual([0, 0, 1, 1, 0, 0, 0]);
  });

  it('should take prices relative to their median and repeat the last known one', () => {
    const { columns } = timelineOf(
      daily({ price: Float64Array.of(NaN, 10, 20, NaN, 10), future: { price: Float64Array.of(NaN, 5) } }),
    );
    const expected = [0, 1, 2, 2, 1, 1, 0.5].map((ratio, i) => (i === 0 ? 0 : Math.log(ratio)));
    columns.get('price')!.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 12));
  });

  it('should make a column of each event and of each driver, history and plan joined', () => {
    const { columns, eventful } = timelineOf(
      daily({
        events: [null, 'carnival', null, null, null],
        drivers: { display: Float64Array.of(0, 0, 0.5, 0, 0), nothing: new Float64Array(5) },
        future: { events: ['easter', 'carnival'], drivers: { display: Float64Array.of(1, NaN) } },
      }),
    );
    expect([...columns.get('event:carnival')!]).toEqual([0, 1, 0, 0, 0, 0, 1]);
    expect([...columns.get('event:easter')!]).toEqual([0, 0, 0, 0, 0, 1, 0]);
    expect([...columns.get('driver:display')!]).toEqual([0, 0, 0.5, 0, 0, 1, 0]);
    expect(columns.has('driver:nothing')).toBe(false);
    expect([...eventful]).toEqual([0, 1, 0, 0, 0, 1, 1]);
  });

  it('should know no calendar effects of weeks and months', () => {
    const { columns } = timelineOf(daily({ freq: 'M', closed: flags('00010') }));
    expect([...columns.keys()]).toEqual([]);
  });
});

describe('periodDate', () => {
  it('should step by days, weeks and months', () => {
    expect(periodDate('2024-02-28', 'D', 2).toISOString().slice(0, 10)).toBe('2024-03-01');
    expect(periodDate('2024-12-30', 'W', 1).toISOString().slice(0, 10)).toBe('2025-01-06');
    expect(periodDate('2024-01-31', 'M', 1).toISOString().slice(0, 10)).toBe('2024-02-01');
  });
});

describe('invalidReason', () => {
  it.each([
    [{ horizon: 1.5 }, 'horizon'],
    [{ start: 'yesterday' }, 'start'],
    [{ closed: flags('1') }, 'closed has 1 values'],
    [{ future: { price: Float64Array.of(1) } }, 'future.price has 1 values'],
  ])('should refuse %o', (overrides, reason) => {
    expect(invalidReason(daily(overrides))).toContain(reason);
  });

  it('should accept a series without drivers', () => {
    expect(invalidReason(daily())).toBeNull();
  });
});
