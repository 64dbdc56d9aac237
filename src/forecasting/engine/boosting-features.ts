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

export const WINDOWS: Readonly<Record<Frequency, Windows>> = {
  D: { short: 7, middle: 28, long: 91, year: 364, around: 10, stride: 7, reach: 740 },
  W: { short: 3, middle: 8, long: 26, year: 52, around: 1, stride: 1, reach: 130 },
  M: { short: 3, middle: 6, long: 12, year: 12, around: 0, stride: 1, reach: 130 },
};

const LEAST_LEVEL = 0.05;
/** features of every frequency, and those of days alone */
const COMMON = 13;
const DAILY = 4;

/** Cumulated sums of a series: any mean over a window is two look-ups. */
export class Look {
  private readonly sums: Float64Array;
  private readonly zeros: Float64Array;
  private readonly drivers = new Map<string, Float64Array>();
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

  /** Mean of a driver over periods before an origin. */
  usual(name: string, from: number, to: number): number {
    let sums = this.drivers.get(name);
    if (sums === undefined) this.drivers.set(name, (sums = this.cumulate(name)));
    return to > from ? (sums[to]! - sums[from]!) / (to - from) : 0;
  }

  private cumulate(name: string): Float64Array {
    const { timeline, first } = this.prepared;
    const column = timeline.columns.get(name);
    const sums = new Float64Array(this.n + 1);
    for (let i = 0; i < this.n; i++) sums[i + 1] = sums[i]! + (column?.[first + i] ?? 0);
    return sums;
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

/** What a boosted forecast may look at, as one array a feature. */
export class FeatureTable {
  readonly columns: Float32Array[];
  /** what the demand of each row is measured in */
  readonly levels: Float64Array;
  rows = 0;
  private at = 0;

  /** @param names of the drivers that are features too */
  constructor(
    private readonly names: readonly string[],
    private readonly freq: Frequency,
    capacity: number,
  ) {
    const width = COMMON + (freq === 'D' ? DAILY : 0) + 3 * names.length;
    this.columns = Array.from({ length: width }, () => new Float32Array(capacity));
    this.levels = new Float64Array(capacity);
  }

  /** Adds what was known at an origin of the period `step` periods after it. */
  add(look: Look, origin: number, step: number): void {
    const windows = WINDOWS[this.freq];
    const { short, middle, long } = windows;
    const level = levelAt(look, origin, windows);
    const { y } = look;
    this.at = 0;
    this.levels[this.rows] = level;
    this.put(step);
    this.put(look.mean(origin - short, origin) / level);
    this.put(look.mean(origin - middle, origin) / level);
    this.put(Math.log(level));
    for (let back = 1; back <= 3; back++) this.put((y[origin - back] ?? NaN) / level);
    this.put(look.zeroShare(origin - long, origin));
    this.addSeason(look, origin, origin + step, level);
    this.addCalendar(look, origin + step);
    this.addDrivers(look, origin, origin + step);
    this.rows++;
  }

  private put(value: number): void {
    this.columns[this.at++]![this.rows] = value;
  }

  /** The same weekday, and the same time a year ago against what was usual then. */
  private addSeason(look: Look, origin: number, target: number, level: number): void {
    const { middle, year, around } = WINDOWS[this.freq];
    if (this.freq === 'D') {
      this.put(weekdayMean(look, origin, target, 4) / level);
      this.put(weekdayMean(look, origin, target, 13) / level);
    }
    const before = target - year;
    if (before - around < middle) return this.put(NaN);
    const then = look.mean(before - around, Math.min(origin, before + around + 1));
    this.put(then / Math.max(LEAST_LEVEL, look.mean(origin - year - middle, origin - year)));
  }

  private addCalendar({ prepared }: Look, target: number): void {
    const { calendar } = prepared.timeline;
    const at = prepared.first + target;
    this.put(this.freq === 'M' ? calendar.month[at]! : calendar.dayOfYear[at]!);
    if (this.freq !== 'D') return;
    this.put(calendar.weekday[at]!);
    this.put(calendar.dayOfMonth[at]!);
  }

  /** What moves the demand of the period, how that differs from what is usual, and what moved it the period before. */
  private addDrivers(look: Look, origin: number, target: number): void {
    const { timeline, first } = look.prepared;
    const at = first + target;
    const from = Math.max(0, origin - WINDOWS[this.freq].middle);
    for (const name of this.names) {
      const column = timeline.columns.get(name);
      this.put(column?.[at] ?? 0);
      this.put(column === undefined ? 0 : column[at]! - look.usual(name, from, origin));
      this.put(column?.[Math.max(0, at - 1)] ?? 0);
    }
    const { eventful } = timeline;
    this.put(eventful[at]!);
    this.put(eventful[at + 1] ?? 0);
    this.put(eventful[at - 1] ?? 0);
  }
}
