import { meanOfSum, probabilityAbove, quantileOfSum, type ForecastDay } from './demand-sum.js';

/** Quantiles of a normal day. */
const normal = (mean: number, deviation: number): ForecastDay => ({
  mean,
  q10: mean - 1.2816 * deviation,
  q50: mean,
  q90: mean + 1.2816 * deviation,
  q95: mean + 1.6449 * deviation,
  q99: mean + 2.3263 * deviation,
});
const week = Array.from({ length: 4 }, () => normal(10, 3));

describe('the demand of several days', () => {
  it('should have the quantiles of the sum of independent normal days', () => {
    expect(meanOfSum(week)).toBe(40);
    expect(quantileOfSum(week, 50)).toBeCloseTo(40);
    expect(quantileOfSum(week, 95)).toBeCloseTo(40 + 1.6449 * 6);
    expect(quantileOfSum(week, 10)).toBeCloseTo(40 - 1.2816 * 6);
  });

  it('should be those of the one day, and lie on the cautious side for rare demand', () => {
    const rare: ForecastDay = { mean: 0.1, q10: 0, q50: 0, q90: 0, q95: 1, q99: 2 };
    expect([quantileOfSum([rare], 10), quantileOfSum([rare], 99)]).toEqual([0, 2]);
    expect(quantileOfSum([rare, rare], 99)).toBeCloseTo(0.2 + Math.SQRT2 * 1.9);
  });

  it('should tell how probable it is that stock does not meet it', () => {
    expect(probabilityAbove(week, 40)).toBe(0.5);
    expect(probabilityAbove(week, 40 + 1.6449 * 6)).toBe(0.05);
    expect(probabilityAbove(week, 1000)).toBe(0.01);
    expect(probabilityAbove(week, 0)).toBe(0.9);
    expect(probabilityAbove(week, 37)).toBeGreaterThan(0.5);
  });
});
