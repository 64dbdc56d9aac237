import { classifyDemand } from '../models/demand-class.js';
import { meanAbsoluteDifference } from '../models/statistics.js';
import { backtest, Outlook, outlookOf, Trial } from './backtest.js';
import { coldStart, learnPeers, Peers } from './cold-start.js';
import { timelineOf } from './drivers.js';
import { firstDemand, Prepared, prepare } from './effects.js';
import { ErrorDistribution } from './intervals.js';
import { shortestHistory } from './origins.js';
import {
  ForecastDiagnostics,
  Frequency,
  invalidReason,
  LeadTimeDemand,
  seasonLength,
  SeriesForecast,
  SeriesInput,
} from './series.js';
import { combine, PooledLosses, poolLosses, weigh, Weights } from './weights.js';

/** Lead time, in periods, with which sums of errors are learned when a series names none. */
const DEFAULT_LEAD_TIME: Record<Frequency, number> = { D: 7, W: 2, M: 1 };

function leadTimeOf(series: SeriesInput): number {
  const wanted = series.leadTime ?? DEFAULT_LEAD_TIME[series.freq];
  return Math.max(1, Math.min(series.horizon, Math.round(wanted)));
}

/** What one series' forecast is made of. */
interface Parts {
  outlook: Outlook;
  mean: Float64Array;
  weights: Weights;
  trials: readonly Trial[];
  reason?: string;
}

function leadTimeDemand({ outlook, mean }: Parts, errors: ErrorDistribution): LeadTimeDemand | null {
  const { series } = outlook.prepared.timeline;
  if (series.leadTime === undefined) return null;
  const periods = leadTimeOf(series);
  const total = mean.subarray(0, periods).reduce((sum, value) => sum + value, 0);
  const { q50, q80, q90, q95, q99 } = errors.sumQuantiles(outlook, total, periods);
  return { periods, mean: total, q50, q80, q90, q95, q99 };
}

/** Error of the weighted models at the backtest's origins over the one-season difference; NaN without origins. */
function backtestMase(trials: readonly Trial[], pooled: PooledLosses, prepared: Prepared): number {
  let error = 0;
  let count = 0;
  for (const trial of trials) {
    const forecast = combine(trial.forecasts, weigh(trials, pooled, trial.demand.class, trial.forecasts.keys()));
    for (let h = 0; h < forecast.length; h++) {
      if (Number.isNaN(trial.actual[h])) continue;
      error += Math.abs(trial.actual[h]! - forecast[h]!);
      count++;
    }
  }
  const scale = meanAbsoluteDifference(prepared.y, seasonLength(prepared.timeline.series.freq));
  return count > 0 && scale > 0 ? error / count / scale : NaN;
}

function diagnosticsOf({ outlook, trials, reason }: Parts, pooled: PooledLosses): ForecastDiagnostics {
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

function assemble(parts: Parts, errors: ErrorDistribution, pooled: PooledLosses): SeriesForecast {
  const { outlook, mean, weights, reason } = parts;
  const [model = 'none'] = [...weights].toSorted((a, b) => b[1] - a[1]).map(([name]) => name);
  return {
    id: outlook.prepared.timeline.series.id,
    ok: reason === undefined,
    model,
    weights: Object.fromEntries(weights),
    mean,
    ...errors.periodQuantiles(outlook, mean),
    leadTime: leadTimeDemand(parts, errors),
    diagnostics: diagnosticsOf(parts, pooled),
  };
}

function coldParts(prepared: Prepared, peers: Peers | null): Parts {
  const { forecast, scale } = coldStart(prepared, peers);
  const outlook: Outlook = {
    prepared,
    demand: classifyDemand(prepared.y),
    forecasts: new Map([['cold-start', forecast]]),
    scale,
    shape: prepared.factors.map((factor) => Math.sqrt(Math.max(1, factor))),
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

/** Forecasts the valid series of one frequency. */
function forecastPool(series: readonly SeriesInput[]): SeriesForecast[] {
  const timelines = series.map(timelineOf);
  const firsts = timelines.map((timeline) => firstDemand(timeline, timeline.n));
  const { trials, memories } = backtest(timelines, firsts);
  const pooled = poolLosses(trials.flat());
  const errors = new ErrorDistribution(trials, pooled, (trial) => leadTimeOf(trial.prepared.timeline.series));
  const final = prepare(
    timelines,
    series.map((one) => one.y.length),
  );
  const warm = final.filter((one) => one.y.length >= shortestHistory(one.timeline.series.freq));
  const everyone = learnPeers(warm);
  const byGroup = new Map<string, Peers | null>();
  const peersOf = ({ timeline }: Prepared): Peers | null => {
    const { group } = timeline.series;
    if (group === undefined) return everyone;
    if (!byGroup.has(group)) byGroup.set(group, learnPeers(warm.filter((one) => one.timeline.series.group === group)));
    return byGroup.get(group) ?? everyone;
  };
  return final.map((prepared, k) => {
    if (prepared.y.length < shortestHistory(prepared.timeline.series.freq))
      return assemble(coldParts(prepared, peersOf(prepared)), errors, pooled);
    const outlook = outlookOf(prepared, memories[k]!);
    const weights = weigh(trials[k]!, pooled, outlook.demand.class, outlook.forecasts.keys());
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
 */
export function forecastBatch(series: readonly SeriesInput[]): SeriesForecast[] {
  const results: SeriesForecast[] = [];
  const pools = new Map<Frequency, number[]>();
  series.forEach((one, k) => {
    const reason = invalidReason(one);
    if (reason !== null) results[k] = refused(one, reason);
    else if (pools.has(one.freq)) pools.get(one.freq)!.push(k);
    else pools.set(one.freq, [k]);
  });
  for (const indices of pools.values()) {
    forecastPool(indices.map((k) => series[k]!)).forEach((forecast, i) => (results[indices[i]!] = forecast));
  }
  return results;
}
