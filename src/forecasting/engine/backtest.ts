import { classifyDemand, DemandProfile, isSparse } from '../models/demand-class.js';
import { mean, meanAbsoluteDifference } from '../models/statistics.js';
import { FitMemory, forecastCandidates } from './candidates.js';
import { Timeline } from './drivers.js';
import { Prepared, prepare } from './effects.js';
import { rollingOrigins, shortestHistory } from './origins.js';
import { seasonLength, SeriesInput } from './series.js';

/** All models' forecasts of one series at one origin, effects and closed days put back. */
export interface Outlook {
  prepared: Prepared;
  demand: DemandProfile;
  forecasts: Map<string, Float64Array>;
  /** typical one-season difference of the cleaned series: unit of errors and of the spread */
  scale: number;
  /** relative spread of each period: season and effects widen it */
  shape: Float64Array;
}

/** An outlook whose truth is known. */
export interface Trial extends Outlook {
  /** demand of the periods after the origin; NaN where unknown, closed or out of stock */
  actual: Float64Array;
  /** error of each model, in units of the scale */
  losses: Map<string, number>;
}

/** Season with which a series of this length can be modelled: 52 weeks need three years. */
export function usableSeason(freq: SeriesInput['freq'], length: number): number {
  const m = seasonLength(freq);
  return freq === 'W' && length < 3 * m ? 1 : m;
}

function spreadShape(season: Float64Array | null, prepared: Prepared): Float64Array {
  const { y, factors } = prepared;
  return factors.map((factor, h) => {
    const index = season === null ? 1 : season[(y.length + h) % season.length]!;
    return index * Math.sqrt(Math.max(1, factor));
  });
}

/** Runs all candidates on a prepared series. */
export function outlookOf(prepared: Prepared, memory: FitMemory): Outlook {
  const { y, factors, timeline } = prepared;
  const m = usableSeason(timeline.series.freq, y.length);
  const demand = classifyDemand(y);
  const { forecasts, season } = forecastCandidates(y, m, timeline.series.horizon, demand, memory);
  for (const forecast of forecasts.values()) for (let h = 0; h < forecast.length; h++) forecast[h]! *= factors[h]!;
  const difference = meanAbsoluteDifference(y, seasonLength(timeline.series.freq) < y.length / 2 ? m : 1);
  const scale = Math.max(Number.isFinite(difference) ? difference : 0, 0.05 * mean(y), 1e-3);
  const shape = spreadShape(season?.form === 'multiplicative' ? season.indices : null, prepared);
  return { prepared, demand, forecasts, scale, shape };
}

function actualsAfter(timeline: Timeline, origin: number): Float64Array {
  const { series, usable, n } = timeline;
  const actual = new Float64Array(series.horizon).fill(NaN);
  for (let h = 0; h < actual.length && origin + h < n; h++)
    if (usable[origin + h] === 1) actual[h] = Math.max(0, series.y[origin + h]!);
  return actual;
}

/** Smooth demand: mean of MAE and RMSE; sparse demand: RMSE alone, since the absolute error rewards forecasting zero. */
function lossOf(forecast: Float64Array, actual: Float64Array, sparse: boolean): number {
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
  if (count === 0) return NaN;
  const rmse = Math.sqrt(squares / count);
  return sparse ? rmse : 0.5 * (absolute / count + rmse);
}

/** Judges an outlook by what happened; null when nothing is known of those periods. */
function judge(outlook: Outlook, timeline: Timeline): Trial | null {
  const actual = actualsAfter(timeline, outlook.prepared.n);
  const losses = new Map<string, number>();
  for (const [name, forecast] of outlook.forecasts) {
    const loss = lossOf(forecast, actual, isSparse(outlook.demand.class));
    if (Number.isNaN(loss)) return null;
    losses.set(name, loss / outlook.scale);
  }
  return { ...outlook, actual, losses };
}

export interface Backtest {
  /** trials of each series, oldest first */
  trials: Trial[][];
  memories: FitMemory[];
}

/** Backtests the series of a pool: at each rank of origin (oldest first) the effects are estimated anew from the history before it. */
export function backtest(timelines: readonly Timeline[], firsts: readonly number[]): Backtest {
  const origins = timelines.map((timeline, k) => rollingOrigins(timeline.n, firsts[k]!, timeline.series));
  const trials: Trial[][] = timelines.map(() => []);
  const memories: FitMemory[] = timelines.map(() => ({}));
  const ranks = Math.max(0, ...origins.map((list) => list.length));
  for (let rank = ranks; rank >= 1; rank--) {
    // series with fewer origins take part in the later ones
    const taking = timelines.map((_, k) => k).filter((k) => origins[k]!.length >= rank);
    const prepared = prepare(
      taking.map((k) => timelines[k]!),
      taking.map((k) => origins[k]!.at(-rank)!),
    );
    prepared.forEach((one, i) => {
      const k = taking[i]!;
      if (one.y.length < shortestHistory(one.timeline.series.freq)) return;
      const trial = judge(outlookOf(one, memories[k]!), timelines[k]!);
      if (trial !== null) trials[k]!.push(trial);
    });
  }
  return { trials, memories };
}
