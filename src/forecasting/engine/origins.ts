import { seasonLength, SeriesInput } from './series.js';

/** At most this many backtests a series: each costs one fit of every model. */
export const MAX_ORIGINS = 3;
/** periods after an origin that must be known */
const LEAST_TRUTH = 3;

/** Shortest history, in periods from the first demand on, from which models are fitted; below it a cold start. */
export function shortestHistory(freq: SeriesInput['freq']): number {
  return freq === 'D' ? 21 : 8;
}

/**
 * Rolling origins of a backtest, ascending: each leaves `horizon` known periods after it (a young series: at least a few) and enough history before it. The last one ends at
 * the present; the others lie back in even steps over up to three quarters of a year, so that weights and intervals do not hang on one season, and
 * use at most the later half of the history.
 */
export function rollingOrigins(n: number, first: number, series: Pick<SeriesInput, 'horizon' | 'freq'>): number[] {
  const { horizon, freq } = series;
  const year = freq === 'D' ? 364 : seasonLength(freq);
  const history = n - first;
  const shortest = first + shortestHistory(freq);
  // a young series still shows how its first forecasts came out, over less than the horizon
  const last = Math.max(n - horizon, Math.min(shortest, n - LEAST_TRUTH));
  if (last < shortest) return [];
  const earliest = Math.max(shortest, first + Math.floor(history / 2));
  const step = Math.floor(Math.min(0.75 * year, Math.max(0, last - earliest)) / (MAX_ORIGINS - 1));
  const origins: number[] = [];
  for (let k = MAX_ORIGINS - 1; k >= 0; k--) {
    const origin = last - k * step;
    if (origin > (origins.at(-1) ?? -1)) origins.push(origin);
  }
  return origins;
}
