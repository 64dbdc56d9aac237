/**
 * Seasonal naive: each future value equals the last observed one of the same position in the season, f[h] = y[n - m + (h mod m)];
 * with m = 1, or less than one season of history, the last value.
 *
 * Source: Hyndman & Athanasopoulos, Forecasting: Principles and Practice (2nd ed.), section 3.1.
 */
export function seasonalNaive(y: Float64Array, m: number, horizon: number): Float64Array {
  const n = y.length;
  const period = n >= m ? m : 1;
  const forecast = new Float64Array(horizon);
  for (let h = 0; h < horizon; h++) forecast[h] = n > 0 ? y[n - period + (h % period)]! : 0;
  return forecast;
}
