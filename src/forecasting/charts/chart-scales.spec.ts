import fc from 'fast-check';
import { dateTicks, valueScale } from './chart-scales.js';

describe('valueScale', () => {
  it('should take round steps', () => {
    expect(valueScale(0, 57, 4)).toEqual({ min: 0, max: 60, ticks: [0, 20, 40, 60] });
    expect(valueScale(0, 0.34, 4)).toEqual({ min: 0, max: 0.4, ticks: [0, 0.1, 0.2, 0.3, 0.4] });
    expect(valueScale(-3, 9, 4)).toEqual({ min: -5, max: 10, ticks: [-5, 0, 5, 10] });
    expect(valueScale(0, 1.2e9, 3).ticks).toEqual([0, 5e8, 1e9, 1.5e9]);
  });

  it('should have no fractions of what is counted whole, and a scale where there is nothing', () => {
    expect(valueScale(0, 2, 4, true).ticks).toEqual([0, 1, 2]);
    expect(valueScale(0, 0, 4, true)).toEqual({ min: 0, max: 1, ticks: [0, 1] });
    expect(valueScale(5, 9, 2).min).toBe(0);
  });

  it('should hold every value within few ascending ticks', () => {
    const size = fc.nat({ max: 2 ** 31 - 1 }).map((value) => value / 10_000);
    fc.assert(
      fc.property(size, size, fc.integer({ min: 1, max: 8 }), (below, above, count) => {
        const { min, max, ticks } = valueScale(-below, above, count);
        // less than a pixel of the largest drawing may be cut off
        const unseen = (above + below) * 1e-8;
        expect(min).toBeLessThanOrEqual(-below + unseen);
        expect(max).toBeGreaterThanOrEqual(above - unseen);
        expect(ticks).toEqual(ticks.toSorted((a, b) => a - b));
        expect(ticks.length).toBeLessThanOrEqual(count + 3);
        expect(ticks).toContain(0);
      }),
    );
  });
});

describe('dateTicks', () => {
  const dates = (from: string, days: number, most: number) => dateTicks(from, days, most).map(({ date }) => date);

  it('should label days, Mondays or first days of months, as there is room', () => {
    expect(dates('2026-11-20', 4, 5)).toEqual(['2026-11-20', '2026-11-21', '2026-11-22', '2026-11-23']);
    expect(dates('2026-11-20', 28, 4)).toEqual(['2026-11-23', '2026-11-30', '2026-12-07', '2026-12-14']);
    expect(dates('2026-08-24', 118, 6)).toEqual(['2026-09-01', '2026-10-01', '2026-11-01', '2026-12-01']);
    expect(dates('2025-11-22', 393, 7)).toEqual([
      '2026-01-01',
      '2026-03-01',
      '2026-05-01',
      '2026-07-01',
      '2026-09-01',
      '2026-11-01',
    ]);
  });

  it('should never label more than there is room for, and always something', () => {
    for (let days = 1; days <= 731; days++) {
      for (const most of [2, 5, 12]) {
        const ticks = dateTicks('2026-01-15', days, most);
        expect(ticks.length).toBeGreaterThan(0);
        expect(ticks.length).toBeLessThanOrEqual(most + 1);
        for (const { index } of ticks) expect(index).toBeLessThan(days);
      }
    }
  });
});
