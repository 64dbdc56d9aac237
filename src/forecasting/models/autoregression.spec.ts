import { burg, fitAutoregression, forecastAutoregression } from './autoregression.js';
import { autocovariances, fromPartials, levinsonDurbin } from './partial-autocorrelation.js';
import { seededRandom } from './seeded-random.js';

/**
 * Luteinizing hormone in blood samples at ten-minute intervals, 48 values: Diggle (1990), Time Series: A Biostatistical Introduction, table A.1
 * (`lh` of R). R's manual of `ar` prints the fits below.
 */
const LH = Float64Array.from([
  2.4, 2.4, 2.4, 2.2, 2.1, 1.5, 2.3, 2.3, 2.5, 2.0, 1.9, 1.7, 2.2, 1.8, 3.2, 3.2, 2.7, 2.2, 2.2, 1.9, 1.9, 1.8, 2.7, 3.0, 2.3,
  2.0, 2.0, 2.9, 2.9, 2.7, 2.7, 2.3, 2.6, 2.4, 1.8, 1.7, 1.5, 1.4, 2.1, 3.3, 3.5, 3.5, 3.1, 2.6, 2.1, 3.4, 3.0, 2.9,
]);

function autoregressive(n: number, phi: number[], seed: number): Float64Array {
  const random = seededRandom(seed);
  const z = new Float64Array(n);
  for (let t = 0; t < n; t++) {
    z[t] = random() + random() + random() - 1.5;
    phi.forEach((weight, i) => (z[t]! += weight * (z[t - 1 - i] ?? 0)));
  }
  return z;
}

describe('burg', () => {
  it('should be by hand for three values', () => {
    // 2 * (1*2 + 2*(-1)) / (1+4 + 4+1) = 0, then lag 2: 2 * (-1*1) / (1 + 1) = -1
    expect([...burg(Float64Array.of(1, 2, -1), 2).partials]).toEqual([0, -1]);
    // 2 * (2 + 6) / (1+4 + 4+9) = 16/18
    const { partials, variances } = burg(Float64Array.of(1, 2, 3), 1);
    expect(partials[0]).toBeCloseTo(8 / 9, 12);
    expect(variances[1]).toBeCloseTo((14 / 3) * (1 - 64 / 81), 12);
  });

  it('should stop at a perfect fit', () => {
    expect([...burg(Float64Array.of(1, -1, 1, -1), 3).partials]).toEqual([-1, 0, 0]);
    expect([...burg(new Float64Array(6), 2).partials]).toEqual([0, 0]);
  });
});

describe('fitAutoregression', () => {
  it('should give the published Yule-Walker fit of the hormone series', () => {
    const fit = fitAutoregression(LH, { method: 'yule-walker', maxOrder: 3, d: 0 });
    const third = fromPartials(partialsOf('yule-walker'));
    // ar(lh): 0.6534 -0.0636 -0.2269
    [0.6534, -0.0636, -0.2269].forEach((value, i) => expect(third[i]).toBeCloseTo(value, 4));
    expect(fit.phi.length).toBeLessThanOrEqual(3);
    expect(fit.mean).toBeCloseTo(2.4, 12);
  });

  it('should give the published Burg fit of the hormone series', () => {
    const third = fromPartials(partialsOf('burg'));
    // ar(lh, method = "burg"): 0.6588 -0.0608 -0.2234, sigma^2 0.1786
    [0.6588, -0.0608, -0.2234].forEach((value, i) => expect(third[i]).toBeCloseTo(value, 4));
    expect(
      burg(
        LH.map((value) => value - 2.4),
        3,
      ).variances[3],
    ).toBeCloseTo(0.1786, 4);
  });

  it('should find the order and the coefficients of a long series', () => {
    const fit = fitAutoregression(autoregressive(4000, [0.5, -0.4], 1));
    expect(fit.d).toBe(0);
    expect(fit.phi.length).toBeGreaterThanOrEqual(2);
    expect(Math.abs(fit.phi[0]! - 0.5)).toBeLessThan(0.04);
    expect(Math.abs(fit.phi[1]! + 0.4)).toBeLessThan(0.04);
    // three uniform numbers: variance 3/12
    expect(Math.abs(fit.variance - 0.25)).toBeLessThan(0.02);
  });

  it('should difference a random walk, not noise', () => {
    let level = 0;
    const walk = autoregressive(300, [], 2).map((step) => (level += step));
    expect(fitAutoregression(walk).d).toBe(1);
    expect(fitAutoregression(autoregressive(300, [], 3)).d).toBe(0);
  });

  it('should give the one-step errors', () => {
    const y = autoregressive(200, [0.7], 4);
    const fit = fitAutoregression(y, { d: 0 });
    const at = 150;
    const [next] = forecastAutoregression(fit, y.subarray(0, at), 1);
    expect(fit.errors[at]).toBeCloseTo(y[at]! - next!, 12);
  });

  it.each([[[]], [[4]], [[1, 2]], [[3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3]], [[0, 9, 0, 0, 9, 0]]])('should stand %j', (values) => {
    const y = Float64Array.from(values);
    const fit = fitAutoregression(y);
    for (const value of forecastAutoregression(fit, y, 4)) expect(Number.isFinite(value)).toBe(true);
  });
});

/** Partial autocorrelations of order three of the hormone series. */
function partialsOf(method: 'burg' | 'yule-walker'): Float64Array {
  if (method === 'burg')
    return burg(
      LH.map((value) => value - 2.4),
      3,
    ).partials;
  return levinsonDurbin(autocovariances(LH, 3)).partials;
}

describe('forecastAutoregression', () => {
  const fit = { d: 0 as const, phi: Float64Array.of(0.5, 0.2), mean: 10, variance: 1, aicc: 0, errors: new Float64Array(0) };

  it('should be by hand, and return to the mean', () => {
    // deviations 2, 4: 0.5*4 + 0.2*2 = 2.4, then 0.5*2.4 + 0.2*4 = 2
    const forecast = forecastAutoregression(fit, Float64Array.of(7, 12, 14), 60);
    expect(forecast[0]).toBeCloseTo(12.4, 12);
    expect(forecast[1]).toBeCloseTo(12, 12);
    expect(forecast[59]).toBeCloseTo(10, 4);
  });

  it('should add up differences, with or without the drift', () => {
    const differenced = { ...fit, d: 1 as const, phi: Float64Array.of(0.5), mean: 1 };
    // last difference 3, deviation 2: + 1 + 1, then + 0.5 + 1
    expect([...forecastAutoregression(differenced, Float64Array.of(7, 10), 2)]).toEqual([12, 13.5]);
    expect([...forecastAutoregression(differenced, Float64Array.of(7, 10), 2, 0)]).toEqual([11, 11.5]);
  });
});
