import { deseasonalise, Deseasonalised, isSeasonal, reseasonalise } from '../models/decomposition.js';
import { DemandProfile, isSparse } from '../models/demand-class.js';
import { DynamicThetaStart, fitDynamicTheta } from '../models/dynamic-theta.js';
import { dampedTrend, EtsFit, fitEts, forecastEts } from '../models/ets.js';
import { LONGEST_SEASON, searchEts } from '../models/ets-search.js';
import { fitIntermittent, IntermittentMethod } from '../models/intermittent.js';
import { seasonalNaive } from '../models/seasonal-naive.js';
import { fitSimpleSmoothing } from '../models/simple-smoothing.js';
import { mean } from '../models/statistics.js';
import { theta } from '../models/theta.js';

/** Parameters found at an earlier origin of the same series: later fits start near them, which makes a backtest affordable. */
export interface FitMemory {
  dynamicTheta?: DynamicThetaStart;
  damped?: EtsFit;
  ets?: EtsFit;
}

export interface Candidates {
  forecasts: Map<string, Float64Array>;
  season: Deseasonalised | null;
}

/** Series whose mean is below this many units a period also get the intermittent methods. */
const SLOW_MEAN = 30;
const SMALLEST_INDEX = 0.05;

/** Takes the season out when there is one; multiplicative for positive or fast-selling demand, as effects of shops multiply. */
export function findSeason(y: Float64Array, m: number): Deseasonalised | null {
  if (!isSeasonal(y, m)) return null;
  const positive = y.every((value) => value > 0);
  if (positive || mean(y) > 20) {
    const season = deseasonalise(y, m, 'multiplicative');
    if (season.indices.every((index) => index >= SMALLEST_INDEX)) return season;
  }
  return deseasonalise(y, m, 'additive');
}

function tail(y: Float64Array, length: number): number {
  return mean(y.subarray(Math.max(0, y.length - length)));
}

function flat(value: number, horizon: number): Float64Array {
  return new Float64Array(horizon).fill(value);
}

/** A forecast is never negative nor beyond twice the largest value seen plus one. */
function bound(forecast: Float64Array, largest: number): Float64Array {
  const ceiling = 2 * largest + 1;
  for (let i = 0; i < forecast.length; i++) {
    if (!(forecast[i]! > 0)) forecast[i] = 0;
    else if (forecast[i]! > ceiling) forecast[i] = ceiling;
  }
  return forecast;
}

/** Level-and-trend models, which need demand in most periods. */
function continuous(
  y: Float64Array,
  level: Float64Array,
  m: number,
  horizon: number,
  memory: FitMemory,
): Map<string, Float64Array> {
  const dynamic = fitDynamicTheta(level, horizon, memory.dynamicTheta);
  memory.dynamicTheta = dynamic;
  const damped = dampedTrend(level, horizon, memory.damped);
  memory.damped = damped.fit;
  const forecasts = new Map([
    ['dynamic-theta', dynamic.forecast],
    ['damped-trend', damped.forecast],
  ]);
  if (m <= LONGEST_SEASON) {
    const known = memory.ets;
    memory.ets = known === undefined ? searchEts(y, m, { dampedOnly: true }) : fitEts(y, m, known.spec, known);
    forecasts.set('ets', forecastEts(memory.ets, horizon));
  }
  return forecasts;
}

/**
 * Forecasts of every candidate model for one cleaned series.
 *
 * @param m season length (1 = none); `memory` is read and updated
 */
export function forecastCandidates(
  y: Float64Array,
  m: number,
  horizon: number,
  demand: DemandProfile,
  memory: FitMemory,
): Candidates {
  const n = y.length;
  const season = m > 1 ? findSeason(y, m) : null;
  const level = season?.values ?? y;
  const forecasts = new Map<string, Float64Array>();
  const add = (name: string, forecast: Float64Array): void => void forecasts.set(name, reseasonalise(forecast, season, n));
  add('ses', flat(fitSimpleSmoothing(level).level, horizon));
  add('theta', theta(level, horizon));
  add('recent-mean', flat(tail(level, 8 * Math.max(m, 2)), horizon));
  add('long-mean', flat(tail(level, Math.max(12, Math.round(n / 2))), horizon));
  if (isSparse(demand.class) || mean(y) < SLOW_MEAN) {
    for (const method of ['sba', 'tsb'] as IntermittentMethod[]) add(method, flat(fitIntermittent(y, method).rate, horizon));
  }
  forecasts.set(m > 1 ? 'seasonal-naive' : 'naive', seasonalNaive(y, m, horizon));
  if (!isSparse(demand.class)) {
    for (const [name, forecast] of continuous(y, level, m, horizon, memory)) {
      if (name === 'ets') forecasts.set(name, forecast);
      else add(name, forecast);
    }
  }
  const largest = y.reduce((a, b) => Math.max(a, b), 0);
  for (const forecast of forecasts.values()) bound(forecast, largest);
  return { forecasts, season };
}
