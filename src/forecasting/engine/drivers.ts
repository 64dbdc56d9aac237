import { periodDate, SeriesInput } from './series.js';

/** Names of the effects that the engine knows, in the order of their columns. */
export const EFFECTS = ['promo', 'price', 'payday', 'eve', 'reopening'] as const;
export type Effect = (typeof EFFECTS)[number];

/** A series with its plan appended: every array covers history and horizon. */
export interface Timeline {
  series: SeriesInput;
  /** periods of history */
  n: number;
  closed: Uint8Array;
  /** 1 = y says what the demand was: known, open, in stock */
  usable: Uint8Array;
  columns: Record<Effect, Float64Array>;
}

function concatenate(
  history: Float64Array | undefined,
  future: Float64Array | undefined,
  n: number,
  horizon: number,
  empty: number,
): Float64Array {
  const all = new Float64Array(n + horizon).fill(empty);
  history?.forEach((value, i) => Number.isFinite(value) && (all[i] = value));
  future?.forEach((value, i) => Number.isFinite(value) && (all[n + i] = value));
  return all;
}

/** log(price / median price): unknown prices repeat the last known one (before the first: the median, i.e. 0). */
function relativePrice(price: Float64Array): Float64Array {
  const known = price.filter((value) => value > 0).toSorted();
  const result = new Float64Array(price.length);
  if (known.length === 0) return result;
  const median = known[known.length >> 1]!;
  let last = 0;
  for (let i = 0; i < price.length; i++) {
    if (price[i]! > 0) last = Math.log(price[i]! / median);
    result[i] = last;
  }
  return result;
}

/** Days on which wages are paid and the days after: 15 and 16, the month's last day and the first. */
function paydays(series: SeriesInput, total: number): Float64Array {
  const column = new Float64Array(total);
  if (series.freq !== 'D') return column;
  for (let i = 0; i < total; i++) {
    const day = periodDate(series.start, 'D', i).getUTCDate();
    const tomorrow = periodDate(series.start, 'D', i + 1).getUTCDate();
    if (day === 15 || day === 16 || day === 1 || tomorrow === 1) column[i] = 1;
  }
  return column;
}

/** Open days next to a closed one: customers come earlier or later. */
function besideClosed(series: SeriesInput, closed: Uint8Array, step: 1 | -1): Float64Array {
  const column = new Float64Array(closed.length);
  if (series.freq !== 'D') return column;
  for (let i = 0; i < closed.length; i++) if (closed[i] === 0 && closed[i + step] === 1) column[i] = 1;
  return column;
}

/** Joins history and plan of a series and derives the columns of its effects. */
export function timelineOf(series: SeriesInput): Timeline {
  const n = series.y.length;
  const { horizon, future } = series;
  const closed = new Uint8Array(n + horizon);
  if (series.closed !== undefined) closed.set(series.closed);
  if (future?.closed !== undefined) closed.set(future.closed, n);
  const usable = new Uint8Array(n);
  for (let i = 0; i < n; i++) usable[i] = Number.isFinite(series.y[i]) && closed[i] === 0 && series.stockout?.[i] !== 1 ? 1 : 0;
  const columns: Record<Effect, Float64Array> = {
    promo: concatenate(series.promo, future?.promo, n, horizon, 0),
    price: relativePrice(concatenate(series.price, future?.price, n, horizon, NaN)),
    payday: paydays(series, n + horizon),
    eve: besideClosed(series, closed, 1),
    reopening: besideClosed(series, closed, -1),
  };
  return { series, n, closed, usable, columns };
}
