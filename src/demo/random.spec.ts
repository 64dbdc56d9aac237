import { Random } from './random.js';

function moments(draw: () => number, n: number = 40_000): { mean: number; variance: number } {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const value = draw();
    sum += value;
    squares += value * value;
  }
  return { mean: sum / n, variance: squares / n - (sum / n) ** 2 };
}

const close = (actual: number, expected: number, tolerance: number): void => {
  expect(Math.abs(actual - expected) / expected).toBeLessThan(tolerance);
};

const draw = (seed: string): number[] => {
  const random = new Random(seed);
  return Array.from({ length: 5 }, () => random.uniform());
};

describe('Random', () => {
  it('should repeat itself for a seed and differ for another', () => {
    expect(draw('a')).toEqual(draw('a'));
    expect(draw('a')).not.toEqual(draw('b'));
  });

  it.each([
    [0.4, 1.5],
    [6, 4],
    [40, 8],
    [200, 5],
  ])('should draw negative binomials of mean %d and dispersion %d', (mean, dispersion) => {
    const random = new Random(`nb ${mean}`);
    const found = moments(() => random.negativeBinomial(mean, dispersion));
    close(found.mean, mean, 0.03);
    close(found.variance, mean + mean ** 2 / dispersion, 0.08);
  });

  it('should draw gammas below shape one', () => {
    const random = new Random('gamma');
    const found = moments(() => random.gamma(0.5, 2));
    close(found.mean, 1, 0.03);
    close(found.variance, 2, 0.08);
  });

  it('should draw nothing of nothing', () => expect(new Random('0').negativeBinomial(0, 3)).toBe(0));
});
