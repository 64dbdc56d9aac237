import { mean, variance } from './statistics.js';

/** Critical value of the level statistic at 5 % (Kwiatkowski et al. 1992, table 1). */
export const KPSS_LEVEL_5_PERCENT = 0.463;

/**
 * KPSS statistic of stationarity about a level: n^-2 * sum_t S_t^2 / s^2(l), S_t = partial sums of the deviations from the mean, s^2(l) = their
 * long-run variance with Bartlett weights 1 - k/(l+1). Large = not stationary; 0 for a constant.
 *
 * Source: Kwiatkowski, Phillips, Schmidt & Shin (1992), "Testing the null hypothesis of stationarity against the alternative of a unit root",
 * Journal of Econometrics 54.
 *
 * @param lags l; by default trunc(4 * (n/100)^(1/4)), their l4
 */
export function kpssLevel(values: Float64Array, lags = Math.trunc(4 * (values.length / 100) ** 0.25)): number {
  const n = values.length;
  if (n < 3) return 0;
  const centre = mean(values);
  let partial = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    partial += values[i]! - centre;
    squares += partial * partial;
  }
  let longRun = variance(values);
  if (longRun <= 1e-12 * centre * centre) return 0;
  for (let lag = 1; lag <= Math.min(lags, n - 1); lag++) {
    let covariance = 0;
    for (let i = lag; i < n; i++) covariance += (values[i]! - centre) * (values[i - lag]! - centre);
    longRun += (2 * (1 - lag / (lags + 1)) * covariance) / n;
  }
  return longRun > 0 ? squares / (n * n * longRun) : Infinity;
}

/** First differences. */
export function difference(values: Float64Array): Float64Array {
  const differences = new Float64Array(Math.max(0, values.length - 1));
  for (let i = 0; i < differences.length; i++) differences[i] = values[i + 1]! - values[i]!;
  return differences;
}

/**
 * Whether a series must be differenced once (0 or 1) to be stationary: KPSS at 5 %, as Hyndman & Khandakar (2008) choose d. Fewer than ten values never are.
 */
export function differencesNeeded(values: Float64Array): 0 | 1 {
  return values.length >= 10 && kpssLevel(values) > KPSS_LEVEL_5_PERCENT ? 1 : 0;
}
