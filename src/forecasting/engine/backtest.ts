import { fitPoolBoosting, type PoolBoosting } from './boosting.js';
import type { FitMemory } from './candidates.js';
import type { Timeline } from './drivers.js';
import { type Prepared, prepare } from './effects.js';
import { rollingOrigins, shortestHistory } from './origins.js';
import { type Outlook, outlooksOf } from './outlook.js';
import { learnYearlySeason } from './yearly-season.js';

/** An outlook whose truth is known. */
export interface Trial extends Outlook {
  /** demand of the periods after the origin; NaN where unknown, closed or out of stock */
  actual: Float64Array;
}

function actualsAfter(timeline: Timeline, origin: number): Float64Array {
  const { series, usable, n } = timeline;
  const actual = new Float64Array(series.horizon).fill(NaN);
  for (let h = 0; h < actual.length && origin + h < n; h++)
    if (usable[origin + h] === 1) actual[h] = Math.max(0, series.y[origin + h]!);
  return actual;
}

/** An outlook with what happened; null when nothing is known of those periods. */
function judge(outlook: Outlook, timeline: Timeline): Trial | null {
  const actual = actualsAfter(timeline, outlook.prepared.n);
  return actual.some((value) => !Number.isNaN(value)) ? { ...outlook, actual } : null;
}

export interface Backtest {
  /** trials of each series, oldest first */
  trials: Trial[][];
  /** what the models of each series were found to be */
  memories: FitMemory[];
  /** the trees that all origins were judged with */
  boosting: PoolBoosting | null;
}

/** Long enough for models. */
export function isWarm({ y, timeline }: Prepared): boolean {
  return y.length >= shortestHistory(timeline.series.freq);
}

/**
 * Backtests the series of a pool: at each rank of origin (oldest first) effects and season are estimated anew from the history before it.
 * The boosted trees are fitted once, at the oldest origin: what they say of the later ones is as honest, and a fit is what costs most.
 *
 * @param known trees fitted elsewhere on what lies before the origins; null: there were too few rows
 */
export function backtest(timelines: readonly Timeline[], firsts: readonly number[], known?: PoolBoosting | null): Backtest {
  const origins = timelines.map((timeline, k) => rollingOrigins(timeline.n, firsts[k]!, timeline.series));
  const trials: Trial[][] = timelines.map(() => []);
  const memories: FitMemory[] = timelines.map(() => ({}));
  const ranks = Math.max(0, ...origins.map((list) => list.length));
  let boosting = known;
  for (let rank = ranks; rank >= 1; rank--) {
    // series with fewer origins take part in the later ones
    const taking = timelines.map((_, k) => k).filter((k) => origins[k]!.length >= rank);
    const prepared = prepare(
      taking.map((k) => timelines[k]!),
      taking.map((k) => origins[k]!.at(-rank)!),
    );
    const warm = taking.filter((_, i) => isWarm(prepared[i]!));
    const pool = prepared.filter(isWarm);
    boosting = boosting === undefined ? fitPoolBoosting(pool) : boosting;
    const view = { season: learnYearlySeason(pool), boosting };
    const memory = warm.map((k) => memories[k]!);
    outlooksOf(pool, memory, view).forEach((outlook, i) => {
      const k = warm[i]!;
      const trial = judge(outlook, timelines[k]!);
      if (trial !== null) trials[k]!.push(trial);
    });
  }
  return { trials, memories, boosting: boosting ?? null };
}
