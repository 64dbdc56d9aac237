import { classifyDemand } from '../models/demand-class.js';
import { meanAbsoluteDifference } from '../models/statistics.js';
import { isWarm, type Trial } from './backtest.js';
import { coldStart, learnPeers, Peers } from './cold-start.js';
import { quantileOfSum, type DemandSums } from './demand-sums.js';
import { timelineOf } from './drivers.js';
import type { Prepared } from './effects.js';
import { ErrorDistribution } from './intervals.js';
import { type FrequencyKnowledge, type PoolKnowledge, study } from './knowledge.js';
import { type Outlook, outlooksOf } from './outlook.js';
import {
  ForecastDiagnostics,
  Frequency,
  invalidReason,
  LeadTimeDemand,
  seasonLength,
  SeriesForecast,
  SeriesInput,
} from './series.js';
import { combine, type PooledWeights, weigh, type Weights } from './weights.js';

function leadTimeOf({ leadTime, horizon }: SeriesInput): number | null {
  return leadTime === undefined ? null : Math.max(1, Math.min(horizon, Math.round(leadTime)));
}

/** What one series' forecast is made of. */
interface Parts {
  outlook: Outlook;
  mean: Float64Array;
  weights: Weights;
  trials: readonly Trial[];
  reason?: string;
}

function leadTimeDemand({ outlook, mean }: Parts, sums: DemandSums): LeadTimeDemand | null {
  const periods = leadTimeOf(outlook.prepared.timeline.series);
  if (periods === null) return null;
  const at = (probability: number): number => quantileOfSum(sums, periods, probability);
  const total = mean.subarray(0, periods).reduce((sum, value) => sum + value, 0);
  return { periods, mean: total, q50: at(0.5), q80: at(0.8), q90: at(0.9), q95: at(0.95), q99: at(0.99) };
}

/** Error of the weighted models at the backtest's origins over the one-season difference; NaN without origins. */
function backtestMase(trials: readonly Trial[], pooled: PooledWeights, prepared: Prepared): number {
  let error = 0;
  let count = 0;
  for (const trial of trials) {
    const forecast = combine(trial.forecasts, weigh(pooled, trial.demand.class, trial.forecasts));
    for (let h = 0; h < forecast.length; h++) {
      if (Number.isNaN(trial.actual[h])) continue;
      error += Math.abs(trial.actual[h]! - forecast[h]!);
      count++;
    }
  }
  const scale = meanAbsoluteDifference(prepared.y, seasonLength(prepared.timeline.series.freq));
  return count > 0 && scale > 0 ? error / count / scale : NaN;
}

function diagnosticsOf({ outlook, trials, reason }: Parts, pooled: PooledWeights): ForecastDiagnostics {
  const { prepared, demand } = outlook;
  const effects: Record<string, number> = {};
  // the price column is a logarithm: its coefficient is the elasticity itself
  for (const [name, value] of Object.entries(prepared.coefficients)) effects[name] = name === 'price' ? value : Math.exp(value);
  return {
    class: demand.class,
    adi: demand.adi,
    cv2: demand.cv2,
    length: prepared.y.length,
    usable: prepared.usable.reduce((sum, flag) => sum + flag, 0),
    origins: trials.length,
    mase: backtestMase(trials, pooled, prepared),
    effects,
    ...(reason === undefined ? {} : { reason }),
  };
}

function assemble(parts: Parts, errors: ErrorDistribution, pooled: PooledWeights): SeriesForecast {
  const { outlook, mean, weights, reason } = parts;
  const sums = errors.demandSums(outlook, mean);
  const [model = 'none'] = [...weights].toSorted((a, b) => b[1] - a[1]).map(([name]) => name);
  return {
    id: outlook.prepared.timeline.series.id,
    ok: reason === undefined,
    model,
    weights: Object.fromEntries(weights),
    mean,
    ...errors.periodQuantiles(outlook, mean),
    leadTime: leadTimeDemand(parts, sums),
    ...(reason === undefined && { sums }),
    diagnostics: diagnosticsOf(parts, pooled),
  };
}

function coldParts(prepared: Prepared, peers: Peers | null): Parts {
  const { forecast, scale } = coldStart(prepared, peers);
  const level = forecast.length > 0 ? forecast.reduce((sum, value) => sum + value, 0) / forecast.length : 0;
  const outlook: Outlook = {
    prepared,
    demand: classifyDemand(prepared.y),
    forecasts: new Map([['cold-start', forecast]]),
    scale,
    level,
  };
  const reason = prepared.y.length === 0 && peers === null ? 'no demand yet, and no similar product to learn from' : undefined;
  return {
    outlook,
    mean: forecast,
    weights: new Map([['cold-start', 1]]),
    trials: [],
    ...(reason === undefined ? {} : { reason }),
  };
}

/** Peers of a series: its group's, or everybody's where it has none. */
function peerLookup(warm: readonly Prepared[]): (prepared: Prepared) => Peers | null {
  const everyone = learnPeers(warm);
  const byGroup = new Map<string, Peers | null>();
  return ({ timeline: { series } }) => {
    const { group } = series;
    if (group === undefined) return everyone;
    if (!byGroup.has(group)) byGroup.set(group, learnPeers(warm.filter((one) => one.timeline.series.group === group)));
    return byGroup.get(group) ?? everyone;
  };
}

/** In series of so many periods a model that was found at an earlier origin is still the right one; shorter ones are searched anew. */
const LONG = 200;

/** Forecasts the valid series of one frequency. */
function forecastPool(series: readonly SeriesInput[], known: FrequencyKnowledge | undefined): SeriesForecast[] {
  const { trials, memories, final, knowledge } = study(series.map(timelineOf), known);
  const pooled = knowledge.weights.all;
  const errors = new ErrorDistribution(trials, knowledge.weights);
  const warm = final.filter(isWarm);
  const memory = final.flatMap((one, k) => (isWarm(one) ? [one.y.length >= LONG ? memories[k]! : {}] : []));
  const view = { season: knowledge.season, boosting: knowledge.boosting.present };
  const outlooks = new Map(outlooksOf(warm, memory, view).map((outlook) => [outlook.prepared, outlook]));
  const peersOf = peerLookup(warm);
  return final.map((prepared, k) => {
    const outlook = outlooks.get(prepared);
    if (outlook === undefined) return assemble(coldParts(prepared, peersOf(prepared)), errors, pooled);
    const weights = weigh(pooled, outlook.demand.class, outlook.forecasts);
    const mean = combine(outlook.forecasts, weights);
    return assemble({ outlook, mean, weights, trials: trials[k]! }, errors, pooled);
  });
}

function refused(series: SeriesInput, reason: string): SeriesForecast {
  const length = Number.isInteger(series.horizon) && series.horizon > 0 ? Math.min(series.horizon, 730) : 0;
  const zeros = (): Float64Array => new Float64Array(length);
  return {
    id: series.id,
    ok: false,
    model: 'none',
    weights: {},
    mean: zeros(),
    q025: zeros(),
    q10: zeros(),
    q50: zeros(),
    q80: zeros(),
    q90: zeros(),
    q95: zeros(),
    q975: zeros(),
    q99: zeros(),
    leadTime: null,
    diagnostics: { class: 'dead', adi: Infinity, cv2: 0, length: 0, usable: 0, origins: 0, mase: NaN, effects: {}, reason },
  };
}

/**
 * Forecasts a batch of series; the result has the order of the input and depends on nothing but the input (no clock, no randomness).
 * Series of one frequency learn from each other (effects, weights, errors), so a batch should hold what belongs together: one store, or
 * one tenant's products of one kind; 50 to 500 series.
 *
 * Pipeline: mask gaps, closed days and stock-outs -> multiplicative effects, pooled then own -> rolling origins -> weights by class, shrunk ->
 * ensemble -> conformal quantiles. A series that cannot be forecast comes back with `ok: false` and a reason; it never fails the batch.
 *
 * @param knowledge what a sample of all series has taught (`learnPool`); without it the batch learns from itself alone
 */
export function forecastBatch(series: readonly SeriesInput[], knowledge?: PoolKnowledge): SeriesForecast[] {
  const results: SeriesForecast[] = [];
  const pools = new Map<Frequency, number[]>();
  series.forEach((one, k) => {
    const reason = invalidReason(one);
    if (reason !== null) results[k] = refused(one, reason);
    else if (pools.has(one.freq)) pools.get(one.freq)!.push(k);
    else pools.set(one.freq, [k]);
  });
  for (const [freq, indices] of pools) {
    const pool = indices.map((k) => series[k]!);
    forecastPool(pool, knowledge?.frequencies[freq]).forEach((forecast, i) => (results[indices[i]!] = forecast));
  }
  return results;
}
