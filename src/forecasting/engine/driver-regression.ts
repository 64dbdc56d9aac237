import { type ArmaRegression, fitArmaRegression, forecastArmaRegression } from '../models/arma/arma-regression.js';
import { searchArmaRegression } from '../models/arma/arma-search.js';
import type { Prepared } from './effects.js';
import type { Frequency } from './series.js';

/** Order found at an earlier origin. */
export interface ArmaMemory {
  p: number;
  q: number;
  d: 0 | 1;
}

const YEAR = 365.25;
/** pairs of sine and cosine of the year, and the history that it takes to learn them */
const YEARLY_PAIRS: Readonly<Record<Frequency, number>> = { D: 2, W: 2, M: 4 };
const LEAST_YEARS = 1.5;
const PERIODS_A_YEAR: Readonly<Record<Frequency, number>> = { D: YEAR, W: YEAR / 7, M: 12 };
const RIDGE = 0.5;
/** older periods say little of how a series answers to its drivers today */
const LONGEST: Readonly<Record<Frequency, number>> = { D: 730, W: 260, M: 120 };

/** Weekdays but one, and the year's harmonics. */
function calendarColumns({ timeline }: Prepared, from: number, n: number, total: number): Float64Array[] {
  const { weekday, dayOfYear } = timeline.calendar;
  const { freq } = timeline.series;
  const columns: Float64Array[] = [];
  const column = (value: (i: number) => number): void =>
    void columns.push(Float64Array.from({ length: total }, (_, i) => value(from + i)));
  if (freq === 'D') for (let day = 1; day < 7; day++) column((i) => (weekday[i] === day ? 1 : 0));
  if (n < LEAST_YEARS * PERIODS_A_YEAR[freq]) return columns;
  for (let k = 1; k <= YEARLY_PAIRS[freq]; k++) {
    column((i) => Math.sin((2 * Math.PI * k * dayOfYear[i]!) / YEAR));
    column((i) => Math.cos((2 * Math.PI * k * dayOfYear[i]!) / YEAR));
  }
  return columns;
}

/** What moves the demand and is not on the calendar of every year; events as one column, since one series sees each of them a few times only. */
function driverColumns({ timeline }: Prepared, from: number, n: number, total: number): Float64Array[] {
  const columns = [...timeline.columns].filter(([name]) => !name.startsWith('event:')).map(([, column]) => column);
  columns.push(Float64Array.from(timeline.eventful));
  const varies = (column: Float64Array): boolean => column.subarray(0, n).some((value) => value !== column[0]);
  return columns.map((column) => column.subarray(from, from + total)).filter(varies);
}

const LARGEST_STEP = 0.7;

/**
 * Demand of one series by its own drivers and calendar: a regression of log(1 + sold) with ARMA errors, which knows what is peculiar to the
 * series where the pool's effects know what is common. The forecast is the median of a log-normal demand, at most twice the largest seen;
 * null where nothing moves the demand but the calendar, which the other models know.
 *
 * Source: Hyndman & Athanasopoulos (2021), Forecasting: Principles and Practice, chapter 10 (dynamic regression); 3.1 (back-transformation).
 */
export function driverRegression(prepared: Prepared, memory: { regression?: ArmaMemory }): Float64Array | null {
  const { timeline, factors } = prepared;
  const { horizon, freq } = timeline.series;
  const n = Math.min(prepared.y.length, LONGEST[freq]);
  const skipped = prepared.y.length - n;
  const from = prepared.first + skipped;
  const drivers = driverColumns(prepared, from, n, n + horizon);
  if (drivers.length === 0) return null;
  const all = [...drivers, ...calendarColumns(prepared, from, n, n + horizon)];
  const logs = Float64Array.from({ length: n }, (_, i) => Math.log1p(prepared.y[skipped + i]! * prepared.past[skipped + i]!));
  const columns = all.map((column) => column.subarray(0, n));
  const known = memory.regression;
  const fit: ArmaRegression =
    known === undefined
      ? searchArmaRegression(logs, columns, { ridge: RIDGE })
      : fitArmaRegression(logs, columns, known, { d: known.d, ridge: RIDGE });
  memory.regression = { p: fit.phi.length, q: fit.theta.length, d: fit.d };
  const future = all.map((column) => column.subarray(n));
  const { mean } = forecastArmaRegression(fit, future, horizon);
  const ceiling = logs.reduce((a, b) => Math.max(a, b), 0) + LARGEST_STEP;
  return mean.map((value, h) => (factors[h] === 0 ? 0 : Math.max(0, Math.expm1(Math.min(value, ceiling)))));
}
