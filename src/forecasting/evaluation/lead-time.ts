import type { LeadTimeDemand } from '../engine/series.js';
import { mean, variance } from '../models/statistics.js';

/** How well quantiles of the demand over the lead time held. */
export interface LeadTimeScore {
  /** share of the series whose demand stayed within the 95 % quantile */
  service: number;
  /** scaled pinball loss, mean over the four quantiles */
  pinball: number;
  /** the same of mu*L + z*sigma*sqrt(L) */
  textbook: number;
}

const QUANTILES = [
  { name: 'q80', probability: 0.8, z: 0.8416 },
  { name: 'q90', probability: 0.9, z: 1.2816 },
  { name: 'q95', probability: 0.95, z: 1.6449 },
  { name: 'q99', probability: 0.99, z: 2.3263 },
] as const;

/** Loss of a quantile: what is missing weighs its probability, what is too much the rest (Koenker & Bassett 1978). */
export function pinball(truth: number, quantile: number, probability: number): number {
  return truth >= quantile ? probability * (truth - quantile) : (1 - probability) * (quantile - truth);
}

/** Mean absolute difference of one period, from the first demand on: the unit of the pinball loss (M5 uncertainty). */
function roughness(history: Float64Array): number {
  const first = Math.max(
    0,
    history.findIndex((value) => value > 0),
  );
  let sum = 0;
  let count = 0;
  for (let i = first + 1; i < history.length; i++) {
    const difference = Math.abs(history[i]! - history[i - 1]!);
    if (!Number.isFinite(difference)) continue;
    sum += difference;
    count++;
  }
  return sum > 0 ? sum / count : Math.max(1e-9, mean(history.filter((value) => Number.isFinite(value)).map(Math.abs)) || 1);
}

/** Scores one series' lead-time demand; null when some of those periods is unknown. The textbook looks at the last 24 periods, or two seasons. */
export function scoreLeadTime(
  history: Float64Array,
  actual: Float64Array,
  demand: LeadTimeDemand,
  season: number,
): LeadTimeScore | null {
  const { periods } = demand;
  if (actual.length < periods) return null;
  const truth = actual.subarray(0, periods).reduce((sum, value) => sum + value, 0);
  if (!Number.isFinite(truth)) return null;
  const recent = history.filter((value) => Number.isFinite(value)).slice(-Math.max(2 * season, 24));
  const rate = mean(recent);
  const deviation = Math.sqrt(variance(recent));
  const unit = roughness(history) * Math.sqrt(periods) * QUANTILES.length;
  const score: LeadTimeScore = { service: truth <= demand.q95 ? 1 : 0, pinball: 0, textbook: 0 };
  for (const { name, probability, z } of QUANTILES) {
    score.pinball += pinball(truth, demand[name], probability) / unit;
    score.textbook += pinball(truth, rate * periods + z * deviation * Math.sqrt(periods), probability) / unit;
  }
  return score;
}
