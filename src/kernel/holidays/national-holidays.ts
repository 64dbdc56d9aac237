import { addDays } from '../time/zone.js';
import { easterSunday } from './easter.js';
import type { HolidayRules } from './holiday-rules.js';
import { VENEZUELA } from './venezuela.js';

/** By ISO 3166-1 code. Another country is one more file beside Venezuela's, and its line here. */
const COUNTRIES = { VE: VENEZUELA } as const satisfies Record<string, HolidayRules>;

export type HolidayCountry = keyof typeof COUNTRIES;
export const HOLIDAY_COUNTRIES = Object.keys(COUNTRIES) as HolidayCountry[];

export interface NationalHoliday {
  /** YYYY-MM-DD */
  date: string;
  /** in the country's language */
  name: string;
}

/** National holidays of a year, by date; two that fall on one day are one entry with both names. */
export function nationalHolidays(country: HolidayCountry, year: number): NationalHoliday[] {
  const { fixed, fromEaster } = COUNTRIES[country];
  const easter = easterSunday(year);
  const names = new Map<string, string[]>();
  const add = (date: string, name: string) => names.set(date, [...(names.get(date) ?? []), name]);
  for (const [monthDay, name] of fixed) add(`${year}-${monthDay}`, name);
  for (const [days, name] of fromEaster) add(addDays(easter, days), name);
  return [...names].map(([date, all]) => ({ date, name: all.join(' / ') })).toSorted((a, b) => (a.date < b.date ? -1 : 1));
}

/** The country whose holidays a company in this time zone keeps; null: none is known. */
export function countryOf(timeZone: string): HolidayCountry | null {
  return HOLIDAY_COUNTRIES.find((country) => COUNTRIES[country].timeZones.includes(timeZone)) ?? null;
}
