import { fitSimpleSmoothing } from './simple-smoothing.js';
import { fitLine } from './statistics.js';

/**
 * The Theta method on a series without season: mean of the theta-0 line (least-squares line, extrapolated) and of the theta-2 line
 * 2*y - line (simple exponential smoothing, flat).
 *
 * Source: Assimakopoulos & Nikolopoulos (2000), "The theta model: a decomposition approach to forecasting", IJF 16; as run in the M4 benchmarks.
 */
export function theta(y: Float64Array, horizon: number): Float64Array {
  const n = y.length;
  const { intercept, slope } = fitLine(y);
  const curved = new Float64Array(n);
  for (let i = 0; i < n; i++) curved[i] = 2 * y[i]! - (intercept + slope * (i + 1));
  const { level } = fitSimpleSmoothing(curved);
  const forecast = new Float64Array(horizon);
  for (let h = 0; h < horizon; h++) forecast[h] = 0.5 * (level + intercept + slope * (n + h + 1));
  return forecast;
}
