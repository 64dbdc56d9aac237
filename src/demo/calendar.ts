import { nationalHolidays, type NationalHoliday } from '../kernel/holidays/national-holidays.js';
import { addDays } from '../kernel/time/zone.js';
import type { WeekProfile } from './catalog.js';

/** A public holiday; `closed`: the shops do not open. */
export interface Holiday extends NationalHoliday {
  readonly closed: boolean;
}

const CLOSED = ['Año Nuevo', 'Viernes Santo', 'Navidad'];

/** Holidays of Venezuela from one date to another, both included, in order. */
export function holidaysBetween(from: string, to: string): Holiday[] {
  const holidays: NationalHoliday[] = [];
  for (let year = Number(from.slice(0, 4)); year <= Number(to.slice(0, 4)); year++)
    holidays.push(...nationalHolidays('VE', year));
  return holidays
    .filter(({ date }) => date >= from && date <= to)
    .map((holiday) => ({ ...holiday, closed: CLOSED.some((name) => holiday.name.includes(name)) }));
}

/** Shares of the week, Sunday first; each sums to 7. */
const WEEK: Readonly<Record<WeekProfile, readonly number[]>> = {
  staple: [1, 0.85, 0.85, 0.9, 0.95, 1.15, 1.3],
  fresh: [1.05, 0.75, 0.8, 0.85, 0.95, 1.2, 1.4],
  weekend: [1.2, 0.7, 0.75, 0.8, 0.95, 1.2, 1.4],
};

export function weekShare(profile: WeekProfile, date: string): number {
  return WEEK[profile][new Date(`${date}T00:00:00Z`).getUTCDay()] ?? 1;
}

/** Pay days are the 15th and the last of the month: people shop then and on the two days after. */
export function payDayFactor(date: string): number {
  const day = Number(date.slice(8));
  const last = Number(addDays(date, 1).slice(8)) === 1;
  if (day === 15 || last) return 1.4;
  if (day === 16 || day === 1) return 1.3;
  return day === 17 || day === 2 ? 1.12 : 1;
}

/** The year's course: December climbs to its peak on the 23rd by `december`, January is quiet. */
export function seasonFactor(date: string, december: number): number {
  const month = date.slice(5, 7);
  const day = Number(date.slice(8));
  if (month === '12') return 1 + december * Math.max(0.15, 1 - Math.abs(day - 22) / 14);
  if (month === '11') return 1 + december * 0.005 * day;
  return month === '01' ? 0.88 : 1;
}
