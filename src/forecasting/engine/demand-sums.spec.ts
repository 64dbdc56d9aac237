import { normalQuantile } from '../models/normal.js';
import {
  meanOfMixture,
  meanOfSum,
  periodsUntil,
  probabilityOfSum,
  quantileOfMixture,
  quantileOfSum,
  scaleSums,
  SUM_LENGTHS,
  SUM_PROBABILITIES,
  sumLengths,
  type DemandSums,
} from './demand-sums.js';

/** Independent normal periods: mean 10, standard deviation 3. */
const normal: DemandSums = {
  lengths: [...SUM_LENGTHS],
  probabilities: [...SUM_PROBABILITIES],
  values: SUM_LENGTHS.map((n) => SUM_PROBABILITIES.map((p) => 10 * n + 3 * Math.sqrt(n) * normalQuantile(p))),
  means: SUM_LENGTHS.map((n) => 10 * n),
};
/** Demand that is nearly always nothing. */
const sparse: DemandSums = {
  lengths: [1, 7, 28],
  probabilities: [0.5, 0.8, 0.9, 0.95],
  values: [
    [0, 0, 0, 1],
    [0, 0, 1, 2],
    [0, 1, 2, 4],
  ],
  means: [0.1, 0.5, 1.5],
};

describe('demand sums', () => {
  it('should answer the known quantiles as they are', () => {
    normal.lengths.forEach((length, i) =>
      normal.probabilities.forEach((p, j) => expect(quantileOfSum(normal, length, p)).toBeCloseTo(normal.values[i]![j]!, 9)),
    );
    expect(normal.lengths.map((length) => meanOfSum(normal, length))).toEqual(normal.means);
  });

  it('should come near the truth between and beyond what is known', () => {
    for (const [length, p] of [
      [6, 0.95],
      [17, 0.85],
      [7, 0.999],
      [7, 0.2],
      [56, 0.95],
    ] as const) {
      const truth = 10 * length + 3 * Math.sqrt(length) * normalQuantile(p);
      expect(quantileOfSum(normal, length, p) / truth).toBeCloseTo(1, 2);
    }
    expect(meanOfSum(normal, 56)).toBe(560);
    expect(meanOfSum(normal, 0.5)).toBe(5);
  });

  it.each([
    ['smooth', normal],
    ['sparse', sparse],
  ])('should rise with length and probability, never below zero: %s', (_, sums) => {
    const lengths = [0, 0.5, 1, 1.5, 4, 7, 12, 20, 28, 29, 60, 365];
    const probabilities = [0.001, 0.05, 0.3, 0.5, 0.7, 0.85, 0.92, 0.97, 0.995, 0.9999];
    const table = lengths.map((length) => probabilities.map((p) => quantileOfSum(sums, length, p)));
    for (const [i, row] of table.entries()) {
      expect(row).toEqual(row.toSorted((a, b) => a - b));
      expect(row[0]).toBeGreaterThanOrEqual(0);
      if (i > 0) for (const [j, value] of row.entries()) expect(value).toBeGreaterThanOrEqual(table[i - 1]![j]! - 1e-9);
    }
  });

  it('should let no estimate of a longer sum fall below that of a shorter one', () => {
    const crossing = {
      ...sparse,
      values: [
        [0, 1, 2, 5],
        [0, 0, 1, 2],
        [0, 1, 2, 4],
      ],
    };
    expect([1, 4, 7, 28].map((length) => quantileOfSum(crossing, length, 0.95))).toEqual([5, 5, 5, 5]);
  });

  it('should invert quantiles to probabilities', () => {
    for (const p of [0.05, 0.5, 0.85, 0.99, 0.999])
      expect(probabilityOfSum(normal, 9, quantileOfSum(normal, 9, p))).toBeCloseTo(p, 6);
    expect(probabilityOfSum(sparse, 7, 0)).toBeCloseTo(0.8, 6);
    expect(probabilityOfSum(sparse, 7, -1)).toBe(0);
    expect(probabilityOfSum(sparse, 0, 0)).toBe(1);
  });

  it('should be nothing over no period and without anything known', () => {
    const none: DemandSums = { lengths: [], probabilities: [0.5, 0.95], values: [], means: [] };
    expect([
      quantileOfSum(normal, 0, 0.99),
      quantileOfSum(none, 7, 0.99),
      meanOfSum(none, 3),
      quantileOfMixture(normal, [], 0.9),
    ]).toEqual([0, 0, 0, 0]);
  });

  it('should be all zero where nothing sells', () => {
    const dead = { ...sparse, values: sparse.values.map((row) => row.map(() => 0)), means: [0, 0, 0] };
    expect([
      quantileOfSum(dead, 90, 0.999),
      quantileOfMixture(
        dead,
        [
          { length: 5, probability: 0.5 },
          { length: 9, probability: 0.5 },
        ],
        0.95,
      ),
    ]).toEqual([0, 0]);
    expect(periodsUntil(dead, 1)).toBe(Infinity);
  });

  it('should keep lengths within a horizon', () => {
    expect([sumLengths(28), sumLengths(6), sumLengths(60), sumLengths(1)]).toEqual([
      [1, 2, 3, 4, 5, 7, 10, 14, 21, 28],
      [1, 2, 3, 4, 5, 6],
      [1, 2, 3, 4, 5, 7, 10, 14, 21, 28, 60],
      [1],
    ]);
  });
});

describe('a mixture of lead times', () => {
  const early = { length: 3, probability: 0.5 };
  const late = { length: 14, probability: 0.5 };

  it('should be the one sum when there is no doubt', () => {
    expect(
      quantileOfMixture(
        normal,
        [
          { length: 7, probability: 1 },
          { length: 28, probability: 0 },
        ],
        0.95,
      ),
    ).toBe(quantileOfSum(normal, 7, 0.95));
  });

  it('should average distribution functions, not quantiles', () => {
    const x = quantileOfMixture(normal, [early, late], 0.95);
    expect(0.5 * probabilityOfSum(normal, 3, x) + 0.5 * probabilityOfSum(normal, 14, x)).toBeCloseTo(0.95, 4);
    // 90 % of the later ones: far above the mean of the two 95 % quantiles
    expect(x).toBeCloseTo(quantileOfSum(normal, 14, 0.9), 2);
    expect(quantileOfMixture(normal, [early, late], 0.5)).toBeGreaterThan(quantileOfSum(normal, 3, 0.95));
    expect(meanOfMixture(normal, [early, late])).toBe(85);
  });

  it('should agree with the moments of a compound sum', () => {
    // lead time 5, 7 or 9 days: variance of the sum = 9 * 7 + 100 * var(L), var(L) = 2
    const lengths = [5, 7, 9].map((length, i) => ({ length, probability: [0.25, 0.5, 0.25][i]! }));
    const sigma = Math.sqrt(9 * 7 + 100 * 2);
    expect(quantileOfMixture(normal, lengths, 0.9) / (70 + sigma * normalQuantile(0.9))).toBeCloseTo(1, 1);
  });

  it('should rise with the probability, through gaps of the mixture and masses at zero', () => {
    for (const sums of [normal, sparse]) {
      const row = [0.1, 0.45, 0.5, 0.55, 0.9, 0.99].map((p) => quantileOfMixture(sums, [early, late], p));
      expect(row).toEqual(row.toSorted((a, b) => a - b));
    }
  });
});

it('should scale with a promotion', () => {
  const twice = scaleSums(normal, 2);
  expect([quantileOfSum(twice, 7, 0.95), meanOfSum(twice, 7)]).toEqual([2 * quantileOfSum(normal, 7, 0.95), 140]);
});

it('should say how long a quantity lasts', () => {
  expect([0, 5, 10, 45, 280, 560].map((quantity) => periodsUntil(normal, quantity))).toEqual([0, 0.5, 1, 4.5, 28, 56]);
});
