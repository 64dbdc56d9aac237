import { type BoostedTrees, predictBoosted } from '../models/gradient-boosting/boosted-trees.js';
import { fitGradientBoosting } from '../models/gradient-boosting/gradient-boosting.js';
import type { Prepared } from './effects.js';
import type { Frequency } from './series.js';

/** Lengths, in periods, that features of one frequency look back over. */
interface Windows {
  short: number;
  middle: number;
  long: number;
  year: number;
  /** half width of the window a year before */
  around: number;
  /** origins in history lie so many periods apart, and reach so far back */
  stride: number;
  reach: number;
}

const WINDOWS: Readonly<Record<Frequency, Windows>> = {
  D: { short: 7, middle: 28, long: 91, year: 364, around: 10, stride: 7, reach: 740 },
  W: { short: 3, middle: 8, long: 26, year: 52, around: 1, stride: 1, reach: 130 },
  M: { short: 3, middle: 6, long: 12, year: 12, around: 0, stride: 1, reach: 130 },
};

const LEAST_LEVEL = 0.05;
const LARGEST_RATIO = 12;
const LEAST_ROWS = 1_000;
/** rows of a fit at most for each series, and in all */
const ROWS_PER_SERIES = 600;
const MOST_ROWS = 50_000;

/** Cumulated sums of a series: any mean over a window is two look-ups. */
class Look {
  private readonly sums: Float64Array;
  private readonly zeros: Float64Array;
  readonly n: number;

  readonly y: Float64Array;

  constructor(readonly prepared: Prepared) {
    const { y } = prepared;
    this.y = y;
    this.n = y.length;
    this.sums = new Float64Array(this.n + 1);
    this.zeros = new Float64Array(this.n + 1);
    for (let i = 0; i < this.n; i++) {
      this.sums[i + 1] = this.sums[i]! + y[i]!;
      this.zeros[i + 1] = this.zeros[i]! + (y[i]! > 0 ? 0 : 1);
    }
  }

  mean(from: number, to: number): number {
    const a = Math.max(0, from);
    const b = Math.min(this.n, to);
    return b > a ? (this.sums[b]! - this.sums[a]!) / (b - a) : NaN;
  }

  zeroShare(from: number, to: number): number {
    const a = Math.max(0, from);
    return to > a ? (this.zeros[to]! - this.zeros[a]!) / (to - a) : NaN;
  }
}

/** Mean of the last `count` same weekdays before the origin. */
function weekdayMean({ y }: Look, origin: number, target: number, count: number): number {
  let at = target - 7 * Math.ceil((target - origin + 1) / 7);
  let sum = 0;
  let seen = 0;
  for (; seen < count && at >= 0; seen++, at -= 7) sum += y[at]!;
  return seen > 0 ? sum / seen : NaN;
}

/** What demand is measured in at an origin. */
function levelAt(look: Look, origin: number, { middle, long }: Windows): number {
  return Math.max(LEAST_LEVEL, 0.5 * look.mean(origin - middle, origin) + 0.5 * look.mean(origin - long, origin));
}

type Row = number[];

function calendarFeatures(row: Row, { prepared }: Look, target: number): void {
  const { calendar, series } = prepared.timeline;
  const at = prepared.first + target;
  if (series.freq === 'M') row.push(calendar.month[at]!);
  else row.push(calendar.dayOfYear[at]!);
  if (series.freq === 'D') row.push(calendar.weekday[at]!, calendar.dayOfMonth[at]!);
}

/** What moves the demand of the period, what moved it around it, and how that differs from what is usual. */
function driverFeatures(
  row: Row,
  { prepared }: Look,
  names: readonly string[],
  at: { origin: number; target: number },
  { middle }: Windows,
): void {
  const { timeline, first } = prepared;
  const target = first + at.target;
  const origin = first + at.origin;
  for (const name of names) {
    const column = timeline.columns.get(name);
    if (column === undefined) {
      row.push(0, 0, 0);
      continue;
    }
    let usual = 0;
    const from = Math.max(first, origin - middle);
    for (let i = from; i < origin; i++) usual += column[i]!;
    row.push(column[target]!, column[target]! - usual / Math.max(1, origin - from), column[Math.max(0, target - 1)]!);
  }
  const { eventful } = timeline;
  row.push(eventful[target]!, eventful[target + 1] ?? 0, eventful[target - 1] ?? 0);
}

function featuresOf(
  look: Look,
  origin: number,
  step: number,
  names: readonly string[],
  windows: Windows,
): { row: Row; level: number } {
  const { y } = look;
  const { short, middle, long, year, around } = windows;
  const target = origin + step;
  const level = levelAt(look, origin, windows);
  const row: Row = [
    step,
    look.mean(origin - short, origin) / level,
    look.mean(origin - middle, origin) / level,
    Math.log(level),
    y[origin - 1]! / level,
    (y[origin - 2] ?? NaN) / level,
    (y[origin - 3] ?? NaN) / level,
    look.zeroShare(origin - long, origin),
  ];
  if (look.prepared.timeline.series.freq === 'D')
    row.push(weekdayMean(look, origin, target, 4) / level, weekdayMean(look, origin, target, 13) / level);
  const before = target - year;
  row.push(
    before - around >= middle
      ? look.mean(before - around, Math.min(origin, before + around + 1)) /
          Math.max(LEAST_LEVEL, look.mean(origin - year - middle, origin - year))
      : NaN,
  );
  calendarFeatures(row, look, target);
  driverFeatures(row, look, names, { origin, target }, windows);
  return { row, level };
}

/** Rows as one array a feature. */
function columnsOf(rows: readonly Row[]): Float32Array[] {
  const width = rows[0]?.length ?? 0;
  return Array.from({ length: width }, (_, k) => Float32Array.from(rows, (row) => row[k]!));
}

/** A fitted model of a pool, and the names of the drivers that it looks at. */
export interface PoolBoosting {
  model: BoostedTrees;
  names: readonly string[];
}

const looksAt = (name: string): boolean => !name.startsWith('event:');

/**
 * Boosting over all series of a pool: demand relative to the series' own recent level, explained by recent levels, the same weekday or
 * season, the calendar, and what moves demand. Learns from every origin of the history with the horizons that it will be asked for.
 *
 * Source: the design of the winners of M5 (Makridakis, Spiliotis & Assimakopoulos 2022), global trees over many series.
 */
export function fitPoolBoosting(pool: readonly Prepared[]): PoolBoosting | null {
  const [any] = pool;
  if (any === undefined) return null;
  const { freq, horizon } = any.timeline.series;

  const windows = WINDOWS[freq];
  const names = [...new Set(pool.flatMap(({ timeline }) => [...timeline.columns.keys()].filter(looksAt)))].toSorted();
  const rows: Row[] = [];
  const target: number[] = [];
  const perSeries = Math.min(ROWS_PER_SERIES, MOST_ROWS / pool.length);
  for (const [k, one] of pool.entries()) {
    const look = new Look(one);
    const start = Math.max(windows.long / 2, look.n - windows.reach);
    const origins = Math.max(0, Math.floor((look.n - 1 - start) / windows.stride) + 1);
    const keep = Math.max(1, Math.ceil((origins * horizon) / perSeries));
    let count = k;
    for (let origin = look.n - 1; origin >= start; origin -= windows.stride) {
      for (let step = 0; step < horizon && origin + step < look.n; step++) {
        if (one.usable[origin + step] === 0 || count++ % keep !== 0) continue;
        const { row, level } = featuresOf(look, origin, step, names, windows);
        rows.push(row);
        target.push(Math.min(LARGEST_RATIO, look.y[origin + step]! / level));
      }
    }
  }
  if (rows.length < LEAST_ROWS) return null;
  const model = fitGradientBoosting(columnsOf(rows), Float64Array.from(target), {
    loss: 'poisson',
    trees: 80,
    depth: 5,
    learningRate: 0.1,
    minimumLeafWeight: 40,
    l2: 5,
  });
  return { model, names };
}

/** Forecasts of the horizon of each series from the end of its history. */
export function predictPool({ model, names }: PoolBoosting, pool: readonly Prepared[]): Float64Array[] {
  const rows: Row[] = [];
  const levels: number[] = [];
  for (const one of pool) {
    const { freq, horizon } = one.timeline.series;
    const look = new Look(one);
    for (let step = 0; step < horizon; step++) {
      const { row, level } = featuresOf(look, look.n, step, names, WINDOWS[freq]);
      rows.push(row);
      levels.push(level);
    }
  }
  const ratios = predictBoosted(model, columnsOf(rows), rows.length);
  let at = 0;
  return pool.map((one) =>
    Float64Array.from({ length: one.timeline.series.horizon }, () => Math.max(0, ratios[at]! * levels[at++]!)),
  );
}
