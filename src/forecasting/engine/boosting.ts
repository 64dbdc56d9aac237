import { type BoostedTrees, predictBoosted } from '../models/gradient-boosting/boosted-trees.js';
import { fitGradientBoosting } from '../models/gradient-boosting/gradient-boosting.js';
import { FeatureTable, Look, WINDOWS } from './boosting-features.js';
import type { Prepared } from './effects.js';

const LARGEST_RATIO = 12;
const LEAST_ROWS = 1_000;
/** rows of a fit at most for each series, and in all */
const ROWS_PER_SERIES = 600;
const MOST_ROWS = 50_000;

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
  const { long, reach, stride } = WINDOWS[freq];
  const names = [...new Set(pool.flatMap(({ timeline }) => [...timeline.columns.keys()].filter(looksAt)))].toSorted();
  const perSeries = Math.max(1, Math.floor(Math.min(ROWS_PER_SERIES, MOST_ROWS / pool.length)));
  const table = new FeatureTable(names, freq, pool.length * (perSeries + 1));
  const target = new Float64Array(pool.length * (perSeries + 1));
  for (const [k, one] of pool.entries()) {
    const look = new Look(one);
    const start = Math.max(long / 2, look.n - reach);
    const origins = Math.max(0, Math.floor((look.n - 1 - start) / stride) + 1);
    const keep = Math.max(1, Math.ceil((origins * horizon) / perSeries));
    let count = k;
    for (let origin = look.n - 1; origin >= start; origin -= stride) {
      for (let step = 0; step < horizon && origin + step < look.n; step++) {
        if (one.usable[origin + step] === 0 || count++ % keep !== 0) continue;
        table.add(look, origin, step);
        target[table.rows - 1] = Math.min(LARGEST_RATIO, look.y[origin + step]! / table.levels[table.rows - 1]!);
      }
    }
  }
  if (table.rows < LEAST_ROWS) return null;
  const model = fitGradientBoosting(table.columns, target.subarray(0, table.rows), {
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
  const [any] = pool;
  if (any === undefined) return [];
  const steps = pool.map(({ timeline }) => timeline.series.horizon);
  const table = new FeatureTable(
    names,
    any.timeline.series.freq,
    steps.reduce((sum, horizon) => sum + horizon, 0),
  );
  for (const one of pool) {
    const look = new Look(one);
    for (let step = 0; step < one.timeline.series.horizon; step++) table.add(look, look.n, step);
  }
  const ratios = predictBoosted(model, table.columns, table.rows);
  let at = 0;
  return steps.map((horizon) => Float64Array.from({ length: horizon }, () => Math.max(0, ratios[at]! * table.levels[at++]!)));
}
