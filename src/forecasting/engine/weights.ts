import { DemandClass } from '../models/demand-class.js';
import { Trial } from './backtest.js';

export type Weights = Map<string, number>;

/** A model further than this from the best one is left out; of the rest at most so many; a weight is (best / loss) to this power. */
const TOLERANCE = 1.12;
const MOST_MODELS = 6;
const POWER = 3;
/** how many origins of its own weigh as much as the whole pool */
const POOL_ORIGINS = 6;

interface Sum {
  total: number;
  count: number;
}

function add(sums: Map<string, Sum>, name: string, value: number): void {
  const sum = sums.get(name) ?? { total: 0, count: 0 };
  sum.total += value;
  sum.count++;
  sums.set(name, sum);
}

/** log(loss / mean loss of the trial): comparable between series, and one hard period does not rule. */
function relativeLosses(trial: Trial): Map<string, number> {
  let total = 0;
  for (const loss of trial.losses.values()) total += loss;
  const centre = total / trial.losses.size;
  return new Map([...trial.losses].map(([name, loss]) => [name, Math.log((loss + 1e-6) / (centre + 1e-6))]));
}

/** Mean relative loss of each model over all trials of a class; the pool that a series' own few origins are shrunk towards. */
export type PooledLosses = Map<DemandClass, Map<string, number>>;

/** Pools the losses of all trials by demand class; a model that ran in less than half of a class's trials is left out. */
export function poolLosses(trials: readonly Trial[]): PooledLosses {
  const byClass = new Map<DemandClass, Map<string, Sum>>();
  for (const trial of trials) {
    const sums = byClass.get(trial.demand.class) ?? new Map<string, Sum>();
    byClass.set(trial.demand.class, sums);
    for (const [name, loss] of relativeLosses(trial)) add(sums, name, loss);
  }
  const pooled: PooledLosses = new Map();
  for (const [demand, sums] of byClass) {
    const most = Math.max(...[...sums.values()].map((sum) => sum.count));
    const kept = [...sums].filter(([, sum]) => sum.count >= most / 2);
    pooled.set(demand, new Map(kept.map(([name, sum]) => [name, sum.total / sum.count])));
  }
  return pooled;
}

/** Weights without any backtest: the robust models that need no choice, equal parts. */
function priorWeights(available: Iterable<string>): Weights {
  const names = [...available];
  const robust = names.filter((name) => name === 'ses' || name === 'theta' || name === 'recent-mean' || name === 'tsb');
  const used = robust.length > 0 ? robust : names;
  return new Map(used.map((name) => [name, 1 / used.length]));
}

/**
 * Weights of the models for one series: its own mean relative losses, shrunk towards those of its class, turned into weights of the
 * best few. Averaging a few good models beats choosing one (Bates & Granger 1969; Makridakis et al. 2020 for M4).
 *
 * @param available models that ran for the forecast itself; they alone get weight, and the weights sum to 1
 */
export function weigh(own: readonly Trial[], pooled: PooledLosses, demand: DemandClass, available: Iterable<string>): Weights {
  const names = [...available];
  const sums = new Map<string, Sum>();
  for (const trial of own) for (const [name, loss] of relativeLosses(trial)) add(sums, name, loss);
  const pool = pooled.get(demand);
  const share = own.length / (own.length + POOL_ORIGINS);
  const losses = new Map<string, number>();
  for (const name of names) {
    const mine = sums.get(name);
    const theirs = pool?.get(name);
    if (theirs === undefined && mine === undefined) continue;
    const ownLoss = mine === undefined ? theirs! : mine.total / mine.count;
    losses.set(name, theirs === undefined ? ownLoss : share * ownLoss + (1 - share) * theirs);
  }
  if (losses.size === 0) return priorWeights(names);
  const best = Math.min(...losses.values());
  const kept = [...losses]
    .filter(([, loss]) => loss - best <= Math.log(TOLERANCE))
    .toSorted((a, b) => a[1] - b[1])
    .slice(0, MOST_MODELS);
  const total = kept.reduce((sum, [, loss]) => sum + Math.exp(POWER * (best - loss)), 0);
  return new Map(kept.map(([name, loss]) => [name, Math.exp(POWER * (best - loss)) / total]));
}

/** Weighted mean of the models' forecasts. */
export function combine(forecasts: ReadonlyMap<string, Float64Array>, weights: Weights): Float64Array {
  const [any] = forecasts.values();
  const result = new Float64Array(any?.length ?? 0);
  for (const [name, weight] of weights) {
    const forecast = forecasts.get(name);
    if (forecast === undefined) continue;
    for (let h = 0; h < result.length; h++) result[h]! += weight * forecast[h]!;
  }
  return result;
}
