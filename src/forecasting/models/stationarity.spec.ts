import { autocovariances, fromPartials, levinsonDurbin, toPartials } from './partial-autocorrelation.js';
import { seededRandom } from './seeded-random.js';
import { difference, differencesNeeded, kpssLevel } from './stationarity.js';

describe('kpssLevel', () => {
  it('should be the statistic by hand', () => {
    // deviations -1.5, -0.5, -0.5, 2.5; partial sums -1.5, -2, -2.5, 0: squares 12.5; variance 9/4
    expect(kpssLevel(Float64Array.of(1, 2, 2, 5), 0)).toBeCloseTo(12.5 / (16 * 2.25), 12);
    // first autocovariance (0.75 + 0.25 - 1.25) / 4 = -1/16, Bartlett weight 1/2
    expect(kpssLevel(Float64Array.of(1, 2, 2, 5), 1)).toBeCloseTo(12.5 / (16 * (2.25 - 1 / 16)), 12);
  });

  it('should tell a random walk from noise', () => {
    const random = seededRandom(2);
    const noise = Float64Array.from({ length: 200 }, () => random() - 0.5);
    let level = 0;
    const walk = noise.map((step) => (level += step));
    expect(differencesNeeded(noise)).toBe(0);
    expect(differencesNeeded(walk)).toBe(1);
    expect(differencesNeeded(difference(walk))).toBe(0);
  });

  it('should not difference a constant nor a handful of values', () => {
    expect(differencesNeeded(new Float64Array(50).fill(3.3))).toBe(0);
    expect(differencesNeeded(Float64Array.of(1, 2, 3, 4, 5))).toBe(0);
    expect([...difference(Float64Array.of(3, 5, 4))]).toEqual([2, -1]);
    expect(difference(new Float64Array(0))).toHaveLength(0);
  });
});

describe('partial autocorrelations', () => {
  it('should give the coefficients by hand, and back', () => {
    // phi_22 = -0.3, phi_21 = 0.5 + 0.3*0.5
    const phi = fromPartials([0.5, -0.3]);
    expect(phi[0]).toBeCloseTo(0.65, 12);
    expect(phi[1]).toBeCloseTo(-0.3, 12);
    const partials = [0.9, -0.5, 0.3, 0.7];
    toPartials(fromPartials(partials), 1).forEach((r, k) => expect(r).toBeCloseTo(partials[k]!, 12));
    expect(toPartials([1.7], 0.95)[0]).toBe(0.95);
  });

  it('should solve the Yule-Walker equations by hand', () => {
    // lag 1: 0.5; lag 2: (0.4 - 0.5*0.5) / 0.75 = 0.2
    const { partials, variances } = levinsonDurbin(Float64Array.of(1, 0.5, 0.4));
    expect(partials[0]).toBeCloseTo(0.5, 12);
    expect(partials[1]).toBeCloseTo(0.2, 12);
    expect(variances[2]).toBeCloseTo(0.75 * 0.96, 12);
    const phi = fromPartials(partials);
    expect(phi[0]! + 0.5 * phi[1]!).toBeCloseTo(0.5, 12);
    expect(0.5 * phi[0]! + phi[1]!).toBeCloseTo(0.4, 12);
  });

  it('should take autocovariances with divisor n', () => {
    // deviations -1, 0, 1: (1 + 0 + 1)/3, (0 + 0)/3, -1/3
    [2 / 3, 0, -1 / 3, 0].forEach((value, lag) => {
      expect(autocovariances(Float64Array.of(1, 2, 3), 3)[lag]).toBeCloseTo(value, 12);
    });
    expect([...levinsonDurbin(autocovariances(new Float64Array(5).fill(2), 2)).partials]).toEqual([0, 0]);
  });
});
