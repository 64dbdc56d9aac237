import { seasonLength, SeriesInput } from './series.js';

/** At most this many backtests a series: each costs one fit of every model. */
export const MAX_ORIGINS = 3;

/** Shortest history, in periods from the first demand on, from which models are fitted; below it a cold start. */
export function shortestHistory(freq: SeriesInput['freq']): number {
  return freq === 'D' ? 21 : 8;
}

/**
 * Rolling origins of a backtest, ascending: each leaves `horizon` known periods after it and enough history before it. The last one ends at
 * the present; the others lie back in even steps of up to a quarter of a year, so that the weights do not hang on one season, and use
 * at most the later half of the history.
 */
export function rollingOrigins(n: number, first: number, series: Pick<SeriesInput, 'horizon' | 'freq'>): number[] {
  const { horizon, freq } = series;
  const year = freq === 'D' ? 364 : seasonLength(freq);
  const history = n - first;
  const earliest = first + Math.max(shortestHistory(freq), Math.floor(history / 2));
  const last = n - horizon;
  if (last < first + shortestHistory(freq)) return [];
  const step = Math.floor(Math.min(year / 4, Math.max(0, last - earliest) / (MAX_ORIGINS - 1)));
  const origins: number[] = [];
  for (let k = MAX_ORIGINS - 1; k >= 0; k--) {
    const origin = last - k * step;
    if (origin > (origins.at(-1) ?? -1)) origins.push(origin);
  }
  return origins;
}
