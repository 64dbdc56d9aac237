import { instantOf, localDateOf } from '../time/zone.js';

const DAY = 86_400_000;

const TIME_OF_DAY = /^([01]\d|2[0-3]):([0-5]\d)$/;

/** Whether a value is a time of day, HH:mm. */
export function isTimeOfDay(value: string): boolean {
  return TIME_OF_DAY.test(value);
}

/** Minutes since midnight of HH:mm. @throws for anything else */
export function minutesOf(at: string): number {
  const match = TIME_OF_DAY.exec(at);
  if (!match) throw new Error(`"${at}" is no time of day (HH:mm)`);
  return Number(match[1]) * 60 + Number(match[2]);
}

/**
 * The local dates whose time of day `at` lies in (from, to] in a zone.
 * @param at HH:mm
 * @param from ms since 1970, excluded
 * @param to ms since 1970, included
 */
export function dueDates(timeZone: string, at: string, from: number, to: number): string[] {
  const minutes = minutesOf(at);
  const dates = new Set<string>();
  for (let near = from - DAY; near <= to + DAY; near += DAY / 2) dates.add(localDateOf(new Date(near), timeZone));
  return [...dates].filter((date) => {
    const due = instantOf(date, minutes, timeZone).getTime();
    return due > from && due <= to;
  });
}
