import { addDays } from '../kernel/time/zone.js';
import type { WeekProfile } from './catalog.js';

/** A public holiday; `closed`: the shops do not open. */
export interface Holiday {
  readonly date: string;
  readonly name: string;
  readonly closed: boolean;
}

const FIXED: readonly (readonly [monthDay: string, name: string, closed?: true])[] = [
  ['01-01', 'Año Nuevo', true],
  ['04-19', 'Declaración de la Independencia'],
  ['05-01', 'Día del Trabajador'],
  ['06-24', 'Batalla de Carabobo'],
  ['07-05', 'Día de la Independencia'],
  ['07-24', 'Natalicio del Libertador'],
  ['10-12', 'Día de la Resistencia Indígena'],
  ['12-24', 'Nochebuena'],
  ['12-25', 'Navidad', true],
  ['12-31', 'Fin de Año'],
];

const MOVING: readonly (readonly [daysFromEaster: number, name: string, closed?: true])[] = [
  [-48, 'Lunes de Carnaval'],
  [-47, 'Martes de Carnaval'],
  [-3, 'Jueves Santo'],
  [-2, 'Viernes Santo', true],
];

/** Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher). */
export function easter(year: number): string {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const g = Math.floor((8 * b + 13) / 25);
  const h = (19 * a + b - Math.floor(b / 4) - g + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const month = Math.floor((h + l - 7 * m + 114) / 31);
  const day = ((h + l - 7 * m + 114) % 31) + 1;
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** Holidays of Venezuela from one date to another, both included, in order. */
export function holidaysBetween(from: string, to: string): Holiday[] {
  const holidays: Holiday[] = [];
  for (let year = Number(from.slice(0, 4)); year <= Number(to.slice(0, 4)); year++) {
    for (const [monthDay, name, closed = false] of FIXED) holidays.push({ date: `${year}-${monthDay}`, name, closed });
    for (const [days, name, closed = false] of MOVING) holidays.push({ date: addDays(easter(year), days), name, closed });
  }
  return holidays.filter(({ date }) => date >= from && date <= to).toSorted((a, b) => (a.date < b.date ? -1 : 1));
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
