import { seededRandom } from '../seeded-random.js';
import { hannanRissanen } from './arma-estimation.js';
import { innovations, psiWeights, sumOfSquares } from './arma-process.js';
import { ArmaRegression, fitArmaRegression, forecastArmaRegression } from './arma-regression.js';
import { searchArmaRegression } from './arma-search.js';

/** Normal numbers by Box and Muller (1958). */
function normals(n: number, seed: number): Float64Array {
  const random = seededRandom(seed);
  return Float64Array.from({ length: n }, () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));
}

function simulate(n: number, phi: number[], theta: number[], seed: number): Float64Array {
  const warm = 200;
  const e = normals(n + warm, seed);
  const values = new Float64Array(n + warm);
  values.forEach((_, t) => {
    values[t] = e[t]!;
    phi.forEach((weight, i) => (values[t]! += weight * (values[t - 1 - i] ?? 0)));
    theta.forEach((weight, i) => (values[t]! += weight * (e[t - 1 - i] ?? 0)));
  });
  return values.slice(warm);
}

const rounded = (values: Float64Array): number[] => [...values].map((value) => +value.toFixed(10));

describe('innovations', () => {
  const values = Float64Array.of(1, 2, 0.5, 3);
  const errors = new Float64Array(4);

  it('should be those of ARMA(1,1) by hand, conditional on the first value', () => {
    // 2 - 0.5*1; 0.5 - 0.5*2 - 0.4*1.5; 3 - 0.5*0.5 - 0.4*(-1.1)
    innovations(values, { phi: Float64Array.of(0.5), theta: Float64Array.of(0.4) }, errors);
    expect(rounded(errors)).toEqual([0, 1.5, -1.1, 3.19]);
    expect(sumOfSquares(errors, 1)).toBeCloseTo(2.25 + 1.21 + 10.1761, 10);
  });

  it('should be those of AR(1) and of MA(1) by hand', () => {
    innovations(values, { phi: Float64Array.of(0.5), theta: new Float64Array(0) }, errors);
    expect(rounded(errors)).toEqual([0, 1.5, -0.5, 2.75]);
    innovations(values, { phi: new Float64Array(0), theta: Float64Array.of(0.4) }, errors);
    expect(rounded(errors)).toEqual([1, 1.6, -0.14, 3.056]);
  });

  it('should undo the simulation of ARMA(3,2)', () => {
    const [phi, theta] = [
      [0.4, 0.2, -0.3],
      [0.5, 0.25],
    ];
    const z = simulate(400, phi, theta, 8);
    const found = new Float64Array(400);
    innovations(z, { phi: Float64Array.from(phi), theta: Float64Array.from(theta) }, found);
    const truth = normals(600, 8).subarray(200);
    for (let t = 60; t < 400; t++) expect(found[t]).toBeCloseTo(truth[t]!, 8);
  });
});

describe('psiWeights', () => {
  it('should be those of ARMA(1,1), and their running sums when integrated', () => {
    const process = { phi: Float64Array.of(0.5), theta: Float64Array.of(0.4) };
    expect(rounded(psiWeights(process, 0, 4))).toEqual([1, 0.9, 0.45, 0.225]);
    expect(rounded(psiWeights(process, 1, 4))).toEqual([1, 1.9, 2.35, 2.575]);
  });
});

describe('fitArmaRegression without columns', () => {
  it.each([
    [[0.7], []],
    [[], [0.6]],
    [[0.7], [0.4]],
    [[], [-0.8]],
    [[0.5, -0.3], []],
    [[0.6, 0.2], [-0.5]],
  ])('should recover AR %j MA %j', (phi, theta) => {
    const z = simulate(5000, phi, theta, 3);
    const fit = fitArmaRegression(z, [], { p: phi.length, q: theta.length }, { d: 0 });
    // standard errors are at most 0.06 (mixed second order), 0.02 else
    const tolerance = phi.length + theta.length > 2 ? 0.15 : 0.04;
    phi.forEach((weight, i) => expect(Math.abs(fit.phi[i]! - weight)).toBeLessThan(tolerance));
    theta.forEach((weight, i) => expect(Math.abs(fit.theta[i]! - weight)).toBeLessThan(tolerance));
    expect(Math.abs(fit.variance - 1)).toBeLessThan(0.06);
  });

  it('should find the conditional least squares of AR(1) exactly', () => {
    const z = simulate(60, [0.6], [], 4);
    // with columns of zeros alone the level is the only other unknown: y_t = c + phi*y_{t-1} by least squares
    const [x, y] = [z.slice(2, -1), z.slice(3)];
    const mx = x.reduce((a, b) => a + b) / x.length;
    const my = y.reduce((a, b) => a + b) / y.length;
    const slope = x.reduce((s, v, i) => s + (v - mx) * (y[i]! - my), 0) / x.reduce((s, v) => s + (v - mx) ** 2, 0);
    const fit = fitArmaRegression(z, [], { p: 1, q: 0 }, { d: 0 });
    expect(fit.phi[0]).toBeCloseTo(slope, 3);
    expect(fit.intercept * (1 - fit.phi[0]!)).toBeCloseTo(my - slope * mx, 3);
  });

  it('should stay stationary and invertible where least squares would not', () => {
    const growing = Float64Array.from({ length: 40 }, (_, t) => 1.2 ** t);
    const ar = fitArmaRegression(growing, [], { p: 1, q: 0 }, { d: 0 });
    expect(Math.abs(ar.phi[0]!)).toBeLessThan(1);
    const alternating = Float64Array.from({ length: 40 }, (_, t) => (t % 2 === 0 ? 1 : -1));
    const ma = fitArmaRegression(alternating, [], { p: 0, q: 1 }, { d: 0 });
    expect(Math.abs(ma.theta[0]!)).toBeLessThan(1);
  });

  it('should start near the truth by Hannan and Rissanen', () => {
    const [r, s] = hannanRissanen(simulate(4000, [0.7], [0.4], 5), 1, 1);
    expect(r).toBeCloseTo(0.7, 1);
    // the partial autocorrelation of a moving average has its sign turned
    expect(s).toBeCloseTo(-0.4, 1);
  });
});

describe('fitArmaRegression with columns', () => {
  const n = 300;
  const promo = Float64Array.from({ length: n }, (_, t) => (t % 9 === 4 ? 1 : 0));
  const wave = Float64Array.from({ length: n }, (_, t) => Math.sin(t / 5));

  it('should equal ordinary least squares when the errors are taken for white', () => {
    const y = simulate(n, [], [], 6).map((e, t) => 10 + 4 * promo[t]! + e);
    const fit = fitArmaRegression(y, [promo], { p: 0, q: 0 }, { d: 0, ridge: 0 });
    // the first three values are conditioned on
    const means = [0, 1].map((flag) => {
      const group = [...y].filter((_, t) => t >= 3 && promo[t] === flag);
      return group.reduce((a, b) => a + b) / group.length;
    });
    expect(fit.intercept).toBeCloseTo(means[0]!, 7);
    expect(fit.coefficients[0]).toBeCloseTo(means[1]! - means[0]!, 7);
  });

  it.each([0, 1] as const)('should recover effects among correlated errors, differenced %i times', (d) => {
    const noise = simulate(n, [0.8], [], 7);
    if (d === 1) for (let t = 1; t < n; t++) noise[t]! += noise[t - 1]!;
    const y = noise.map((e, t) => 10 + 4 * promo[t]! - 6 * wave[t]! + e);
    const fit = fitArmaRegression(y, [promo, wave], { p: 1, q: 0 }, { d, ridge: 0 });
    expect(Math.abs(fit.coefficients[0]! - 4)).toBeLessThan(0.5);
    expect(Math.abs(fit.coefficients[1]! + 6)).toBeLessThan(1.5);
    expect(Math.abs(fit.phi[0]! - 0.8)).toBeLessThan(0.1);
  });

  it('should share an effect between equal columns and leave a column of zeros without one', () => {
    const y = simulate(n, [0.5], [], 8).map((e, t) => 3 * promo[t]! + e);
    const fit = fitArmaRegression(y, [promo, promo, new Float64Array(n)], { p: 1, q: 0 }, { d: 0 });
    expect(fit.coefficients[0]).toBeCloseTo(fit.coefficients[1]!, 6);
    expect(fit.coefficients[0]! + fit.coefficients[1]!).toBeCloseTo(3, 0);
    expect(fit.coefficients[2]).toBe(0);
  });

  it('should shrink what a single period says, by half an observation', () => {
    const once = Float64Array.from({ length: n }, (_, t) => (t === 150 ? 1 : 0));
    const y = Float64Array.from(once, (flag) => 9 * flag);
    // least squares of 9 with the level at 0: 9 * 1 / (1 + 0.5)
    expect(fitArmaRegression(y, [once], { p: 0, q: 0 }, { d: 0 }).coefficients[0]).toBeCloseTo(6, 1);
  });

  it('should stand a constant column and a price that varies little', () => {
    const price = Float64Array.from({ length: n }, (_, t) => 3 + (t % 10 === 0 ? -0.05 : 0));
    const y = simulate(n, [], [], 14).map((e, t) => 100 - 80 * price[t]! + 0.1 * e);
    const fit = fitArmaRegression(y, [new Float64Array(n).fill(7), price], { p: 0, q: 0 }, { d: 0 });
    // thirty weeks of the lower price against half an observation
    expect(fit.coefficients[1]).toBeCloseTo((-80 * 27) / (27 + 0.5), -0.5);
    expect(7 * fit.coefficients[0]! + fit.intercept + 3 * fit.coefficients[1]!).toBeCloseTo(100 - 240, 0);
  });

  it('should choose d by the residuals of the regression, not by the effects', () => {
    const step = Float64Array.from({ length: n }, (_, t) => (t < n / 2 ? 0 : 1));
    const y = simulate(n, [], [], 9).map((e, t) => 20 * step[t]! + e);
    expect(fitArmaRegression(y, [step], { p: 0, q: 0 }).d).toBe(0);
    expect(fitArmaRegression(y, [], { p: 0, q: 0 }).d).toBe(1);
  });
});

describe('forecastArmaRegression', () => {
  const base: ArmaRegression = {
    phi: Float64Array.of(0.5),
    theta: Float64Array.of(0.4),
    d: 0,
    coefficients: Float64Array.of(3),
    intercept: 10,
    variance: 4,
    aicc: 0,
    errors: new Float64Array(0),
    last: { y: 12, columns: Float64Array.of(1), noise: Float64Array.of(0, 0, 2), errors: Float64Array.of(0, 1) },
  };

  it('should run ARMA(1,1) with a column as by hand', () => {
    // noise 0.5*2 + 0.4*1 = 1.4, then 0.7
    const { mean, variance } = forecastArmaRegression(base, [Float64Array.of(0, 1)], 2);
    expect(rounded(mean)).toEqual([11.4, 13.7]);
    expect(rounded(variance)).toEqual([4, 4 * 1.81]);
  });

  it('should add up differences from the last value', () => {
    // the promotion of the last day ends: 12 + 1.4 - 3, then + 0.7 + 3
    const { mean, variance } = forecastArmaRegression({ ...base, d: 1, intercept: 0 }, [Float64Array.of(0, 1)], 2);
    expect(rounded(mean)).toEqual([10.4, 14.1]);
    expect(rounded(variance)).toEqual([4, +(4 * (1 + 1.9 ** 2)).toFixed(10)]);
  });

  it('should return to the level, with the variance of the process', () => {
    const y = simulate(3000, [0.6], [], 10).map((e) => 50 + e);
    const fit = fitArmaRegression(y, [], { p: 1, q: 0 }, { d: 0 });
    const { mean, variance } = forecastArmaRegression(fit, [], 60);
    expect(mean[59]).toBeCloseTo(fit.intercept, 6);
    expect(variance[59]).toBeCloseTo(fit.variance / (1 - fit.phi[0]! ** 2), 6);
  });
});

describe('searchArmaRegression', () => {
  it('should need no errors where there are none but white ones', () => {
    const fit = searchArmaRegression(simulate(500, [], [], 11), []);
    expect(fit.d).toBe(0);
    expect(fit.phi.length + fit.theta.length).toBeLessThanOrEqual(1);
  });

  it('should come within AICc of the true order, and never above the first models', () => {
    const z = simulate(800, [0.5, -0.4], [], 12);
    const found = searchArmaRegression(z, [], { d: 0 });
    for (const [p, q] of [
      [0, 0],
      [1, 0],
      [0, 1],
      [2, 0],
      [2, 2],
    ] as const) {
      expect(found.aicc).toBeLessThanOrEqual(fitArmaRegression(z, [], { p, q }, { d: 0 }).aicc + 1e-9);
    }
    expect(found.phi.length).toBeGreaterThanOrEqual(2);
  });

  it('should keep to the largest orders given', () => {
    const fit = searchArmaRegression(simulate(500, [0.5, -0.4], [0.4], 13), [], { maxP: 1, maxQ: 0 });
    expect(fit.phi.length).toBeLessThanOrEqual(1);
    expect(fit.theta).toHaveLength(0);
  });

  it.each([[[]], [[5]], [[1, 2, 3]], [[4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4]], [[0, 0, 7, 0, 0]]])(
    'should give finite forecasts of %j',
    (values) => {
      const y = Float64Array.from(values);
      const column = Float64Array.from(values, (_, t) => t % 2);
      const { mean, variance } = forecastArmaRegression(searchArmaRegression(y, [column]), [Float64Array.of(0, 1, 0)], 3);
      for (const number of [...mean, ...variance]) expect(Number.isFinite(number)).toBe(true);
    },
  );
});
