import { adida, imapa } from '../models/adida.js';
import { fitArmaRegression, forecastArmaRegression } from '../models/arma/arma-regression.js';
import { searchArmaRegression } from '../models/arma/arma-search.js';
import { fitAutoregression, forecastAutoregression } from '../models/autoregression.js';
import type { ArmaMemory } from './driver-regression.js';
import { deseasonalise, Deseasonalised, isSeasonal, reseasonalise } from '../models/decomposition.js';
import { DemandProfile, isSparse } from '../models/demand-class.js';
import { fitDynamicTheta } from '../models/dynamic-theta.js';
import { dampedTrend, EtsFit, fitEts, forecastEts } from '../models/ets.js';
import { LONGEST_SEASON, searchEts } from '../models/ets-search.js';
import { fitIntermittent } from '../models/intermittent.js';
import { seasonalNaive } from '../models/seasonal-naive.js';
import { fitSimpleSmoothing } from '../models/simple-smoothing.js';
import { mean } from '../models/statistics.js';
import { theta } from '../models/theta.js';

/** What was found at an earlier origin of the same backtest: later ones need no search, which makes a backtest affordable. */
export interface FitMemory {
  damped?: EtsFit;
  ets?: EtsFit;
  arma?: ArmaMemory;
  regression?: ArmaMemory;
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

function etsForecast(y: Float64Array, m: number, horizon: number, memory: FitMemory): Float64Array {
  const known = memory.ets;
  memory.ets = known === undefined ? searchEts(y, m, { dampedOnly: true }) : fitEts(y, m, known.spec, known);
  return forecastEts(memory.ets, horizon);
}

/** older periods say little of how a level moves today */
const LONGEST_ARMA = 730;

function armaForecast(all: Float64Array, horizon: number, memory: FitMemory): Float64Array {
  const level = all.subarray(Math.max(0, all.length - LONGEST_ARMA));
  const fit =
    memory.arma === undefined ? searchArmaRegression(level, []) : fitArmaRegression(level, [], memory.arma, { d: memory.arma.d });
  memory.arma = { p: fit.phi.length, q: fit.theta.length, d: fit.d };
  return forecastArmaRegression(fit, [], horizon).mean;
}

/** half of a drift found in the past is expected to last */
const LASTING_DRIFT = 0.5;

/** Level-and-trend models of a series without season, which need demand in most periods. */
function continuous(level: Float64Array, horizon: number, memory: FitMemory, thorough: boolean): Map<string, Float64Array> {
  const cheap: [string, Float64Array][] = [
    ['dynamic-theta', fitDynamicTheta(level, horizon).forecast],
    ['autoregression', forecastAutoregression(fitAutoregression(level), level, horizon, LASTING_DRIFT)],
  ];
  if (!thorough) return new Map(cheap);
  const damped = dampedTrend(level, horizon, memory.damped);
  memory.damped = damped.fit;
  return new Map([...cheap, ['damped-trend', damped.forecast], ['arma', armaForecast(level, horizon, memory)]]);
}

/** Models of demand that comes now and then: a flat rate each. */
function intermittent(y: Float64Array): Map<string, number> {
  return new Map([
    ['sba', fitIntermittent(y, 'sba', 'start').rate],
    ['tsb', fitIntermittent(y, 'tsb', 'start').rate],
    ['adida', adida(y)],
    ['imapa', imapa(y)],
  ]);
}

/**
 * Forecasts of every candidate model for one cleaned series.
 *
 * @param m season length (1 = none)
 * @param memory is read and updated
 * @param thorough also the models that cost most
 */
export function forecastCandidates(
  y: Float64Array,
  m: number,
  horizon: number,
  demand: DemandProfile,
  memory: FitMemory,
  thorough = true,
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
  if (isSparse(demand.class) || mean(y) < SLOW_MEAN) for (const [name, rate] of intermittent(y)) add(name, flat(rate, horizon));
  forecasts.set(m > 1 ? 'seasonal-naive' : 'naive', seasonalNaive(y, m, horizon));
  if (!isSparse(demand.class)) {
    for (const [name, forecast] of continuous(level, horizon, memory, thorough)) add(name, forecast);
    if (thorough && m <= LONGEST_SEASON) forecasts.set('ets', etsForecast(y, m, horizon, memory));
  }
  const largest = y.reduce((a, b) => Math.max(a, b), 0);
  for (const forecast of forecasts.values()) bound(forecast, largest);
  return { forecasts, season };
}
