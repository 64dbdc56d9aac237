import type { SeriesForecast } from '../engine/series.js';
import type { RunMetrics } from './runs.repository.js';

/** Figures of one batch: the mean scaled error of the series that have one, and how often each model was the heaviest. */
export function metricsOf(forecasts: readonly SeriesForecast[]): RunMetrics {
  const models: Record<string, number> = {};
  let scored = 0;
  let sum = 0;
  for (const { ok, model, diagnostics } of forecasts) {
    if (!ok) continue;
    models[model] = (models[model] ?? 0) + 1;
    if (!Number.isFinite(diagnostics.mase)) continue;
    scored++;
    sum += diagnostics.mase;
  }
  return { mase: scored > 0 ? sum / scored : 0, scored, models };
}

/** Figures of a run. They are added in the order of the plan, so that they do not depend on who was ready first. */
export function mergeMetrics(batches: readonly RunMetrics[]): RunMetrics {
  const models: Record<string, number> = {};
  let scored = 0;
  let sum = 0;
  for (const batch of batches) {
    scored += batch.scored;
    sum += batch.mase * batch.scored;
    for (const [name, count] of Object.entries(batch.models)) models[name] = (models[name] ?? 0) + count;
  }
  return { mase: scored > 0 ? Math.round((sum / scored) * 10_000) / 10_000 : 0, scored, models };
}
