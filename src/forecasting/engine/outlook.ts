import { classifyDemand, isSparse, type DemandProfile } from '../models/demand-class.js';
import { mean, variance, meanAbsoluteDifference } from '../models/statistics.js';
import { type PoolBoosting, predictPool } from './boosting.js';
import { type FitMemory, forecastCandidates } from './candidates.js';
import { driverRegression } from './driver-regression.js';
import type { Prepared } from './effects.js';
import { seasonLength, type SeriesInput } from './series.js';
import { seasonAt, type YearlySeason, yearPositions } from './yearly-season.js';

/** All models' forecasts of one series at one origin, effects, season of the year and closed days put back. */
export interface Outlook {
  prepared: Prepared;
  demand: DemandProfile;
  forecasts: Map<string, Float64Array>;
  /** typical one-season difference of the cleaned series: unit of errors and of the spread */
  scale: number;
  /** mean of the cleaned series: a period whose forecast is higher spreads wider */
  level: number;
}

/** What the series of a pool know of each other at one origin. */
export interface PoolView {
  season: YearlySeason | null;
  boosting: PoolBoosting | null;
}

/** Season with which a series of this length can be modelled: 52 weeks need three years. */
export function usableSeason(freq: SeriesInput['freq'], length: number): number {
  const m = seasonLength(freq);
  return freq === 'W' && length < 3 * m ? 1 : m;
}

function multiplied(forecast: Float64Array, factors: Float64Array): Float64Array {
  return forecast.map((value, h) => value * factors[h]!);
}

/** Candidates of the series without its season of the year, which is then put back: the cheaper models, since they differ little by it. */
function seasonalForecasts(prepared: Prepared, season: YearlySeason, demand: DemandProfile): Map<string, Float64Array> {
  const { y, timeline, first } = prepared;
  const { freq, horizon, start } = timeline.series;
  const factors = seasonAt(season, yearPositions({ y, start, first, freq }, y.length + horizon));
  const level = y.map((value, i) => value / factors[i]!);
  const { forecasts } = forecastCandidates(level, usableSeason(freq, y.length), horizon, demand, {}, false);
  const ahead = factors.subarray(y.length);
  return new Map([...forecasts].map(([name, forecast]) => [`${name}+year`, multiplied(forecast, ahead)]));
}

function outlookOf(
  prepared: Prepared,
  memory: FitMemory,
  season: YearlySeason | null,
  boosted: Float64Array | undefined,
): Outlook {
  const { y, factors, timeline } = prepared;
  const { freq, horizon } = timeline.series;
  const m = usableSeason(freq, y.length);
  const demand = classifyDemand(y);
  const { forecasts } = forecastCandidates(y, m, horizon, demand, memory);
  if (season !== null) {
    for (const [name, forecast] of seasonalForecasts(prepared, season, demand)) forecasts.set(name, forecast);
  }
  if (boosted !== undefined) forecasts.set('boosting', boosted);
  const difference = meanAbsoluteDifference(y, seasonLength(freq) < y.length / 2 ? m : 1);
  const put = new Map([...forecasts].map(([name, forecast]) => [name, multiplied(forecast, factors)]));
  const regression = driverRegression(prepared, memory);
  if (regression !== null) put.set('regression', regression);
  const level = mean(y);
  const counted = Math.sqrt(Math.sqrt(variance(y)) * Math.sqrt(level));
  return {
    prepared,
    demand,
    forecasts: put,
    scale: Math.max(isSparse(demand.class) ? counted : Number.isFinite(difference) ? difference : 0, 0.05 * level, 1e-3),
    level,
  };
}

/** Runs all candidates on the prepared series of a pool. */
export function outlooksOf(pool: readonly Prepared[], memories: readonly FitMemory[], { season, boosting }: PoolView): Outlook[] {
  const boosted = boosting === null ? null : predictPool(boosting, pool);
  return pool.map((prepared, k) => outlookOf(prepared, memories[k]!, season, boosted?.[k]));
}
