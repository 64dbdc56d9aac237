import { addDays, daysBetween } from '../../kernel/time/zone.js';
import type { SeriesInput } from '../engine/series.js';
import type { SeriesPair } from './series-batches.js';

/** Days of history that a run looks at. */
export const HISTORY_DAYS = 1095;
/** A store that has sold nothing at all for so many days at the end has not sent its sales yet; for longer, it has sold nothing. */
const LATE_DAYS = 28;
export const LONGEST_HORIZON = 366;

/** What the database knows of one pair (or of all, where an id is null), as two comma-separated lists of equal length. */
export interface SeriesRow {
  source: 'demand' | 'stockout' | 'promotion' | 'price' | 'holiday' | 'closed';
  productId: string | null;
  storeId: string | null;
  /** days since the span's first day; of a stock-out its first ones */
  days: string;
  /** quantities, values or names (empty: none was given; no commas), or the last days of stock-outs */
  values: string;
}

/** The days that are read: history from `from` to `asOf`, both included. */
export interface HistorySpan {
  from: string;
  asOf: string;
}

export function historySpan(asOf: string): HistorySpan {
  return { from: addDays(asOf, 1 - HISTORY_DAYS), asOf };
}

/** How far a run looks ahead. */
export interface Ahead {
  horizonDays: number;
  /** days more, so that the forecast still covers the horizon as many days later */
  spareDays: number;
}

/** Days to forecast: what was asked for, and at least the lead time; and the spare ones. */
export function horizonOf(pair: Pick<SeriesPair, 'leadTimeDays'>, { horizonDays, spareDays }: Ahead): number {
  return Math.min(LONGEST_HORIZON, Math.max(1, horizonDays, pair.leadTimeDays)) + spareDays;
}

type Points = [days: number[], values: string[]];
type Index = Map<string, Points>;

const keyOf = (source: string, product: string | null, store: string | null): string =>
  `${source}/${product ?? '*'}/${store ?? '*'}`;

function indexRows(rows: readonly SeriesRow[]): Index {
  return new Map(
    rows.map(({ source, productId, storeId, days, values }) => [
      keyOf(source, productId, storeId),
      [days.split(',').map(Number), values.split(',')],
    ]),
  );
}

/**
 * Turns what was read into the engine's series, one a pair, in the pairs' order. A series begins with its first sale. A day without a sale
 * is a demand of 0, unless the product was out of stock that day or the store's sales have not come in yet. Promotions, prices, holidays
 * and closed days come from the calendar alone, for history and horizon alike: a flag on a sale exists only where something sold.
 */
export function seriesInputs(
  pairs: readonly SeriesPair[],
  rows: readonly SeriesRow[],
  span: HistorySpan,
  ahead: Ahead,
): SeriesInput[] {
  const index = indexRows(rows);
  const days = daysBetween(span.from, span.asOf) + 1;
  return pairs.map((pair) => seriesOf(pair, index, { ...span, days, horizon: horizonOf(pair, ahead) }));
}

/** Rows of a source that touch a pair, the particular last, so that it wins. */
function scopesOf(index: Index, source: string, { productId, storeId }: SeriesPair): Points[] {
  const keys = [
    keyOf(source, null, null),
    keyOf(source, null, storeId),
    keyOf(source, productId, null),
    keyOf(source, productId, storeId),
  ];
  return keys.flatMap((key) => {
    const points = index.get(key);
    return points ? [points] : [];
  });
}

/** Name of a holiday that was given none. */
const NAMELESS = 'holiday';

/** Holidays of history and plan; undefined: there are none. */
function eventsOf(
  points: readonly Points[],
  first: number,
  days: number,
  horizon: number,
): [past: Events, future: Events] | undefined {
  if (points.length === 0) return undefined;
  const names = Array.from({ length: days + horizon }, (): string | null => null);
  for (const [at, given] of points)
    at.forEach((day, i) => {
      if (day < names.length) names[day] = given[i] || NAMELESS;
    });
  return [names.slice(first, days), names.slice(days)];
}

type Events = (string | null)[];

interface Frame extends HistorySpan {
  days: number;
  horizon: number;
}

function seriesOf(pair: SeriesPair, index: Index, { from, days, horizon }: Frame): SeriesInput {
  const { productId, storeId } = pair;
  const [soldOn, sold] = index.get(keyOf('demand', productId, storeId)) ?? [[], []];
  const first = soldOn.length > 0 ? Math.min(...soldOn) : days;
  const y = new Float64Array(days);
  soldOn.forEach((day, i) => (y[day] = Number(sold[i])));
  const stockout = new Uint8Array(days);
  const [outFrom, outTo] = index.get(keyOf('stockout', productId, storeId)) ?? [[], []];
  outFrom.forEach((start, i) => {
    for (let day = start; day <= Number(outTo[i]); day++) if (!(y[day]! > 0)) stockout[day] = 1;
  });
  const known = daysBetween(from, pair.storeLastDay) + 1;
  if (days - known <= LATE_DAYS) y.fill(NaN, known);
  const overlay = <T extends Float64Array | Uint8Array>(source: string, values: T): { past: T; future: T; any: boolean } => {
    const scopes = scopesOf(index, source, pair);
    for (const [at, given] of scopes)
      at.forEach((day, i) => (values[day] = given[i] === '' || source === 'closed' ? 1 : Number(given[i])));
    return { past: values.slice(first, days) as T, future: values.slice(days) as T, any: scopes.length > 0 };
  };
  const promo = overlay('promotion', new Float64Array(days + horizon));
  const closed = overlay('closed', new Uint8Array(days + horizon));
  const events = eventsOf(scopesOf(index, 'holiday', pair), first, days, horizon);
  const price = overlay('price', new Float64Array(days + horizon).fill(NaN));
  return {
    id: `${storeId}/${productId}`,
    start: addDays(from, first),
    freq: 'D',
    y: y.slice(first),
    stockout: stockout.slice(first),
    promo: promo.past,
    closed: closed.past,
    ...(price.any && { price: price.past }),
    ...(events && { events: events[0] }),
    future: {
      promo: promo.future,
      closed: closed.future,
      ...(price.any && { price: price.future }),
      ...(events && { events: events[1] }),
    },
    horizon,
    leadTime: Math.max(1, pair.leadTimeDays),
    ...(pair.categoryId !== null && { group: pair.categoryId }),
  };
}
