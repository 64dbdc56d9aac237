import { learnPool, type PoolKnowledge } from './knowledge.js';
import { forecastBatch } from './forecast-batch.js';
import type { SeriesForecast, SeriesInput } from './series.js';

/** What a forecast thread is asked for. */
export type ForecastTask =
  | { kind: 'forecast'; series: readonly SeriesInput[]; knowledge?: PoolKnowledge }
  | { kind: 'learn'; series: readonly SeriesInput[] };

const CURVES = ['mean', 'q025', 'q10', 'q50', 'q80', 'q90', 'q95', 'q975', 'q99'] as const;
type Curve = (typeof CURVES)[number];
const isCurve = (name: string): boolean => (CURVES as readonly string[]).includes(name);

/** A forecast without its curves. */
type Head = Omit<SeriesForecast, Curve> & { periods: number };

/** The forecasts of a batch as one block of numbers, which moves to the other thread without a copy, and what is said beside them. */
export interface PackedForecasts {
  heads: Head[];
  /** of each series its curves, one after the other, in the order of CURVES */
  values: Float64Array<ArrayBuffer>;
}

/** What a thread answers: a batch's forecasts, or what was learned. */
export type ForecastAnswer = { forecasts: PackedForecasts } | { knowledge: PoolKnowledge };

export function packForecasts(forecasts: readonly SeriesForecast[]): PackedForecasts {
  const values = new Float64Array(forecasts.reduce((sum, { mean }) => sum + mean.length * CURVES.length, 0));
  let at = 0;
  const heads = forecasts.map((forecast): Head => {
    for (const curve of CURVES) {
      values.set(forecast[curve], at);
      at += forecast[curve].length;
    }
    const head = Object.fromEntries(Object.entries(forecast).filter(([name]) => !isCurve(name))) as Omit<SeriesForecast, Curve>;
    return { ...head, periods: forecast.mean.length };
  });
  return { heads, values };
}

/** The forecasts again; their curves are views on the one block. */
export function unpackForecasts({ heads, values }: PackedForecasts): SeriesForecast[] {
  let at = 0;
  const next = (periods: number): Float64Array => values.subarray(at, (at += periods));
  return heads.map(({ periods, ...head }) => {
    const curves = Object.fromEntries(CURVES.map((curve) => [curve, next(periods)])) as Record<Curve, Float64Array>;
    return { ...head, ...curves };
  });
}

/** Does what a thread is asked for. */
export function workOnTask(task: ForecastTask): ForecastAnswer {
  return task.kind === 'learn'
    ? { knowledge: learnPool(task.series) }
    : { forecasts: packForecasts(forecastBatch(task.series, task.knowledge)) };
}
