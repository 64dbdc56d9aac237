import { daysBetween } from '../../kernel/time/zone.js';

/** ISO 8601: 1 = Monday ... 7 = Sunday */
export const FULL_RUN_WEEKDAY = 7;
/** Days between two full runs; after more of them one is made up for. */
export const FULL_RUN_EVERY = 7;

/** ISO weekday of a local date, 1 = Monday ... 7 = Sunday. */
export function isoWeekday(day: string): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
}

/**
 * Whether the nightly run of a day is one of everything: on the tenant's weekday, and whenever the last one is longer ago than a week.
 * @param day local date of the night
 * @param weekday the tenant's setting; anything but 1 to 7 is Sunday
 * @param lastFullDay last day of history that the newest full run has seen; null: there is none
 */
export function isFullRunDue(day: string, weekday: unknown, lastFullDay: string | null): boolean {
  if (lastFullDay === null || daysBetween(lastFullDay, day) > FULL_RUN_EVERY + 1) return true;
  const own = typeof weekday === 'number' && weekday >= 1 && weekday <= 7 ? weekday : FULL_RUN_WEEKDAY;
  return isoWeekday(day) === own;
}
