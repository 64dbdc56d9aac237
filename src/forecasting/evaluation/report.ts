import type { SeriesForecast } from '../engine/series.js';
import { periodDate } from '../engine/series.js';
import { BASELINES, type Baseline } from './baselines.js';
import type { GroupScore } from './evaluate.js';
import type { SampleSeries } from './sample.js';

const number = (value: number): string => String(Number(value.toPrecision(10)));
const numbers = (values: readonly number[]): string => values.map(number).join(',');

/** `series_id,ds,yhat,lo80,hi80,lo95,hi95,q50`: one line for each period of each series. */
export function* forecastLines(series: readonly SampleSeries[], forecasts: readonly SeriesForecast[]): Generator<string> {
  for (const [k, { id, start, freq, y, horizon }] of series.entries()) {
    const { mean, q10, q90, q025, q975, q50 } = forecasts[k]!;
    for (let h = 0; h < horizon; h++) {
      const day = periodDate(start, freq, y.length + h)
        .toISOString()
        .slice(0, 10);
      yield `${id},${day},${numbers([mean[h]!, q10[h]!, q90[h]!, q025[h]!, q975[h]!, q50[h]!])}\n`;
    }
  }
}
export const FORECAST_HEAD = 'series_id,ds,yhat,lo80,hi80,lo95,hi95,q50\n';

/** `series_id,q50,q80,q90,q95,q99` of the demand summed over the lead time. */
export function* leadTimeLines(forecasts: readonly SeriesForecast[]): Generator<string> {
  for (const { id, leadTime } of forecasts)
    if (leadTime) yield `${id},${numbers([leadTime.q50, leadTime.q80, leadTime.q90, leadTime.q95, leadTime.q99])}\n`;
}
export const LEAD_TIME_HEAD = 'series_id,q50,q80,q90,q95,q99\n';

/** Groups in which more than half of the periods sell nothing are judged by the squared error: the absolute one rewards a forecast of zero. */
export function isSparseGroup(series: readonly SampleSeries[]): boolean {
  const sparse = series.filter(({ y }) => {
    const known = y.filter((value) => Number.isFinite(value));
    return known.filter((value) => value > 0).length < known.length / 1.32;
  });
  return sparse.length > series.length / 2;
}

export interface Judgement {
  metric: 'mase' | 'rmsse';
  engine: number;
  best: Baseline;
  bestValue: number;
  ratio: number;
}

/** The engine's error over that of the best baseline of the group. */
export function judge({ engine, baselines }: GroupScore, metric: 'mase' | 'rmsse'): Judgement {
  const best = BASELINES.reduce((a, b) => (baselines[b][metric] < baselines[a][metric] ? b : a));
  const bestValue = baselines[best][metric];
  return { metric, engine: engine[metric], best, bestValue, ratio: engine[metric] / bestValue };
}

export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

/** Columns of equal width; the first is text, the others stand right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, k) => Math.max(...rows.map((row) => row[k]!.length)));
  return rows
    .map((row) => row.map((cell, k) => (k === 0 ? cell.padEnd(widths[k]!) : cell.padStart(widths[k]!))).join('  '))
    .join('\n');
}
