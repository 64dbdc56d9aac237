import { dynamicThetaCriterion, fitDynamicTheta } from './dynamic-theta.js';
import { theta } from './theta.js';

/** one-step squared errors of simple smoothing from the second value on, the first one starting at `level` */
function smoothingCriterion(y: Float64Array, level: number, alpha: number): number {
  let l = level;
  let sum = 0;
  y.forEach((value, i) => {
    if (i > 0) sum += (value - l) ** 2;
    l += alpha * (value - l);
  });
  return sum;
}

const WAVES = Float64Array.from({ length: 40 }, (_, i) => 50 + 10 * Math.sin(i / 3) + ((i * 7) % 5));

describe('theta', () => {
  it('should continue an exact line with half its slope from its last value', () => {
    // theta-2 line = the line itself, its smoothing with alpha -> 1 stays at y[n-1]: f[h] = (y[n-1] + line(n+h)) / 2
    const y = Float64Array.from({ length: 20 }, (_, i) => 5 + 3 * (i + 1));
    const forecast = theta(y, 3);
    [66.5, 68, 69.5].forEach((value, h) => expect(Math.abs(forecast[h]! - value)).toBeLessThan(0.01));
  });

  it('should forecast a constant as itself', () => {
    expect([...theta(new Float64Array(12).fill(4), 2)].map((value) => +value.toFixed(9))).toEqual([4, 4]);
  });
});

describe('dynamicThetaCriterion', () => {
  it('should be simple smoothing at theta = 1', () => {
    for (const alpha of [0.2, 0.7]) {
      const own = dynamicThetaCriterion(WAVES, { initialLevel: 48, alpha, theta: 1 });
      expect(own).toBeCloseTo(smoothingCriterion(WAVES, 48, alpha), 8);
    }
  });

  it('should give the errors worked out by hand for three values', () => {
    // y = 2, 4, 9; l0 = 1, alpha = 0.5, theta = 2 -> share 0.5
    // after t=1: mean 2, B = 0, A = 2, l = 1.5;  mu2 = 1.5 + 0.5*(0.5*2 + 0) = 2, e2 = 2
    // after t=2: mean 3, B = (0 + 3*(4-2))/3 = 2, A = 3 - 2*3/2 = 0, l = 2.75;
    // mu3 = 2.75 + 0.5*(0.25*0 + (1 - 0.125)/0.5*2) = 4.5, e3 = 4.5
    expect(dynamicThetaCriterion(Float64Array.of(2, 4, 9), { initialLevel: 1, alpha: 0.5, theta: 2 })).toBeCloseTo(24.25, 10);
  });
});

describe('fitDynamicTheta', () => {
  it('should not do worse than its start nor than simple smoothing', () => {
    const fit = fitDynamicTheta(WAVES, 4);
    const reached = dynamicThetaCriterion(WAVES, fit);
    expect(reached).toBeLessThanOrEqual(dynamicThetaCriterion(WAVES, { initialLevel: WAVES[0]! / 2, alpha: 0.5, theta: 2 }));
    expect(reached).toBeLessThanOrEqual(smoothingCriterion(WAVES, WAVES[0]!, 0.5));
    expect(fit.errors.reduce((sum, error) => sum + error * error, 0)).toBeCloseTo(reached, 8);
  });

  it('should continue a line upwards', () => {
    const y = Float64Array.from({ length: 30 }, (_, i) => 10 + 2 * i);
    const { forecast } = fitDynamicTheta(y, 3);
    expect(forecast[0]).toBeGreaterThan(68);
    expect(forecast[2]).toBeGreaterThan(forecast[0]!);
  });

  it('should repeat the last of very few values', () => {
    expect([...fitDynamicTheta(Float64Array.of(1, 2), 2).forecast]).toEqual([2, 2]);
  });
});
