/** Autocovariances of lags 0 to `lags`, divisor n (which keeps the matrix of them positive definite); the mean is taken out. */
export function autocovariances(values: Float64Array, lags: number): Float64Array {
  const n = values.length;
  const covariances = new Float64Array(lags + 1);
  if (n === 0) return covariances;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += values[i]! / n;
  for (let lag = 0; lag <= Math.min(lags, n - 1); lag++) {
    let sum = 0;
    for (let i = lag; i < n; i++) sum += (values[i]! - mean) * (values[i - lag]! - mean);
    covariances[lag] = sum / n;
  }
  return covariances;
}

/**
 * Coefficients of the autoregression that has these partial autocorrelations: stationary whenever all are inside (-1, 1).
 *   phi_{k,k} = r_k,  phi_{k,i} = phi_{k-1,i} - r_k * phi_{k-1,k-i}
 *
 * Source: Barndorff-Nielsen & Schou (1973); Monahan (1984), "A note on enforcing stationarity in autoregressive-moving average models", Biometrika 71.
 */
export function fromPartials(partials: ArrayLike<number>): Float64Array {
  const p = partials.length;
  const phi = new Float64Array(p);
  const before = new Float64Array(p);
  for (let k = 0; k < p; k++) {
    before.set(phi);
    phi[k] = partials[k]!;
    for (let i = 0; i < k; i++) phi[i] = before[i]! - partials[k]! * before[k - 1 - i]!;
  }
  return phi;
}

/** Partial autocorrelations of an autoregression, the inverse of `fromPartials`; each is kept inside [-limit, limit] on the way. */
export function toPartials(coefficients: ArrayLike<number>, limit: number): Float64Array {
  const p = coefficients.length;
  const phi = Float64Array.from(coefficients);
  const before = new Float64Array(p);
  const partials = new Float64Array(p);
  for (let k = p - 1; k >= 0; k--) {
    const r = Math.max(-limit, Math.min(limit, phi[k]!));
    partials[k] = r;
    before.set(phi);
    for (let i = 0; i < k; i++) phi[i] = (before[i]! + r * before[k - 1 - i]!) / (1 - r * r);
  }
  return partials;
}

/** Autoregressions of all orders up to p. */
export interface Levinson {
  /** partial autocorrelations, one a lag */
  partials: Float64Array;
  /** innovation variance of order 0, 1, ..., p */
  variances: Float64Array;
}

/**
 * Solves the Yule-Walker equations of all orders up to p by the Levinson-Durbin recursion; lags after a perfect fit get 0.
 *
 * Source: Durbin (1960), "The fitting of time-series models"; Brockwell & Davis, Time Series: Theory and Methods (2nd ed.), proposition 5.2.1.
 */
export function levinsonDurbin(covariances: Float64Array): Levinson {
  const p = covariances.length - 1;
  const partials = new Float64Array(p);
  const variances = new Float64Array(p + 1);
  let phi = new Float64Array(0);
  variances[0] = covariances[0]!;
  for (let k = 1; k <= p; k++) {
    const variance = variances[k - 1]!;
    let numerator = covariances[k]!;
    for (let i = 0; i < k - 1; i++) numerator -= phi[i]! * covariances[k - 1 - i]!;
    const r = variance > 1e-12 * covariances[0]! ? numerator / variance : 0;
    partials[k - 1] = r;
    variances[k] = variance * (1 - r * r);
    phi = Float64Array.from({ length: k }, (_, i) => (i === k - 1 ? r : phi[i]! - r * phi[k - 2 - i]!));
  }
  return { partials, variances };
}
