import type { EtsFit } from './ets.js';

/** Weights c_1, c_2, ... of past errors in the level of later periods: alpha + beta * (1 + phi + ... + phi^(j-1)), plus gamma each full season if `seasonal`. */
function errorWeights({ spec, parameters, state }: EtsFit, count: number, seasonal: boolean): Float64Array {
  const { alpha, beta, gamma, phi } = parameters;
  const m = state.season.length;
  const weights = new Float64Array(count);
  let power = 1;
  let steps = 0;
  for (let j = 1; j <= count; j++) {
    if (spec.trend !== 'N') {
      power = j === 1 ? 1 : power * phi;
      steps += power;
    }
    weights[j - 1] = alpha + beta * steps + (seasonal && m > 0 && j % m === 0 ? gamma : 0);
  }
  return weights;
}

/**
 * Variances of the forecast errors of an ETS model h = 1, 2, ... periods ahead, parameters taken for known. With c_j the weights of the errors:
 *   additive errors          v_h = s2 * (1 + sum_{j<h} c_j^2)
 *   relative errors          v_h = (1 + s2) * theta_h - mu_h^2,  theta_h = mu_h^2 + s2 * sum_{j<h} c_j^2 theta_{h-j}
 *   multiplicative season    the latter without the season, times its index squared and (1 + gamma^2 s2) to the number of full seasons, approximately
 * Models with a multiplicative part are bounded: near a level of zero the formulas explode, so that no standard deviation exceeds the largest value seen.
 *
 * Source: Hyndman, Koehler, Ord & Snyder (2008), tables 6.1 and 6.2, sections 6.3 and 6.4.
 *
 * @param mean the point forecasts, `forecastEts(fit, horizon)`
 */
export function forecastEtsVariance(fit: EtsFit, mean: Float64Array): Float64Array {
  const { spec, state, parameters, variance, largest } = fit;
  const horizon = mean.length;
  const multiplicative = spec.season === 'M';
  const weights = errorWeights(fit, horizon, !multiplicative);
  const m = state.season.length;
  const variances = new Float64Array(horizon);
  const theta = new Float64Array(horizon);
  const ceiling = spec.error === 'M' || multiplicative ? largest * largest : Infinity;
  let squares = 0;
  for (let h = 0; h < horizon; h++) {
    const index = multiplicative ? state.season[(state.position + h) % m]! : 1;
    if (spec.error === 'A') {
      variances[h] = variance * (1 + squares) * index * index;
    } else {
      const centre = (mean[h]! / index) ** 2;
      let sum = 0;
      for (let j = 1; j <= h; j++) sum += weights[j - 1]! ** 2 * theta[h - j]!;
      theta[h] = centre + variance * sum;
      const seasons = multiplicative ? (1 + parameters.gamma ** 2 * variance) ** Math.floor(h / m) : 1;
      variances[h] = ((1 + variance) * theta[h]! * seasons - centre) * index * index;
    }
    squares += weights[h]! ** 2;
    variances[h] = Math.min(ceiling, variances[h]!);
  }
  return variances;
}
