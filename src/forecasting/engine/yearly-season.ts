import { fitLine, mean } from '../models/statistics.js';
import type { Prepared } from './effects.js';
import { type Frequency, periodDates } from './series.js';

/** What the yearly season needs of a series: cleaned demand, and the date of its first period. */
export interface DatedSeries {
  y: Float64Array;
  /** date of period `index` of y is that of period `first + index` from `start` on */
  start: string;
  first: number;
  freq: Frequency;
}

/** A factor for each week of the year, mean 1. */
export type YearlySeason = Float64Array;

const BINS = 52;
const DAYS_PER_BIN = 365.25 / BINS;
const DAY = 86_400_000;
/** fewer years of history leave weeks of the year unseen, or seen just now */
const LEAST_YEARS = 1.05;
/** from so many years on, the season can be told from a trend and from what happened once; before, it is taken in part */
const TRUSTED_YEARS = 1.55;
const PASSES = 3;
const LEAST_FACTOR = 0.05;

/** Position in the year of each period, in bins of a week: [0, 52). A period counts with its middle. */
export function yearPositions({ start, first, freq }: DatedSeries, length: number): Float64Array {
  const width = freq === 'W' ? 7 : 1;
  const dateOf = periodDates(start, freq);
  return Float64Array.from({ length }, (_, i) => {
    const middle = dateOf(first + i).getTime() + (width * DAY) / 2;
    const newYear = Date.UTC(new Date(middle).getUTCFullYear(), 0, 1);
    return Math.min(BINS - 1e-9, (middle - newYear) / DAY / DAYS_PER_BIN);
  });
}

function levels(y: Float64Array, withTrend: boolean): Float64Array {
  const centre = mean(y);
  if (!withTrend) return new Float64Array(y.length).fill(centre);
  const { intercept, slope } = fitLine(y);
  return Float64Array.from(y, (_, i) => Math.max(intercept + slope * (i + 1), 0.2 * centre));
}

/** Each bin with a quarter of each neighbour, going round the year; bins that nobody has seen follow their neighbours. */
function smoothed(ratio: Float64Array): Float64Array {
  return ratio.map((_, w) => {
    let sum = 0;
    let weights = 0;
    for (const [offset, weight] of [
      [-1, 0.25],
      [0, 0.5],
      [1, 0.25],
    ] as const) {
      const value = ratio[(w + offset + BINS) % BINS]!;
      if (!Number.isFinite(value)) continue;
      sum += weight * value;
      weights += weight;
    }
    return weights > 0 ? Math.max(LEAST_FACTOR, sum / weights) : 1;
  });
}

/**
 * Multiplicative factors of the weeks of the year common to a pool of series: ratio of what all sold in a week of the year to what their
 * levels would have sold without a season, every series counting in units of its own mean. One series alone shows each
 * week once or twice; a pool shows it often enough to be learned (Withycombe 1989; Chen & Boylan 2007, "Use of individual and group
 * seasonal indices"). Null when no series is longer than a year: levels could not be told from the season. With little more than a year
 * the factors are shrunk towards 1: a peak that was seen once may have been a promotion of all.
 */
function pooledYearlySeason(series: readonly DatedSeries[]): YearlySeason | null {
  const perYear = series[0]?.freq === 'D' ? 365.25 : 52.18;
  const taking = series.filter(({ y }) => y.length >= LEAST_YEARS * perYear && mean(y) > 0);
  if (taking.length === 0) return null;
  const bins = taking.map((one) => yearPositions(one, one.y.length).map(Math.floor));
  let factors: Float64Array = new Float64Array(BINS).fill(1);
  for (let pass = 0; pass < PASSES; pass++) {
    const sold = new Float64Array(BINS);
    const expected = new Float64Array(BINS);
    taking.forEach(({ y }, k) => {
      const bin = bins[k]!;
      const centre = mean(y);
      const level = levels(
        y.map((value, i) => value / factors[bin[i]!]!),
        y.length >= TRUSTED_YEARS * perYear,
      );
      for (let i = 0; i < y.length; i++) {
        sold[bin[i]!]! += y[i]! / centre;
        expected[bin[i]!]! += level[i]! / centre;
      }
    });
    factors = smoothed(sold.map((value, w) => (expected[w]! > 0 ? value / expected[w]! : NaN)));
    const centre = mean(factors);
    factors = factors.map((factor) => factor / centre);
  }
  const years = Math.max(...taking.map(({ y }) => y.length)) / perYear;
  const trust = Math.min(1, (years - LEAST_YEARS) / (TRUSTED_YEARS - LEAST_YEARS));
  return factors.map((factor) => factor ** trust);
}

/** The season of the year that the series of a pool have in common; null for months, whose models have it, and for short histories. */
export function learnYearlySeason(pool: readonly Prepared[]): YearlySeason | null {
  if (pool[0] === undefined || pool[0].timeline.series.freq === 'M') return null;
  return pooledYearlySeason(
    pool.map(({ y, first, timeline }) => ({ y, first, start: timeline.series.start, freq: timeline.series.freq })),
  );
}

/** The factors at given positions in the year; between the middles of two bins a straight line. */
export function seasonAt(factors: YearlySeason, positions: Float64Array): Float64Array {
  return positions.map((position) => {
    const from = Math.floor(position - 0.5);
    const share = position - 0.5 - from;
    return (1 - share) * factors[(from + BINS) % BINS]! + share * factors[(from + 1) % BINS]!;
  });
}
