import { mean } from './statistics.js';

export type SeasonalForm = 'additive' | 'multiplicative';

/**
 * Is there a season of length m? True when the autocorrelation at lag m exceeds its own standard error,
 * |r_m| > z * sqrt((1 + 2 * sum_{l<m} r_l^2) / n), z = 1.645.
 *
 * Source: the seasonality test of the M4 competition's benchmarks (Makridakis, Spiliotis & Assimakopoulos 2020), after Fiorucci et al. (2016).
 * False for fewer than three seasons.
 */
export function isSeasonal(y: Float64Array, m: number, critical = 1.645): boolean {
  const n = y.length;
  if (m < 2 || n < Math.max(3 * m, 2 * m + 2)) return false;
  const centre = mean(y);
  let total = 0;
  for (let i = 0; i < n; i++) total += (y[i]! - centre) ** 2;
  if (total <= 0) return false;
  let squares = 0;
  let atSeason = 0;
  for (let lag = 1; lag <= m; lag++) {
    let covariance = 0;
    for (let i = lag; i < n; i++) covariance += (y[i]! - centre) * (y[i - lag]! - centre);
    const r = covariance / total;
    if (lag < m) squares += r * r;
    else atSeason = r;
  }
  return Math.abs(atSeason) > (critical / Math.sqrt(n)) * Math.sqrt(1 + 2 * squares);
}

/** Centred moving average of length m (2 x m for an even m); NaN where the window does not fit. */
export function centredMovingAverage(y: Float64Array, m: number): Float64Array {
  const n = y.length;
  const half = m >> 1;
  const trend = new Float64Array(n).fill(NaN);
  if (n < 2 * half + 1) return trend;
  const even = m % 2 === 0;
  let sum = 0;
  for (let j = 0; j <= 2 * half; j++) sum += y[j]!;
  for (let i = half; i < n - half; i++) {
    if (i > half) sum += y[i + half]! - y[i - half - 1]!;
    trend[i] = (even ? sum - 0.5 * (y[i - half]! + y[i + half]!) : sum) / m;
  }
  return trend;
}

/**
 * Seasonal indices by classical decomposition: mean of y/trend (or y - trend) per position in the season, trend = centred moving average,
 * normalised to mean 1 (or 0). Index p belongs to observations with i % m === p.
 *
 * Source: Hyndman & Athanasopoulos, Forecasting: Principles and Practice (2nd ed.), section 6.3.
 */
export function seasonalIndices(y: Float64Array, m: number, form: SeasonalForm): Float64Array {
  const multiplicative = form === 'multiplicative';
  const trend = centredMovingAverage(y, m);
  const indices = new Float64Array(m);
  const counts = new Float64Array(m);
  for (let i = 0; i < y.length; i++) {
    const level = trend[i]!;
    if (Number.isNaN(level) || (multiplicative && level <= 0)) continue;
    indices[i % m]! += multiplicative ? y[i]! / level : y[i]! - level;
    counts[i % m]!++;
  }
  for (let p = 0; p < m; p++) indices[p] = counts[p]! > 0 ? indices[p]! / counts[p]! : multiplicative ? 1 : 0;
  const centre = mean(indices);
  for (let p = 0; p < m; p++) indices[p] = multiplicative ? (centre > 0 ? indices[p]! / centre : 1) : indices[p]! - centre;
  return indices;
}

/** A season taken out of a series, with what is needed to put it back. */
export interface Deseasonalised {
  form: SeasonalForm;
  indices: Float64Array;
  values: Float64Array;
}

/** Divides (or subtracts) the seasonal indices. */
export function deseasonalise(y: Float64Array, m: number, form: SeasonalForm): Deseasonalised {
  const indices = seasonalIndices(y, m, form);
  const values = new Float64Array(y.length);
  for (let i = 0; i < y.length; i++) {
    const index = indices[i % m]!;
    values[i] = form === 'multiplicative' ? y[i]! / index : y[i]! - index;
  }
  return { form, indices, values };
}

/** Puts the season back into a forecast whose first value stands at position `origin` of the series; changes and returns it. */
export function reseasonalise(forecast: Float64Array, season: Deseasonalised | null, origin: number): Float64Array {
  if (season === null) return forecast;
  const m = season.indices.length;
  for (let i = 0; i < forecast.length; i++) {
    const index = season.indices[(origin + i) % m]!;
    forecast[i] = season.form === 'multiplicative' ? forecast[i]! * index : forecast[i]! + index;
  }
  return forecast;
}
