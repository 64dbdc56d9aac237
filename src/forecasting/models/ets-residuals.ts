import { EtsParameters, EtsSpec } from './ets-filter.js';
import { INFEASIBLE } from './least-squares.js';

const FLOOR = 1e-10;
const SMALLEST_INDEX = 1e-6;

/** One-step errors without a season; forecasts go to `fitted`. Unrolled recursions of `filterEts`: see there for the formulas. */
function withoutSeason(y: Float64Array, p: EtsParameters, errors: Float64Array, fitted: Float64Array): void {
  const { alpha, beta, phi } = p;
  let { level, slope } = p;
  for (let i = 0; i < y.length; i++) {
    slope *= phi;
    const base = level + slope;
    const error = y[i]! - base;
    errors[i] = error;
    fitted[i] = base;
    level = base + alpha * error;
    slope += beta * error;
  }
}

function additive(y: Float64Array, p: EtsParameters, season: Float64Array, errors: Float64Array, fitted: Float64Array): void {
  const { alpha, beta, gamma, phi } = p;
  const m = season.length;
  let { level, slope } = p;
  let position = 0;
  for (let i = 0; i < y.length; i++) {
    slope *= phi;
    const base = level + slope;
    const index = season[position]!;
    const forecast = base + index;
    const error = y[i]! - forecast;
    errors[i] = error;
    fitted[i] = forecast;
    level = base + alpha * error;
    slope += beta * error;
    season[position] = index + gamma * error;
    if (++position === m) position = 0;
  }
}

function multiplicative(
  y: Float64Array,
  p: EtsParameters,
  season: Float64Array,
  errors: Float64Array,
  fitted: Float64Array,
): void {
  const { alpha, beta, gamma, phi } = p;
  const m = season.length;
  let { level, slope } = p;
  let position = 0;
  for (let i = 0; i < y.length; i++) {
    slope *= phi;
    const base = level + slope;
    const index = season[position]!;
    const forecast = base * index;
    const error = y[i]! - forecast;
    errors[i] = error;
    fitted[i] = forecast;
    const change = error / index;
    level = base + alpha * change;
    slope += beta * change;
    const next = index + (gamma * error) / (base > FLOOR ? base : FLOOR);
    season[position] = next > SMALLEST_INDEX ? next : SMALLEST_INDEX;
    if (++position === m) position = 0;
  }
}

/** Divides errors by forecasts and multiplies them by the geometric mean of the forecasts; false where a forecast is not positive. */
function relate(errors: Float64Array, fitted: Float64Array): boolean {
  let logs = 0;
  let product = 1;
  for (let i = 0; i < errors.length; i++) {
    const forecast = fitted[i]!;
    if (!(forecast > FLOOR)) return false;
    errors[i]! /= forecast;
    product *= forecast;
    // one logarithm per many factors
    if (product > 1e150 || product < 1e-150) {
      logs += Math.log(product);
      product = 1;
    }
  }
  const scale = Math.exp((logs + Math.log(product)) / errors.length);
  for (let i = 0; i < errors.length; i++) errors[i]! *= scale;
  return true;
}

/**
 * Residuals of an ETS model whose squares add up to exp(criterion / n), the criterion -2 log L of `filterEts`: so maximum likelihood is least squares
 * for relative errors too, r_t = e_t/f_t * (f_1 ... f_n)^(1/n).
 *
 * @param season initial indices on entry, final ones on return
 * @returns the sum of squares, INFEASIBLE where a relative error is undefined
 */
export function etsResiduals(
  y: Float64Array,
  spec: EtsSpec,
  p: EtsParameters,
  season: Float64Array,
  errors: Float64Array,
  fitted: Float64Array,
): number {
  if (spec.season === 'N') withoutSeason(y, p, errors, fitted);
  else if (spec.season === 'A') additive(y, p, season, errors, fitted);
  else multiplicative(y, p, season, errors, fitted);
  if (spec.error === 'M' && !relate(errors, fitted)) return INFEASIBLE;
  let sum = 0;
  for (let i = 0; i < errors.length; i++) sum += errors[i]! * errors[i]!;
  return sum < INFEASIBLE ? sum : INFEASIBLE;
}
