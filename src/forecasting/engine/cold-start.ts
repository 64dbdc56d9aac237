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

/** A category counts as much as so many periods of the product's own history. */
const PEER_PERIODS = 3;

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
 * Forecast for a product with little or no history: mean of its own periods (deseasonalised by the category's profile), shrunk towards the
 * category's mean as if that were three periods, times the category's profile and the effects. Periods before the first demand count
 * only while there was none at all, so that a product that never sells tends to 0.
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
  const prior = peers === null ? 0 : PEER_PERIODS;
  const level = exposure + prior > 0 ? (demand + prior * (peers?.level ?? 0)) / (exposure + prior) : 0;
  const forecast = factors.map((factor, h) => level * profileAt(n + h) * factor);
  // at least the spread of a Poisson count
  return { forecast, scale: Math.max(Math.sqrt(level), (peers?.roughness ?? 0) * level, 1e-3) };
}
