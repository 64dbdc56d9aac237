import { mean, meanAbsoluteDifference } from '../models/statistics.js';
import { Prepared } from './effects.js';
import { Frequency, periodDate } from './series.js';

/** What similar products teach about one without a history of its own. */
export interface Peers {
  /** mean demand per period of one product */
  level: number;
  /** typical difference between periods as a share of the level */
  roughness: number;
  /** relative demand by position in the calendar: weekday, or month; mean 1 */
  profile: Float64Array;
}

/** Shape of the prior of a product's level: 1 = products of a category differ as an exponential distribution does. */
const PRIOR_SHAPE = 1;

function positions(freq: Frequency): number {
  return freq === 'D' ? 7 : freq === 'M' ? 12 : 1;
}

function position(prepared: Prepared, index: number): number {
  const { start, freq } = prepared.timeline.series;
  if (freq === 'W') return 0;
  const date = periodDate(start, freq, index);
  return freq === 'D' ? date.getUTCDay() : date.getUTCMonth();
}

/** Mean level, roughness and calendar profile of the last year (at most) of the given series; null when there is none. */
export function learnPeers(prepared: readonly Prepared[]): Peers | null {
  const [any] = prepared;
  if (any === undefined) return null;
  const count = positions(any.timeline.series.freq);
  const observed = new Float64Array(count);
  const expected = new Float64Array(count);
  let levels = 0;
  let roughness = 0;
  for (const one of prepared) {
    const recent = one.y.subarray(Math.max(0, one.y.length - 365));
    const level = mean(recent);
    if (!(level > 0)) continue;
    levels += level;
    roughness += meanAbsoluteDifference(recent, 1) / level;
    for (let i = 0; i < recent.length; i++) {
      const p = position(one, one.n - recent.length + i);
      observed[p]! += recent[i]! / level;
      expected[p]!++;
    }
  }
  const profile = observed.map((sum, p) => (expected[p]! > 0 ? sum / expected[p]! : 1));
  const centre = mean(profile);
  return {
    level: levels / prepared.length,
    roughness: roughness / prepared.length,
    profile: profile.map((value) => (centre > 0 ? value / centre : 1)),
  };
}

export interface ColdForecast {
  forecast: Float64Array;
  /** unit of the spread, like an outlook's scale */
  scale: number;
}

/**
 * Forecast for a product with little or no history: its level times the category's calendar profile and the effects. The level is the posterior
 * mean of a Poisson rate under a gamma prior with the category's mean, (a + demand) / (a / category + exposure), so that without history it is
 * the category's mean, a few days of sales outweigh it, and a product that never sells tends to 0 however much the others sell. Periods before
 * the first demand count only while there was none at all.
 *
 * Source: Robbins (1956), empirical Bayes; Gelman et al., Bayesian Data Analysis (3rd ed.), section 2.6.
 */
export function coldStart(prepared: Prepared, peers: Peers | null): ColdForecast {
  const { y, usable, factors, timeline, n } = prepared;
  const profileAt = (index: number): number => peers?.profile[position(prepared, index)] ?? 1;
  let demand = 0;
  let exposure = 0;
  for (let i = 0; i < y.length; i++) {
    if (usable[i] === 0) continue;
    demand += y[i]!;
    exposure += profileAt(prepared.first + i);
  }
  if (y.length === 0) for (let i = 0; i < n; i++) exposure += timeline.usable[i]!;
  const shape = peers !== null && peers.level > 0 ? PRIOR_SHAPE : 0;
  const strength = shape > 0 ? shape / peers!.level + exposure : exposure;
  const level = strength > 0 ? (shape + demand) / strength : 0;
  const forecast = factors.map((factor, h) => level * profileAt(n + h) * factor);
  // at least the spread of a Poisson count
  return { forecast, scale: Math.max(Math.sqrt(level), (peers?.roughness ?? 0) * level, 1e-3) };
}
