import { pinball, scoreLeadTime } from './lead-time.js';

describe('pinball', () => {
  it('should weigh what is missing by the probability, what is too much by the rest', () => {
    expect(pinball(10, 8, 0.9)).toBeCloseTo(1.8, 12);
    expect(pinball(8, 10, 0.9)).toBeCloseTo(0.2, 12);
    expect(pinball(8, 8, 0.9)).toBe(0);
  });
});

describe('scoreLeadTime', () => {
  // differences 2, 2, 2, ...; mean 5, standard deviation 1
  const history = Float64Array.from({ length: 24 }, (_, i) => (i % 2 === 0 ? 4 : 6));
  const demand = { periods: 4, mean: 20, q50: 20, q80: 22, q90: 23, q95: 24, q99: 26 };

  it('should compare the quantiles with mu*L + z*sigma*sqrt(L), in differences of the history', () => {
    const score = scoreLeadTime(history, Float64Array.of(6, 6, 6, 7, 99), demand, 1)!;
    // 25 in all: beyond q95, within q99; unit 2 * sqrt(4) * 4 = 16
    expect(score.service).toBe(0);
    expect(score.pinball).toBeCloseTo((0.8 * 3 + 0.9 * 2 + 0.95 * 1 + 0.01 * 1) / 16, 12);
    const textbook = [0.8416, 1.2816, 1.6449, 2.3263].map((z) => 20 + 2 * z);
    const expected = [0.8, 0.9, 0.95, 0.99].reduce((sum, p, i) => sum + pinball(25, textbook[i]!, p), 0) / 16;
    expect(score.textbook).toBeCloseTo(expected, 12);
  });

  it('should serve what stays within the 95 % quantile', () => {
    expect(scoreLeadTime(history, Float64Array.of(6, 6, 6, 6), demand, 1)!.service).toBe(1);
  });

  it('should say nothing of a lead time that is not known to its end', () => {
    expect(scoreLeadTime(history, Float64Array.of(6, 6, 6), demand, 1)).toBeNull();
    expect(scoreLeadTime(history, Float64Array.of(6, 6, NaN, 6), demand, 1)).toBeNull();
  });
});
