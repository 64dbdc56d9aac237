import { fitPoolBoosting, predictPool } from './boosting.js';
import { driverRegression } from './driver-regression.js';
import { timelineOf } from './drivers.js';
import { type Prepared, prepare } from './effects.js';
import type { SeriesInput } from './series.js';

const HORIZON = 14;

/** Sells its level, three times that on promotion, and nothing extra on the day after one: a dip that no multiplicative effect knows. */
function shop(series: number, days = 240, overrides: Partial<SeriesInput> = {}): SeriesInput[] {
  return Array.from({ length: series }, (__, k) => {
    const level = 20 + 7 * k;
    const flag = (i: number): number => (i >= 0 && (i + 3 * k) % 17 === 0 ? 1 : 0);
    const sold = (i: number): number => Math.round(level * (flag(i) ? 3 : flag(i - 1) ? 0.4 : 1) + ((i * 7 + k) % 3));
    const promo = Float64Array.from({ length: days + HORIZON }, (_, i) => flag(i));
    return {
      id: `s${k}`,
      start: '2025-01-01',
      freq: 'D',
      y: Float64Array.from({ length: days }, (_, i) => sold(i)),
      promo: promo.slice(0, days),
      future: { promo: promo.slice(days) },
      horizon: HORIZON,
      ...overrides,
    };
  });
}

function preparedOf(inputs: SeriesInput[]): Prepared[] {
  return prepare(
    inputs.map(timelineOf),
    inputs.map(({ y }) => y.length),
  );
}

describe('boosting of a pool', () => {
  it('should learn from all series what follows a promotion', () => {
    const pool = preparedOf(shop(20));
    const forecasts = predictPool(fitPoolBoosting(pool)!, pool);
    const dips = { seen: 0, right: 0 };
    pool.forEach(({ timeline, n }, k) => {
      const promo = timeline.columns.get('promo')!;
      for (let h = 1; h < HORIZON; h++) {
        if (promo[n + h - 1] !== 1) continue;
        dips.seen++;
        if (forecasts[k]![h]! < 0.7 * (20 + 7 * k)) dips.right++;
      }
    });
    expect(dips.seen).toBeGreaterThan(10);
    expect(dips.right).toBe(dips.seen);
  });

  it('should give the same forecast for the same pool, and none for one that is too small', () => {
    const pool = preparedOf(shop(12));
    const [once, again] = [predictPool(fitPoolBoosting(pool)!, pool), predictPool(fitPoolBoosting(pool)!, pool)];
    expect(again).toEqual(once);
    expect(fitPoolBoosting(preparedOf(shop(1, 60)))).toBeNull();
    expect(fitPoolBoosting([])).toBeNull();
  });
});

describe('driverRegression', () => {
  it('should know the effect of a promotion in this series', () => {
    const [prepared] = preparedOf(shop(1));
    const forecast = driverRegression(prepared!, {})!;
    const promo = prepared!.timeline.columns.get('promo')!.subarray(prepared!.n);
    forecast.forEach((value, h) => {
      if (promo[h] === 1) expect(Math.abs(value / 61 - 1)).toBeLessThan(0.15);
      else expect(value).toBeLessThan(30);
    });
  });

  it('should keep its order in the memory, sell nothing on closed days, and stay below twice the largest sale', () => {
    const future = { promo: new Float64Array(HORIZON).fill(9), closed: new Uint8Array(HORIZON).fill(1, 0, 1) };
    const [prepared] = preparedOf(shop(1, 240, { future }));
    const memory = {};
    const forecast = driverRegression(prepared!, memory)!;
    expect(forecast[0]).toBe(0);
    expect(Math.max(...forecast)).toBeLessThanOrEqual(2 * 63 + 2);
    expect(memory).toEqual({ regression: { p: expect.any(Number), q: expect.any(Number), d: expect.any(Number) } });
    expect(driverRegression(prepared!, memory)).toEqual(forecast);
  });

  it('should leave a series without drivers to the other models', () => {
    const [plain] = preparedOf(shop(1, 240, { freq: 'W', promo: new Float64Array(240), future: {} }));
    expect(driverRegression(plain!, {})).toBeNull();
  });
});
