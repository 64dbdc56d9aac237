const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 30;
/** A query over the stream reads at most so many days: its partitions are months. */
export const LONGEST_DAYS = 366;

export interface Window {
  /** inclusive, ISO 8601 */
  from: string;
  /** exclusive, ISO 8601 */
  to: string;
}

/**
 * The instants a listing covers: the last 30 days, or 30 days before `to`, or from `from` on. Undefined when they are in the
 * wrong order or more than 366 days apart.
 */
export function auditWindow(from: string | undefined, to: string | undefined, now: Date): Window | undefined {
  const end = to === undefined ? now.getTime() + DAY_MS : Date.parse(to);
  const start = from === undefined ? Math.min(end, now.getTime()) - DEFAULT_DAYS * DAY_MS : Date.parse(from);
  const last = to === undefined ? Math.min(end, start + LONGEST_DAYS * DAY_MS) : end;
  if (start >= last || last - start > LONGEST_DAYS * DAY_MS) return undefined;
  return { from: new Date(start).toISOString(), to: new Date(last).toISOString() };
}
