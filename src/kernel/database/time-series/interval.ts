/** Widths that a partition or chunk may have. */
export type Interval = '1 year' | '3 months' | '1 month' | '1 week';

const WEEK = 7 * 86_400_000;
// the Monday of the week in which the Unix epoch began
const FIRST_MONDAY = -3 * 86_400_000;
const MONTHS = { '1 year': 12, '3 months': 3, '1 month': 1 } as const;

/**
 * Width by the number of rows a tenant writes in a year. Every partition costs catalog rows, memory in each backend and time to plan;
 * these bounds keep a partition between some ten thousand and some million rows.
 */
export function intervalFor(rowsPerYear: number): Interval {
  if (rowsPerYear < 200_000) return '1 year';
  if (rowsPerYear < 5_000_000) return '3 months';
  if (rowsPerYear < 50_000_000) return '1 month';
  return '1 week';
}

/** Start (UTC) of the interval that holds `at`: 1 January, first day of the quarter or month, Monday. */
export function startOf(at: Date, interval: Interval): Date {
  if (interval === '1 week') {
    return new Date(Math.floor((at.getTime() - FIRST_MONDAY) / WEEK) * WEEK + FIRST_MONDAY);
  }
  const months = MONTHS[interval];
  return new Date(Date.UTC(at.getUTCFullYear(), Math.floor(at.getUTCMonth() / months) * months, 1));
}

/** `start` moved by a number of intervals; `start` is a bound made by `startOf`. */
export function addIntervals(start: Date, count: number, interval: Interval): Date {
  if (interval === '1 week') return new Date(start.getTime() + count * WEEK);
  return new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + count * MONTHS[interval], 1));
}
