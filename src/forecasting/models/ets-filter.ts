import { INFEASIBLE } from './least-squares.js';

export type EtsError = 'A' | 'M';
export type EtsTrend = 'N' | 'A' | 'Ad';
export type EtsSeason = 'N' | 'A' | 'M';

/** Which exponential smoothing model, e.g. {error:'A', trend:'Ad', season:'M'} = ETS(A,Ad,M). */
export interface EtsSpec {
  error: EtsError;
  trend: EtsTrend;
  season: EtsSeason;
}

/** Smoothing parameters in the form of the recursion: beta and gamma are absolute (not shares of alpha). */
export interface EtsParameters {
  alpha: number;
  beta: number;
  gamma: number;
  phi: number;
  level: number;
  slope: number;
}

/** State after the last observation, and the one-step errors on the way. */
export interface EtsState {
  level: number;
  slope: number;
  /** seasonal indices; the one of the next period stands at `position` */
  season: Float64Array;
  position: number;
  /** one-step errors y - f (not relative, also for multiplicative errors) */
  errors: Float64Array;
}

const FLOOR = 1e-10;

/**
 * Runs an ETS model over a series and returns its criterion -2 log L (up to a constant):
 *   n * ln(sum e^2)                      additive errors,
 *   n * ln(sum (e/f)^2) + 2 * sum ln|f|  multiplicative errors.
 * INFEASIBLE when a forecast of multiplicative errors touches zero.
 * Error-correction form (the same for additive and relative errors, since f * (e/f) = e), q = level + phi * slope:
 *   no season        l = q + alpha*e,      b = phi*b + beta*e
 *   additive         the same,             s += gamma*e
 *   multiplicative   l = q + alpha*e/s,    b = phi*b + beta*e/s,  s += gamma*e/q
 *
 * Source: Hyndman, Koehler, Ord & Snyder (2008), Forecasting with Exponential Smoothing, tables 2.2 and 2.3, likelihood in section 5.1.
 *
 * @param season initial seasonal indices on entry, final ones on return (length m; empty without a season)
 */
export function filterEts(y: Float64Array, spec: EtsSpec, p: EtsParameters, season: Float64Array, out: EtsState | null): number {
  const n = y.length;
  const m = season.length;
  const additive = spec.season === 'A';
  const multiplicative = spec.season === 'M';
  const relative = spec.error === 'M';
  const trended = spec.trend !== 'N';
  const { alpha, beta, gamma, phi } = p;
  let level = p.level;
  let slope = p.slope;
  let position = 0;
  let squares = 0;
  let logs = 0;
  let product = 1;
  for (let i = 0; i < n; i++) {
    const drift = trended ? phi * slope : 0;
    const base = level + drift;
    const index = m > 0 ? season[position]! : 0;
    const fitted = additive ? base + index : multiplicative ? base * index : base;
    const error = y[i]! - fitted;
    if (relative) {
      if (!(fitted > FLOOR)) return INFEASIBLE;
      squares += (error / fitted) ** 2;
      // one logarithm per many factors: it dominates the loop otherwise
      product *= fitted;
      if (product > 1e150 || product < 1e-150) {
        logs += Math.log(product);
        product = 1;
      }
    } else squares += error * error;
    if (out !== null) out.errors[i] = error;
    const change = multiplicative ? error / index : error;
    level = base + alpha * change;
    slope = drift + beta * change;
    if (m > 0) {
      const next = additive ? index + gamma * error : index + (gamma * error) / Math.max(base, FLOOR);
      season[position] = multiplicative && !(next > 1e-6) ? 1e-6 : next;
      if (++position === m) position = 0;
    }
  }
  if (out !== null) {
    out.level = level;
    out.slope = slope;
    out.season = season;
    out.position = position;
  }
  const likelihood = n * Math.log(squares + 1e-300);
  return relative ? likelihood + 2 * (logs + Math.log(product)) : likelihood;
}

/** Point forecasts of a final state: l + (phi + ... + phi^h) * b, plus or times the seasonal index. */
export function extrapolateEts(spec: EtsSpec, phi: number, state: EtsState, horizon: number): Float64Array {
  const forecast = new Float64Array(horizon);
  const m = state.season.length;
  let power = 1;
  let steps = 0;
  for (let h = 0; h < horizon; h++) {
    power *= phi;
    if (spec.trend !== 'N') steps += spec.trend === 'Ad' ? power : 1;
    const base = state.level + steps * state.slope;
    const index = m > 0 ? state.season[(state.position + h) % m]! : 0;
    forecast[h] = spec.season === 'A' ? base + index : spec.season === 'M' ? base * index : base;
  }
  return forecast;
}
