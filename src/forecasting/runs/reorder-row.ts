import { meanOfSum, quantileOfSum, type DemandSums } from '../engine/demand-sums.js';
import type { SeriesForecast } from '../engine/series.js';
import type { DemandClass } from '../models/demand-class.js';
import type { SeriesPair } from './series-batches.js';

/** The demand of a lead time as it is stored: forecast_type 'reorder'. */
export interface ReorderRow {
  /** the lead time in days, one at least */
  periods: number;
  mean: number;
  q10: number;
  q50: number;
  q90: number;
  q95: number;
  q99: number;
  metadata: { sums: DemandSums; class: DemandClass };
}

const round = (value: number): number => Math.round(value * 10_000) / 10_000;

/** Null for a series whose forecast says nothing of sums. */
export function reorderRow(
  { leadTimeDays }: Pick<SeriesPair, 'leadTimeDays'>,
  { sums, diagnostics }: SeriesForecast,
): ReorderRow | null {
  if (sums === undefined || sums.lengths.length === 0) return null;
  const periods = Math.max(1, leadTimeDays);
  const quantile = (probability: number): number => quantileOfSum(sums, periods, probability);
  return {
    periods,
    mean: meanOfSum(sums, periods),
    q10: quantile(0.1),
    q50: quantile(0.5),
    q90: quantile(0.9),
    q95: quantile(0.95),
    q99: quantile(0.99),
    metadata: {
      sums: { ...sums, values: sums.values.map((row) => row.map(round)), means: sums.means.map(round) },
      class: diagnostics.class,
    },
  };
}
