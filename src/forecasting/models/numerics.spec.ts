import { centredMovingAverage, deseasonalise, isSeasonal, reseasonalise, seasonalIndices } from './decomposition.js';
import { solveSymmetric } from './linear-solve.js';
import { nelderMead } from './nelder-mead.js';
import { effectDesign, effectFactors, type EffectRows, fitPoissonEffects } from './poisson-effects.js';
import { fitLine, mean, meanAbsoluteDifference, sortedQuantile, variance } from './statistics.js';

describe('statistics', () => {
  it('should compute mean, variance and line', () => {
    const y = Float64Array.of(2, 4, 9);
    expect(mean(y)).toBe(5);
    expect(variance(y)).toBeCloseTo(26 / 3, 12);
    // slope = sum (t-2)(y-5) / 2 = (3 + 4) / 2
    expect(fitLine(y)).toEqual({ intercept: -2, slope: 3.5 });
    expect(fitLine(Float64Array.of(3))).toEqual({ intercept: 3, slope: 0 });
  });

  it('should interpolate quantiles as type 7', () => {
    const sorted = Float64Array.of(1, 2, 3, 10);
    expect(sortedQuantile(sorted, 0.5)).toBe(2.5);
    expect(sortedQuantile(sorted, 0.9)).toBeCloseTo(7.9, 12);
    expect(sortedQuantile(sorted, 1)).toBe(10);
    expect(sortedQuantile(new Float64Array(0), 0.5)).toBeNaN();
  });

  it('should leave unknown pairs out of the mean absolute difference', () => {
    expect(meanAbsoluteDifference(Float64Array.of(1, NaN, 4, 6), 2)).toBe(3);
    expect(meanAbsoluteDifference(Float64Array.of(1), 7)).toBeNaN();
  });
});

function rosenbrock(x: Float64Array): number {
  return 100 * (x[1]! - x[0]! ** 2) ** 2 + (1 - x[0]!) ** 2;
}

describe('nelderMead', () => {
  it("should find the minimum of Rosenbrock's function", () => {
    const options = { start: [-1.2, 1], step: [0.5, 0.5], lower: [-5, -5], upper: [5, 5], maxIterations: 500, tolerance: 1e-14 };
    const { x, value } = nelderMead(rosenbrock, options);
    expect(x[0]).toBeCloseTo(1, 4);
    expect(x[1]).toBeCloseTo(1, 4);
    expect(value).toBeLessThan(1e-8);
  });

  it('should stop at the bounds', () => {
    const { x } = nelderMead((p) => (p[0]! - 3) ** 2 + (p[1]! + 3) ** 2, {
      start: [0, 0],
      step: [1, 1],
      lower: [-1, -1],
      upper: [1, 1],
    });
    expect([...x].map((value) => +value.toFixed(6))).toEqual([1, -1]);
  });

  it('should minimise over one variable', () => {
    const { x } = nelderMead((p) => (p[0]! - 0.7) ** 2, { start: [0.1], step: [0.2], lower: [0], upper: [1], tolerance: 1e-12 });
    expect(x[0]).toBeCloseTo(0.7, 4);
  });
});

describe('decomposition', () => {
  it('should average over an odd and an even season', () => {
    expect([...centredMovingAverage(Float64Array.of(1, 2, 6, 4), 3)]).toEqual([NaN, 3, 4, NaN]);
    // (0.5*1 + 2 + 3 + 4 + 0.5*9) / 4
    expect([...centredMovingAverage(Float64Array.of(1, 2, 3, 4, 9), 4)]).toEqual([NaN, NaN, 3.5, NaN, NaN]);
  });

  it.each([
    ['additive' as const, [-3, 1, 2]],
    ['multiplicative' as const, [0.5, 1.2, 1.3]],
  ])('should recover planted %s indices on a line', (form, planted) => {
    const y = Float64Array.from({ length: 30 }, (_, i) =>
      form === 'additive' ? 20 + i + planted[i % 3]! : 20 * planted[i % 3]!,
    );
    seasonalIndices(y, 3, form).forEach((index, p) => expect(index).toBeCloseTo(planted[p]!, 9));
  });

  it('should put back what it took out', () => {
    const y = Float64Array.from({ length: 28 }, (_, i) => 10 + ((i * 5) % 7));
    const season = deseasonalise(y, 7, 'multiplicative');
    const back = reseasonalise(season.values.slice(3), season, 3);
    back.forEach((value, i) => expect(value).toBeCloseTo(y[3 + i]!, 9));
    expect(reseasonalise(Float64Array.of(5), null, 0)[0]).toBe(5);
  });

  it('should find a season where there is one', () => {
    const seasonal = Float64Array.from({ length: 70 }, (_, i) => 10 + (i % 7 === 5 ? 8 : 0));
    let seed = 1;
    const noise = Float64Array.from({ length: 70 }, () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 2 ** 32);
    expect(isSeasonal(seasonal, 7)).toBe(true);
    expect(isSeasonal(noise, 7)).toBe(false);
    expect(isSeasonal(new Float64Array(70).fill(3), 7)).toBe(false);
    expect(isSeasonal(seasonal.subarray(0, 20), 7)).toBe(false);
  });
});

describe('solveSymmetric', () => {
  it('should solve a positive definite system', () => {
    // [4 2; 2 3] x = [8; 7] -> x = [1.25, 1.5]
    const x = solveSymmetric(Float64Array.of(4, 2, 2, 3), Float64Array.of(8, 7));
    expect(x[0]).toBeCloseTo(1.25, 12);
    expect(x[1]).toBeCloseTo(1.5, 12);
  });

  it('should give 0 for a column without information', () => {
    expect([...solveSymmetric(Float64Array.of(4, 0, 0, 0), Float64Array.of(8, 5))]).toEqual([2, 0]);
  });
});

function rowsOf(columns: Float64Array[], y: number[], base: number): EffectRows {
  return {
    design: effectDesign(columns, y.length),
    y: Float64Array.from(y),
    base: new Float64Array(y.length).fill(base),
    usable: new Uint8Array(y.length).fill(1),
    weight: 1,
  };
}

describe('fitPoissonEffects', () => {
  it('should give the log of the ratio for one flag without ridge', () => {
    // two promoted periods of base 10 sold 50 in all
    const rows = rowsOf([Float64Array.of(0, 1, 1, 0)], [10, 20, 30, 10], 10);
    const [effect] = fitPoissonEffects([rows], { centre: new Float64Array(1), strength: 0 }, 30);
    expect(effect).toBeCloseTo(Math.log(2.5), 6);
  });

  it('should solve the ridge equation: residuals under the flag = strength * distance to the prior', () => {
    const rows = rowsOf([Float64Array.of(0, 1, 1, 0)], [10, 20, 30, 10], 10);
    const [effect] = fitPoissonEffects([rows], { centre: Float64Array.of(0.2), strength: 8 }, 50);
    expect(50 - 20 * Math.exp(effect!)).toBeCloseTo(8 * (effect! - 0.2), 5);
    expect(effect).toBeGreaterThan(0.2);
    expect(effect).toBeLessThan(Math.log(2.5));
  });

  it('should separate two effects that overlap', () => {
    const promo = Float64Array.of(0, 1, 1, 0, 0, 1);
    const holiday = Float64Array.of(0, 0, 1, 1, 0, 0);
    const rows = rowsOf([promo, holiday], [100, 200, 100, 50, 100, 200], 100);
    const [a, b] = fitPoissonEffects([rows], { centre: new Float64Array(2), strength: 0 }, 30);
    expect(Math.exp(a!)).toBeCloseTo(2, 5);
    expect(Math.exp(b!)).toBeCloseTo(0.5, 5);
    expect(
      [...effectFactors(effectDesign([promo, holiday], 4), Float64Array.of(a!, b!))].map((factor) => +factor.toFixed(4)),
    ).toEqual([1, 2, 1, 0.5]);
  });

  it('should not read unusable periods', () => {
    const rows = rowsOf([Float64Array.of(1, 1)], [20, 9999], 10);
    rows.usable[1] = 0;
    const [effect] = fitPoissonEffects([rows], { centre: new Float64Array(1), strength: 0 }, 30);
    expect(effect).toBeCloseTo(Math.log(2), 6);
  });
});
