import { normalCdf, normalQuantile } from './normal.js';

describe('the normal distribution', () => {
  // 0.5 erfc(-z / sqrt(2))
  it.each([
    [-8, 6.22096057427178e-16],
    [-3, 0.00134989803163009],
    [-1, 0.158655253931457],
    [0, 0.5],
    [0.5, 0.691462461274013],
    [1.96, 0.97500210485178],
    [5, 0.999999713348428],
  ])('should have the known distribution function at %d', (z, expected) => {
    expect(Math.abs(normalCdf(z) / expected - 1)).toBeLessThan(z < -7 ? 1e-7 : 1e-12);
  });

  it.each([
    [1e-10, -6.36134090240406],
    [0.01, -2.32634787404084],
    [0.5, 0],
    [0.8, 0.841621233572914],
    [0.95, 1.64485362695147],
    [0.975, 1.95996398454005],
    [0.999, 3.09023230616781],
  ])('should have the known quantiles at %d', (p, expected) => {
    expect(normalQuantile(p)).toBeCloseTo(expected, 9);
  });

  it('should be its own inverse, and endless at the ends', () => {
    for (const z of [-4, -1.3, 0.2, 3.7]) expect(normalQuantile(normalCdf(z))).toBeCloseTo(z, 8);
    expect([normalQuantile(0), normalQuantile(1), normalCdf(-Infinity), normalCdf(Infinity)]).toEqual([
      -Infinity,
      Infinity,
      0,
      1,
    ]);
  });
});
