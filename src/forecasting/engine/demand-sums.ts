import { normalCdf, normalQuantile } from '../models/normal.js';

/** Distributions of the demand summed over the first periods of a forecast. */
export interface DemandSums {
  /** numbers of first periods, ascending, e.g. 1,2,3,5,7,10,14,21,28 */
  lengths: number[];
  /** ascending */
  probabilities: number[];
  /** values[i][j]: quantile probabilities[j] of the demand summed over the first lengths[i] periods */
  values: number[][];
  /** mean of each sum */
  means: number[];
}

/** Lengths and probabilities that a forecast keeps. */
export const SUM_LENGTHS: readonly number[] = [1, 2, 3, 4, 5, 7, 10, 14, 21, 28];
export const SUM_PROBABILITIES: readonly number[] = [0.5, 0.8, 0.9, 0.95, 0.975, 0.99];

/** The lengths that a horizon has room for, and the horizon itself. */
export function sumLengths(horizon: number): number[] {
  return [...new Set([...SUM_LENGTHS.filter((length) => length < horizon), horizon])];
}

/** A demand sum over one number of periods: its mean and known quantiles, by standard normal score. */
interface Sum {
  mean: number;
  scores: readonly number[];
  values: readonly number[];
}

const ITERATIONS = 60;
const NOTHING: Sum = { mean: 0, scores: [0], values: [0] };

/** Normal scores of the known probabilities; there are few different lists of them. */
const known = new Map<string, number[]>();
function scoresOf(probabilities: readonly number[]): number[] {
  const key = probabilities.join();
  let scores = known.get(key);
  if (!scores) known.set(key, (scores = probabilities.map(normalQuantile)));
  return scores;
}

/**
 * The sum over any number of periods: between two known ones the quantiles are interpolated linearly; beyond the last the mean goes on at
 * its rate and the deviations from it grow with the root of the length, as those of independent periods do.
 */
function sumOver(sums: DemandSums, length: number): Sum {
  const { lengths, values, means } = sums;
  const scores = scoresOf(sums.probabilities);
  const last = lengths.length - 1;
  if (!(length > 0) || last < 0) return NOTHING;
  if (length > lengths[last]!) {
    const share = length / lengths[last]!;
    const mean = means[last]!;
    return {
      mean: mean * share,
      scores,
      values: rising(values[last]!.map((value) => mean * share + (value - mean) * Math.sqrt(share))),
    };
  }
  const i = lengths.findIndex((one) => one >= length);
  const [from, to] = [i === 0 ? 0 : lengths[i - 1]!, lengths[i]!];
  const weight = (length - from) / (to - from);
  const between = (a: number, b: number): number => a + weight * (b - a);
  // a longer sum is never the smaller one, whatever the errors of its estimate
  const upper = (n: number, j: number): number => {
    let most = 0;
    for (let k = 0; k <= n; k++) most = Math.max(most, values[k]![j]!);
    return most;
  };
  return {
    mean: between(i === 0 ? 0 : means[i - 1]!, means[i]!),
    scores,
    values: rising(scores.map((_, j) => between(upper(i - 1, j), upper(i, j)))),
  };
}

/** Not negative and ascending. */
function rising(values: readonly number[]): number[] {
  let least = 0;
  return values.map((value) => (least = Math.max(least, value)));
}

/** Interpolates the quantiles linearly over the normal score; the first and last slopes go on beyond the known ones. Demand is never negative. */
function valueAt({ scores, values }: Sum, score: number): number {
  const last = values.length - 1;
  if (last === 0) return values[0]!;
  let j = 1;
  while (j < last && scores[j]! < score) j++;
  const slope = (values[j]! - values[j - 1]!) / (scores[j]! - scores[j - 1]!);
  return Math.max(0, values[j - 1]! + (score - scores[j - 1]!) * slope);
}

/** The inverse of `valueAt`: the probability that the sum is at most `x`. */
function probabilityOf(sum: Sum, x: number): number {
  const { scores, values } = sum;
  const last = values.length - 1;
  if (x < 0) return 0;
  if (last === 0) return x < values[0]! ? 0 : 1;
  // where quantiles are equal, the greatest of their probabilities: they are a mass at that value
  let j = last;
  while (j > 1 && values[j - 1]! > x) j--;
  const slope = (values[j]! - values[j - 1]!) / (scores[j]! - scores[j - 1]!);
  if (slope > 0) return normalCdf(scores[j - 1]! + (x - values[j - 1]!) / slope);
  return x >= values[j]! ? (j === last ? 1 : normalCdf(scores[j]!)) : 0;
}

/** Mean of the demand summed over `length` periods, any number of them. */
export function meanOfSum(sums: DemandSums, length: number): number {
  return sumOver(sums, length).mean;
}

/** Quantile of the demand summed over `length` periods (also between or beyond the known ones), for a probability in (0, 1). Monotone in both. */
export function quantileOfSum(sums: DemandSums, length: number, probability: number): number {
  return valueAt(sumOver(sums, length), normalQuantile(probability));
}

/** Probability that the demand summed over `length` periods is at most `x`. */
export function probabilityOfSum(sums: DemandSums, length: number, x: number): number {
  return probabilityOf(sumOver(sums, length), x);
}

/** A number of periods and how likely it is; the probabilities of a list sum to 1. */
export interface LengthProbability {
  length: number;
  probability: number;
}

/** Mean of the demand over a number of periods that is itself uncertain. */
export function meanOfMixture(sums: DemandSums, lengths: readonly LengthProbability[]): number {
  return lengths.reduce((total, { length, probability }) => total + probability * meanOfSum(sums, length), 0);
}

/**
 * Quantile of the demand over a number of periods that is itself uncertain: the average of the distribution functions, inverted by
 * bisection. This is the compound distribution itself; sigma^2 L + mu^2 var(L) of the textbooks is its normal approximation.
 * Source: Silver, Pyke & Thomas (2017), Inventory and Production Management in Supply Chains, chapter 6; Zipkin (2000), Foundations of
 * Inventory Management, chapter 6.
 */
export function quantileOfMixture(sums: DemandSums, lengths: readonly LengthProbability[], probability: number): number {
  const parts = lengths
    .filter((one) => one.probability > 0)
    .map((one) => ({ sum: sumOver(sums, one.length), weight: one.probability }));
  const score = normalQuantile(probability);
  const ends = parts.map(({ sum }) => valueAt(sum, score));
  let [low, high] = [Math.min(...ends), Math.max(...ends)];
  if (parts.length < 2) return parts.length === 0 ? 0 : high;
  const total = parts.reduce((all, { weight }) => all + weight, 0);
  // at `high` every part has reached the probability, below `low` none has
  for (let step = 0; step < ITERATIONS && high - low > 1e-6 * Math.max(1, high); step++) {
    const middle = (low + high) / 2;
    const reached = parts.reduce((all, { sum, weight }) => all + weight * probabilityOf(sum, middle), 0) / total;
    if (reached >= probability) high = middle;
    else low = middle;
  }
  return high;
}

/** The same demand times a factor, such as that of a promotion. */
export function scaleSums(sums: DemandSums, factor: number): DemandSums {
  return {
    ...sums,
    values: sums.values.map((row) => row.map((value) => value * factor)),
    means: sums.means.map((mean) => mean * factor),
  };
}

/** First periods until the mean demand reaches `quantity`; Infinity when it never does. */
export function periodsUntil(sums: DemandSums, quantity: number): number {
  if (quantity <= 0) return 0;
  let [fromLength, fromMean] = [0, 0];
  for (const [i, length] of sums.lengths.entries()) {
    const mean = sums.means[i]!;
    if (mean >= quantity) return fromLength + ((length - fromLength) * (quantity - fromMean)) / (mean - fromMean);
    [fromLength, fromMean] = [length, mean];
  }
  return fromMean > 0 ? (fromLength * quantity) / fromMean : Infinity;
}
