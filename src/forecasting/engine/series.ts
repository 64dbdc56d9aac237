import { DemandClass } from '../models/demand-class.js';
import type { DemandSums } from './demand-sums.js';

/** Length of a period: day, week, month. */
export type Frequency = 'D' | 'W' | 'M';

/** What is known ahead of the periods to forecast, each of length `horizon`. */
export interface FutureDrivers {
  /** 0 = none; 1 = promotion, or its depth in the same unit as the history's */
  promo?: Float64Array;
  /** planned unit price; NaN = as last known */
  price?: Float64Array;
  /** 1 = the store is closed: demand 0 */
  closed?: Uint8Array;
  /** name of the calendar's event of a period (a holiday, a match), null = none */
  events?: readonly (string | null)[];
  /** the plan of further drivers, under the names of the history's */
  drivers?: Readonly<Record<string, Float64Array>>;
}

/** One product in one store as equally spaced periods. Flags: 1 = yes. All arrays have the length of `y`. */
export interface SeriesInput {
  id: string;
  /** date of y[0], YYYY-MM-DD (of a week: its first day; of a month: any day) */
  start: string;
  freq: Frequency;
  /** demand per period; NaN = unknown; a negative value (returns) counts as 0 */
  y: Float64Array;
  promo?: Float64Array;
  /** unit price; NaN = unknown */
  price?: Float64Array;
  closed?: Uint8Array;
  /** stock was out: what was sold says nothing of the demand */
  stockout?: Uint8Array;
  /** name of the calendar's event of each period, null = none */
  events?: readonly (string | null)[];
  /** anything else that is known ahead and moves demand, 0 = nothing: a display, a leaflet, the temperature's deviation */
  drivers?: Readonly<Record<string, Float64Array>>;
  future?: FutureDrivers;
  /** periods to forecast */
  horizon: number;
  /** category: a product without history starts from its category's mean */
  group?: string;
  /** lead time in periods; gives `leadTime` of the forecast */
  leadTime?: number;
}

/** Demand summed over the lead time: the reorder point at a service level is the quantile of that level. */
export interface LeadTimeDemand {
  /** periods, at most the horizon */
  periods: number;
  mean: number;
  q50: number;
  q80: number;
  q90: number;
  q95: number;
  q99: number;
}

export interface ForecastDiagnostics {
  class: DemandClass;
  adi: number;
  cv2: number;
  /** periods from the first demand on, and how many of them count (open, in stock, known) */
  length: number;
  usable: number;
  /** rolling origins that weighted the models */
  origins: number;
  /** mean absolute error of the weighted models at those origins / mean |y[t] - y[t-season]|; NaN without origins */
  mase: number;
  /** factors on demand, e.g. { promo: 1.8 }; of the price: the elasticity */
  effects: Record<string, number>;
  /** why the forecast is not `ok` */
  reason?: string;
}

/** Forecast of one series, arrays of length `horizon`, each quantile at least the one before: 0 <= q025 <= q10 <= q50 <= ... <= q99. */
export interface SeriesForecast {
  id: string;
  /** false: there was nothing to learn from (or the input is invalid); the arrays are then a stated fallback */
  ok: boolean;
  /** name of the heaviest model */
  model: string;
  /** weight of each model used; they sum to 1 */
  weights: Record<string, number>;
  mean: Float64Array;
  q025: Float64Array;
  q10: Float64Array;
  q50: Float64Array;
  q80: Float64Array;
  q90: Float64Array;
  q95: Float64Array;
  q975: Float64Array;
  q99: Float64Array;
  leadTime: LeadTimeDemand | null;
  /** demand summed over the first periods: what replenishment reckons with; absent where there was nothing to learn from */
  sums?: DemandSums;
  diagnostics: ForecastDiagnostics;
}

/** Changes whenever the same input may give another forecast; stored with each run. */
export const ENGINE_VERSION = 'ensemble-2';

/** Periods in one season: days of the week, weeks or months of the year. */
export function seasonLength(freq: Frequency): number {
  return freq === 'D' ? 7 : freq === 'W' ? 52 : 12;
}

const DAY = 86_400_000;

/** Gives the start of each period as a UTC date. */
export function periodDates(start: string, freq: Frequency): (index: number) => Date {
  const date = new Date(`${start}T00:00:00Z`);
  if (freq === 'M') {
    const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
    return (index) => new Date(Date.UTC(year, month + index, 1));
  }
  const [first, step] = [date.getTime(), DAY * (freq === 'W' ? 7 : 1)];
  return (index) => new Date(first + index * step);
}

/** Start of period `index` as a UTC date. */
export function periodDate(start: string, freq: Frequency, index: number): Date {
  return periodDates(start, freq)(index);
}

/** Number of the period that begins at (of a month: contains) a date; the inverse of `periodDate`. */
export function periodIndex(start: string, freq: Frequency, date: string): number {
  const [from, to] = [new Date(`${start}T00:00:00Z`), new Date(`${date}T00:00:00Z`)];
  if (freq === 'M') return (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth();
  return Math.round((to.getTime() - from.getTime()) / (DAY * (freq === 'W' ? 7 : 1)));
}

/** Reason why an input cannot be forecast at all, or null. */
export function invalidReason(series: SeriesInput): string | null {
  const n = series.y.length;
  if (!Number.isInteger(series.horizon) || series.horizon < 1 || series.horizon > 730) return 'horizon must be 1 to 730 periods';
  if (Number.isNaN(Date.parse(`${series.start}T00:00:00Z`))) return 'start is not a date';
  for (const name of ['promo', 'price', 'closed', 'stockout'] as const) {
    const values = series[name];
    if (values !== undefined && values.length !== n) return `${name} has ${values.length} values, y has ${n}`;
  }
  if (series.events !== undefined && series.events.length !== n) return `events has ${series.events.length} values, y has ${n}`;
  for (const [name, values] of Object.entries(series.drivers ?? {}))
    if (values.length !== n) return `drivers.${name} has ${values.length} values, y has ${n}`;
  for (const name of ['promo', 'price', 'closed'] as const) {
    const values = series.future?.[name];
    if (values !== undefined && values.length !== series.horizon)
      return `future.${name} has ${values.length} values, horizon is ${series.horizon}`;
  }
  return null;
}
