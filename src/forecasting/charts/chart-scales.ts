import { addDays, daysBetween } from '../../kernel/time/zone.js';

/** A linear scale with round numbers to label. */
export interface ValueScale {
  /** lowest and highest value shown */
  min: number;
  max: number;
  /** ascending, within [min, max] */
  ticks: number[];
}

const STEPS = [1, 2, 5, 10];

/**
 * A scale from zero (or below it) to at least `highest`, in steps of 1, 2 or 5 times a power of ten: about `count` of them.
 * @param lowest smallest value to show; above zero it counts as zero
 * @param whole whether the values are counted in whole units, so that no tick is a fraction
 */
export function valueScale(lowest: number, highest: number, count: number, whole = false): ValueScale {
  const bottom = Math.min(0, lowest);
  const top = Math.max(highest, bottom + Number.MIN_VALUE);
  const span = top - bottom > 1e-9 ? top - bottom : 1;
  const rough = span / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = STEPS.find((step) => step * power >= rough * 0.999) ?? 10;
  const step = whole ? Math.max(1, factor * power) : factor * power;
  const [first, last] = [Math.floor(bottom / step + 1e-9), Math.ceil((bottom + span) / step - 1e-9)];
  // multiples, not sums: steps of a tenth do not add up
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
  return { min: ticks[0]!, max: ticks.at(-1)!, ticks };
}

/** Days from one labelled day to the next; from `months` on, first days of months. */
const DAY_STEPS = [1, 2, 7, 14];
const MONTH_STEPS = [1, 2, 3, 6];
const DAYS_OF_MONTH = 30;

export interface DateTick {
  /** days since the first day of the axis */
  index: number;
  date: string;
}

/**
 * Days to label on an axis of `days` days that begins with `from`: every day, every other, Mondays, or first days of months, so that
 * there are at most `most`.
 */
export function dateTicks(from: string, days: number, most: number): DateTick[] {
  const allowed = Math.max(1, most);
  const dayStep = DAY_STEPS.find((step) => Math.ceil(days / step) <= allowed);
  if (dayStep !== undefined) return everyDays(from, days, dayStep);
  const monthStep = MONTH_STEPS.find((step) => Math.ceil(days / (step * DAYS_OF_MONTH)) <= allowed) ?? 12;
  const ticks = firstsOfMonths(from, days, monthStep);
  return ticks.length > 0 ? ticks : [{ index: 0, date: from }];
}

function everyDays(from: string, days: number, step: number): DateTick[] {
  const weekday = new Date(`${from}T00:00:00Z`).getUTCDay();
  const first = step >= 7 ? (8 - weekday) % 7 : 0;
  const ticks: DateTick[] = [];
  for (let index = first; index < days; index += step) ticks.push({ index, date: addDays(from, index) });
  return ticks;
}

function firstsOfMonths(from: string, days: number, step: number): DateTick[] {
  const ticks: DateTick[] = [];
  const [year, month] = from.split('-').map(Number) as [number, number];
  for (let m = month - 1; ; m++) {
    const date = new Date(Date.UTC(year, m, 1)).toISOString().slice(0, 10);
    const index = daysBetween(from, date);
    if (index >= days) return ticks;
    if (index >= 0 && m % step === 0) ticks.push({ index, date });
  }
}
