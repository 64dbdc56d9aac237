import { type DemandClass, isSparse } from '../models/demand-class.js';
import { addObservation, emptyProblem, stack } from '../models/stacking.js';
import type { Trial } from './backtest.js';

export type Weights = Map<string, number>;

/** Models of one kind err together; so many of them must not outvote the others. */
const FAMILIES: Readonly<Record<string, string>> = {
  ses: 'smoothing',
  theta: 'smoothing',
  'dynamic-theta': 'smoothing',
  'damped-trend': 'smoothing',
  ets: 'smoothing',
  'recent-mean': 'mean',
  'long-mean': 'mean',
  sba: 'intermittent',
  tsb: 'intermittent',
  adida: 'intermittent',
  imapa: 'intermittent',
  autoregression: 'autoregression',
  arma: 'autoregression',
  naive: 'naive',
  'seasonal-naive': 'naive',
};
const YEAR = '+year';

function familyOf(model: string): string {
  const bare = model.endsWith(YEAR) ? model.slice(0, -YEAR.length) : model;
  const family = FAMILIES[bare] ?? bare;
  return bare === model ? family : family + YEAR;
}

/** A model (a family) further than this from the best of its family (of all) is left out. */
const MODEL_TOLERANCE = 1.15;
const FAMILY_TOLERANCE = 1.3;
/** a weight is (best loss / loss) to this power */
const POWER = 6;
/** how strongly the shares of the families hold to those that their losses alone would give */
const SHRINKAGE = 1;

type Losses = Map<string, number>;

/** What a pool learned of its models for one kind of demand. */
interface KindWeights {
  /** weights of the models of each family */
  families: Map<string, Weights>;
  /** weight of each family; they sum to about 1, less where all forecast too much */
  shares: Weights;
}

export interface PooledWeights {
  sparse: KindWeights | null;
  continuous: KindWeights | null;
}

function lossOf(forecast: Float64Array, { actual, demand, scale }: Trial): number {
  let absolute = 0;
  let squares = 0;
  let count = 0;
  for (let h = 0; h < actual.length; h++) {
    const error = forecast[h]! - actual[h]!;
    if (Number.isNaN(error)) continue;
    absolute += Math.abs(error);
    squares += error * error;
    count++;
  }
  const rmse = Math.sqrt(squares / count);
  return (isSparse(demand.class) ? rmse : 0.5 * (absolute / count + rmse)) / scale;
}

/**
 * Geometric mean of each forecast's loss relative to the mean loss of its trial: comparable between series, and one hard period does not
 * rule. What ran in less than half of the trials is left out. Smooth demand is judged by the mean of MAE and RMSE; sparse demand by
 * RMSE alone, since the absolute error rewards forecasting zero.
 */
function meanLosses(trials: readonly Trial[], forecastsOf: (trial: Trial) => ReadonlyMap<string, Float64Array>): Losses {
  const sums = new Map<string, { total: number; count: number }>();
  for (const trial of trials) {
    const losses = [...forecastsOf(trial)].map(([name, forecast]) => [name, lossOf(forecast, trial)] as const);
    const centre = losses.reduce((sum, [, loss]) => sum + loss, 0) / losses.length;
    for (const [name, loss] of losses) {
      const sum = sums.get(name) ?? { total: 0, count: 0 };
      sum.total += Math.log((loss + 1e-6) / (centre + 1e-6));
      sum.count++;
      sums.set(name, sum);
    }
  }
  const most = Math.max(...[...sums.values()].map(({ count }) => count));
  const kept = [...sums].filter(([, { count }]) => count >= most / 2);
  return new Map(kept.map(([name, { total, count }]) => [name, Math.exp(total / count)]));
}

/** Weights by loss, which sum to 1. */
function byLoss(losses: Losses, tolerance: number): Weights {
  const best = Math.min(...losses.values());
  const kept = [...losses]
    .filter(([, loss]) => loss <= best * tolerance)
    .map(([name, loss]) => [name, (best / loss) ** POWER] as const);
  const total = kept.reduce((sum, [, weight]) => sum + weight, 0);
  return new Map(kept.map(([name, weight]) => [name, weight / total]));
}

function familiesOf(losses: Losses): Map<string, Weights> {
  const members = new Map<string, Losses>();
  for (const [name, loss] of losses) {
    const family = familyOf(name);
    if (!members.has(family)) members.set(family, new Map());
    members.get(family)!.set(name, loss);
  }
  return new Map([...members].map(([family, of]) => [family, byLoss(of, MODEL_TOLERANCE)]));
}

/** The families' forecasts of one trial: of each the weighted mean of those of its models that ran. */
function familyForecasts(
  forecasts: ReadonlyMap<string, Float64Array>,
  families: Map<string, Weights>,
): Map<string, Float64Array> {
  const result = new Map<string, Float64Array>();
  for (const [family, weights] of families) {
    const available = normalised(weights, forecasts);
    if (available.size > 0) result.set(family, combine(forecasts, available));
  }
  return result;
}

function normalised(weights: Weights, forecasts: ReadonlyMap<string, unknown>): Weights {
  const available = [...weights].filter(([name]) => forecasts.has(name));
  const total = available.reduce((sum, [, weight]) => sum + weight, 0);
  return new Map(available.map(([name, weight]) => [name, weight / total]));
}

/** Shares of the families by stacking: deviations from the combination by losses, explained by the families' deviations from it. */
function sharesOf(trials: readonly Trial[], ran: readonly Map<string, Float64Array>[], prior: Weights): Weights {
  const names = [...prior.keys()];
  const base = Float64Array.from(prior.values());
  const problem = emptyProblem(names.length);
  const row = new Float64Array(names.length);
  trials.forEach(({ actual, scale }, t) => {
    const forecasts = ran[t]!;
    if (names.some((name) => !forecasts.has(name))) return;
    const columns = names.map((name) => forecasts.get(name)!);
    const centre = combine(forecasts, prior);
    let squares = 0;
    let count = 0;
    for (let h = 0; h < actual.length; h++) {
      if (Number.isNaN(actual[h])) continue;
      squares += (actual[h]! - centre[h]!) ** 2;
      count++;
    }
    // every trial counts alike, whatever its unit and however hard it was
    const weight = 1 / (squares + 0.05 * count * scale * scale);
    for (let h = 0; h < actual.length; h++) {
      if (Number.isNaN(actual[h])) continue;
      for (let a = 0; a < row.length; a++) row[a] = columns[a]![h]! - centre[h]!;
      addObservation(problem, row, actual[h]! - centre[h]!, weight);
    }
  });
  const weights = stack(problem, base, SHRINKAGE);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return new Map(names.map((name, a) => [name, weights[a]! / total]));
}

function learnKind(trials: readonly Trial[]): KindWeights | null {
  if (trials.length === 0) return null;
  const families = familiesOf(meanLosses(trials, (trial) => trial.forecasts));
  const ran = new Map(trials.map((trial) => [trial, familyForecasts(trial.forecasts, families)]));
  const prior = byLoss(
    meanLosses(trials, (trial) => ran.get(trial)!),
    FAMILY_TOLERANCE,
  );
  return {
    families,
    shares: sharesOf(
      trials,
      trials.map((trial) => ran.get(trial)!),
      prior,
    ),
  };
}

/** Learns from the trials of a pool how far to trust each model, for sparse and for continuous demand. */
export function learnWeights(trials: readonly Trial[]): PooledWeights {
  return {
    sparse: learnKind(trials.filter(({ demand }) => isSparse(demand.class))),
    continuous: learnKind(trials.filter(({ demand }) => !isSparse(demand.class))),
  };
}

/** Weights learned from all origins, and for each rank of origin (0 = the newest) from the others alone. */
export interface EnsembleWeights {
  all: PooledWeights;
  without: PooledWeights[];
}

/**
 * @param trials of each series, oldest first
 * @returns also what the others say of each origin: errors with weights that were learned from those very errors would look too small
 */
export function learnEnsemble(trials: readonly (readonly Trial[])[]): EnsembleWeights {
  const all = learnWeights(trials.flat());
  const ranks = Math.max(0, ...trials.map((list) => list.length));
  if (ranks < 2) return { all, without: Array.from({ length: ranks }, () => all) };
  const without = Array.from({ length: ranks }, (_, rank) =>
    learnWeights(trials.flatMap((list) => list.filter((__, k) => list.length - 1 - k !== rank))),
  );
  return { all, without };
}

/** Weights without any backtest: the robust models that need no choice, equal parts. */
function priorWeights(names: readonly string[]): Weights {
  const robust = names.filter((name) => name === 'ses' || name === 'theta' || name === 'recent-mean' || name === 'tsb');
  const used = robust.length > 0 ? robust : names;
  return new Map(used.map((name) => [name, 1 / used.length]));
}

/**
 * Weights of the models for one series, which sum to 1: in two steps, since many models of one kind say the same. Within a family the better
 * ones count more; between families the weights are stacked, shrunk towards those that the losses give. Averaging a few good models
 * beats choosing one (Bates & Granger 1969; Makridakis et al. 2020 for M4), and weights pooled over many series beat those of one.
 *
 * @param forecasts what ran for the forecast itself: that alone gets weight
 */
export function weigh(pooled: PooledWeights, demand: DemandClass, forecasts: ReadonlyMap<string, unknown>): Weights {
  const kind = (isSparse(demand) ? pooled.sparse : pooled.continuous) ?? pooled.sparse ?? pooled.continuous;
  const weights: Weights = new Map();
  let total = 0;
  for (const [family, share] of kind?.shares ?? []) {
    const available = normalised(kind!.families.get(family)!, forecasts);
    if (available.size === 0 || share <= 0) continue;
    total += share;
    for (const [name, weight] of available) weights.set(name, share * weight);
  }
  if (total === 0) return priorWeights([...forecasts.keys()]);
  for (const [name, weight] of weights) weights.set(name, weight / total);
  return weights;
}

/** Weighted mean of forecasts. */
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
