import { findSeason } from '../engine/candidates.js';
import { reseasonalise } from '../models/decomposition.js';
import { forecastEts } from '../models/ets.js';
import { searchEts } from '../models/ets-search.js';
import { fitIntermittent } from '../models/intermittent.js';
import { seasonalNaive } from '../models/seasonal-naive.js';
import { theta } from '../models/theta.js';

export const BASELINES = ['seasonal-naive', 'theta', 'ets', 'croston', 'sba', 'tsb'] as const;
export type Baseline = (typeof BASELINES)[number];

/** A straight line from one known value to the next. */
function bridge(y: Float64Array, from: number, to: number): void {
  for (let i = from + 1; i < to; i++) y[i] = y[from]! + ((y[to]! - y[from]!) * (i - from)) / (to - from);
}

/** The known values, gaps closed by a straight line; before the first and after the last, that one. */
export function interpolated(y: Float64Array): Float64Array {
  const filled = Float64Array.from(y);
  let last = -1;
  for (let i = 0; i < filled.length; i++) {
    if (!Number.isFinite(filled[i])) continue;
    if (last < 0) filled.fill(filled[i]!, 0, i);
    else bridge(filled, last, i);
    last = i;
  }
  return last < 0 ? filled.fill(0) : filled.fill(filled[last]!, last + 1);
}

/**
 * Textbook methods on one series alone, each as its authors or the competitions run it, without effects, weights or bounds: what an
 * ensemble has to beat. Negative forecasts of demand count as none.
 */
export function baselineForecasts(y: Float64Array, m: number, horizon: number): Record<Baseline, Float64Array> {
  const known = interpolated(y);
  const season = m > 1 ? findSeason(known, m) : null;
  const level = season?.values ?? known;
  const flat = (rate: number): Float64Array => new Float64Array(horizon).fill(rate);
  const forecasts: Record<Baseline, Float64Array> = {
    'seasonal-naive': seasonalNaive(known, m, horizon),
    theta: reseasonalise(theta(level, horizon), season, known.length),
    ets: forecastEts(searchEts(known, m), horizon),
    croston: flat(fitIntermittent(known, 'croston').rate),
    sba: flat(fitIntermittent(known, 'sba').rate),
    tsb: flat(fitIntermittent(known, 'tsb').rate),
  };
  for (const forecast of Object.values(forecasts)) forecast.forEach((value, h) => (forecast[h] = value > 0 ? value : 0));
  return forecasts;
}
