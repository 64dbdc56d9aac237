import { autocovariances, fromPartials, levinsonDurbin } from './partial-autocorrelation.js';
import { difference, differencesNeeded } from './stationarity.js';
import { mean } from './statistics.js';

export type AutoregressionMethod = 'burg' | 'yule-walker';

export interface AutoregressionOptions {
  method?: AutoregressionMethod;
  /** largest order tried; by default the lesser of 10 log10(n), as R's `ar`, and a quarter of the values */
  maxOrder?: number;
  /** differences taken, 0 or 1; by KPSS when left out */
  d?: 0 | 1;
}

export interface Autoregression {
  d: 0 | 1;
  /** coefficients of the deviations from the mean, lag 1 first */
  phi: Float64Array;
  /** mean of the (differenced) series, which forecasts return to */
  mean: number;
  /** innovation variance */
  variance: number;
  aicc: number;
  /** one-step errors, one a value (0 for those that are conditioned on) */
  errors: Float64Array;
}

/**
 * Partial autocorrelations and innovation variances of orders 0 to p by Burg's method: each partial autocorrelation minimises the squared forward and
 * backward errors together, 2 * sum f_t b_{t-1} / sum (f_t^2 + b_{t-1}^2). Always stationary; better than Yule-Walker on short series.
 *
 * Source: Burg (1975), "Maximum entropy spectral analysis"; Brockwell & Davis, Introduction to Time Series and Forecasting (2nd ed.), section 5.1.2.
 *
 * @param deviations the series less its mean
 */
export function burg(deviations: Float64Array, p: number): { partials: Float64Array; variances: Float64Array } {
  const n = deviations.length;
  const forward = Float64Array.from(deviations);
  const backward = Float64Array.from(deviations);
  const partials = new Float64Array(p);
  const variances = new Float64Array(p + 1);
  let total = 0;
  for (const value of deviations) total += value * value;
  variances[0] = n > 0 ? total / n : 0;
  for (let k = 1; k <= p; k++) {
    let product = 0;
    let energy = 0;
    for (let t = k; t < n; t++) {
      product += forward[t]! * backward[t - 1]!;
      energy += forward[t]! ** 2 + backward[t - 1]! ** 2;
    }
    // nothing is left to explain after a perfect fit
    const r = energy > 1e-12 * total ? (2 * product) / energy : 0;
    partials[k - 1] = r;
    variances[k] = variances[k - 1]! * (1 - r * r);
    for (let t = n - 1; t >= k; t--) {
      const before = forward[t]!;
      forward[t] = before - r * backward[t - 1]!;
      backward[t] = backward[t - 1]! - r * before;
    }
  }
  return { partials, variances };
}

/** Order of least AICc = n ln(variance) + 2k + 2k(k+1)/(n-k-1), k = p + 2 (mean and variance count). */
function bestOrder(variances: Float64Array, n: number): { order: number; aicc: number } {
  const floor = 1e-12 * variances[0]! + 1e-300;
  let best = { order: 0, aicc: Infinity };
  for (let order = 0; order < variances.length; order++) {
    const k = order + 2;
    if (order > 0 && n - k - 1 <= 0) break;
    const aicc = n * Math.log(Math.max(variances[order]!, floor)) + 2 * k + (2 * k * (k + 1)) / Math.max(1, n - k - 1);
    if (aicc < best.aicc) best = { order, aicc };
  }
  return best;
}

/**
 * Autoregression of the order with the least AICc, on the series or its differences:
 *   z_t - mu = phi_1 (z_{t-1} - mu) + ... + phi_p (z_{t-p} - mu) + e_t
 *
 * Source: Burg (1975) or Yule (1927) and Walker (1931); order after Hurvich & Tsai (1989), "Regression and time series model selection in small samples".
 */
export function fitAutoregression(y: Float64Array, options: AutoregressionOptions = {}): Autoregression {
  const d = options.d ?? differencesNeeded(y);
  const z = d === 1 ? difference(y) : y;
  const n = z.length;
  const centre = n > 0 ? mean(z) : 0;
  const deviations = z.map((value) => value - centre);
  const usual = Math.min(10 * Math.log10(Math.max(1, n)), n / 4);
  const largest = Math.max(0, Math.min(n - 1, Math.floor(options.maxOrder ?? usual)));
  const { partials, variances } =
    options.method === 'yule-walker' ? levinsonDurbin(autocovariances(z, largest)) : burg(deviations, largest);
  const { order, aicc } = bestOrder(variances, n);
  const phi = fromPartials(partials.subarray(0, order));
  const errors = new Float64Array(y.length);
  for (let t = order; t < n; t++) errors[t + d] = deviations[t]! - predict(phi, deviations, t);
  return { d, phi, mean: centre, variance: variances[order]!, aicc, errors };
}

function predict(phi: Float64Array, deviations: Float64Array, t: number): number {
  let value = 0;
  for (let i = 0; i < phi.length; i++) value += phi[i]! * deviations[t - 1 - i]!;
  return value;
}

/**
 * Point forecasts, which return to the mean (of the differences: a drift) as the influence of the last values fades.
 *
 * @param y the series of the fit
 * @param drift share of the mean difference that goes on when d = 1; 0 = none, for series whose growth should not be carried on
 */
export function forecastAutoregression(fit: Autoregression, y: Float64Array, horizon: number, drift = 1): Float64Array {
  const { phi, d } = fit;
  const p = phi.length;
  const z = d === 1 ? difference(y) : y;
  const deviations = new Float64Array(p + horizon);
  for (let i = 0; i < p; i++) deviations[i] = z[z.length - p + i]! - fit.mean;
  const forecast = new Float64Array(horizon);
  let level = y.at(-1) ?? 0;
  for (let h = 0; h < horizon; h++) {
    deviations[p + h] = predict(phi, deviations, p + h);
    if (d === 1) level += deviations[p + h]! + drift * fit.mean;
    forecast[h] = d === 1 ? level : fit.mean + deviations[p + h]!;
  }
  return forecast;
}
