import type { LengthProbability } from '../engine/demand-sums.js';

/** Deliveries of a supplier that are enough to speak of how long it takes. */
export const ENOUGH_DELIVERIES = 5;
/** points of a distribution that are kept: more add cost, not knowledge */
const MOST_POINTS = 9;
const LONGEST_DAYS = 365;

/** How long an order takes, and how sure that is. */
export interface LeadTime {
  /** days with their probabilities, which sum to 1; ascending */
  days: LengthProbability[];
  mean: number;
  source: 'observed' | 'configured';
  /** deliveries that were looked at */
  deliveries: number;
}

export interface LeadTimeTerms {
  configuredDays: number;
  /** percent of the configured days by which deliveries come early or late */
  spreadPercent: number;
  /** days that the supplier's orders took, newest first; absent or too few: the configured ones count */
  observed?: readonly number[];
}

/**
 * Distribution of the lead time: what the supplier's deliveries took where there are enough of them, else the configured days with half the
 * weight and a quarter each earlier and later by the spread (variance (L * spread)^2 / 2).
 *
 * Source: Silver, Pyke & Thomas (2017), Inventory and Production Management in Supply Chains, chapter 6: the variability of the lead time
 * itself.
 */
export function leadTimeOf({ configuredDays, spreadPercent, observed = [] }: LeadTimeTerms): LeadTime {
  if (observed.length >= ENOUGH_DELIVERIES)
    return { ...distributionOf(observed), source: 'observed', deliveries: observed.length };
  const spread = Math.min(configuredDays, Math.round((configuredDays * spreadPercent) / 100));
  const days =
    spread === 0
      ? [{ length: configuredDays, probability: 1 }]
      : [-spread, 0, spread].map((by, i) => ({ length: configuredDays + by, probability: [0.25, 0.5, 0.25][i]! }));
  return { days, mean: configuredDays, source: 'configured', deliveries: observed.length };
}

function distributionOf(observed: readonly number[]): Pick<LeadTime, 'days' | 'mean'> {
  const sorted = observed.map((days) => Math.min(LONGEST_DAYS, Math.max(0, days))).toSorted((a, b) => a - b);
  const mean = sorted.reduce((sum, days) => sum + days, 0) / sorted.length;
  const counts = new Map<number, number>();
  for (const days of thinned(sorted)) counts.set(days, (counts.get(days) ?? 0) + 1);
  const total = [...counts.values()].reduce((a, b) => a + b, 0);
  return { days: [...counts].map(([length, count]) => ({ length, probability: count / total })), mean };
}

/** Sorted values, or their equally likely quantiles where there are too many different ones. */
function thinned(sorted: readonly number[]): number[] {
  if (new Set(sorted).size <= MOST_POINTS) return [...sorted];
  return Array.from({ length: MOST_POINTS }, (_, i) => sorted[Math.floor(((i + 0.5) / MOST_POINTS) * sorted.length)]!);
}

/** The same with so many days added to each: the interval that an order protects begins a review later. */
export function plusDays(days: readonly LengthProbability[], more: number): LengthProbability[] {
  return days.map(({ length, probability }) => ({ length: length + more, probability }));
}
