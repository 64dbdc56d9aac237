import { periodDates, type SeriesInput } from './series.js';

/** A series with its plan appended: every array covers history and horizon. */
export interface Timeline {
  series: SeriesInput;
  /** periods of history */
  n: number;
  closed: Uint8Array;
  /** 1 = y says what the demand was: known, open, in stock */
  usable: Uint8Array;
  /** columns of the effects that move this series: promo, price, payday, eve, reopening, driver:NAME, event:NAME */
  columns: ReadonlyMap<string, Float64Array>;
  /** 1 = the calendar has an event */
  eventful: Uint8Array;
  calendar: Calendar;
}

/** Where each period lies in the calendar. */
export interface Calendar {
  /** 0 = Sunday */
  weekday: Uint8Array;
  dayOfMonth: Uint8Array;
  /** 0 = January */
  month: Uint8Array;
  /** days since 1 January, 0 to 365 */
  dayOfYear: Uint16Array;
}

const DAY = 86_400_000;

/** One period more than asked for, so that the last one knows its morrow. */
function calendarOf({ start, freq }: SeriesInput, periods: number): Calendar {
  const total = periods + 1;
  const dateOf = periodDates(start, freq);
  const calendar = {
    weekday: new Uint8Array(total),
    dayOfMonth: new Uint8Array(total),
    month: new Uint8Array(total),
    dayOfYear: new Uint16Array(total),
  };
  for (let i = 0; i < total; i++) {
    const date = dateOf(i);
    calendar.weekday[i] = date.getUTCDay();
    calendar.dayOfMonth[i] = date.getUTCDate();
    calendar.month[i] = date.getUTCMonth();
    calendar.dayOfYear[i] = (date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / DAY;
  }
  return calendar;
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
function paydays({ dayOfMonth }: Calendar): Float64Array {
  return Float64Array.from({ length: dayOfMonth.length - 1 }, (_, i) => {
    const day = dayOfMonth[i]!;
    return day === 15 || day === 16 || day === 1 || dayOfMonth[i + 1] === 1 ? 1 : 0;
  });
}

/** Open days next to a closed one: customers come earlier or later. */
function besideClosed(closed: Uint8Array, step: 1 | -1): Float64Array {
  const column = new Float64Array(closed.length);
  for (let i = 0; i < closed.length; i++) if (closed[i] === 0 && closed[i + step] === 1) column[i] = 1;
  return column;
}

function eventColumns(names: readonly (string | null)[]): [string, Float64Array][] {
  const columns = new Map<string, Float64Array>();
  names.forEach((name, i) => {
    if (name === null) return;
    const key = `event:${name}`;
    if (!columns.has(key)) columns.set(key, new Float64Array(names.length));
    columns.get(key)![i] = 1;
  });
  return [...columns];
}

function columnsOf(
  series: SeriesInput,
  closed: Uint8Array,
  events: readonly (string | null)[],
  calendar: Calendar,
): Map<string, Float64Array> {
  const { y, horizon, future, freq } = series;
  const joined = (history?: Float64Array, plan?: Float64Array, empty = 0): Float64Array =>
    concatenate(history, plan, y.length, horizon, empty);
  const columns: [string, Float64Array][] = [
    ['promo', joined(series.promo, future?.promo)],
    ['price', relativePrice(joined(series.price, future?.price, NaN))],
  ];
  if (freq === 'D')
    columns.push(['payday', paydays(calendar)], ['eve', besideClosed(closed, 1)], ['reopening', besideClosed(closed, -1)]);
  for (const [name, values] of Object.entries(series.drivers ?? {}))
    columns.push([`driver:${name}`, joined(values, future?.drivers?.[name])]);
  columns.push(...eventColumns(events));
  return new Map(columns.filter(([, column]) => column.some((value) => value !== 0)));
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
  const events = Array.from({ length: n + horizon }, (_, i) => (i < n ? series.events?.[i] : future?.events?.[i - n]) ?? null);
  const eventful = Uint8Array.from(events, (name) => (name === null ? 0 : 1));
  const calendar = calendarOf(series, n + horizon);
  return { series, n, closed, usable, columns: columnsOf(series, closed, events, calendar), eventful, calendar };
}
