import { minimiseSquares } from '../least-squares.js';
import { solveSymmetric } from '../linear-solve.js';
import { autocovariances, fromPartials, levinsonDurbin, toPartials } from '../partial-autocorrelation.js';
import { ArmaProcess, innovations, processOf, sumOfSquares } from './arma-process.js';

/** Partial autocorrelations stay inside: closer to a unit root than the differenced model is not worth telling apart. */
const LIMIT = 0.985;

export interface ArmaFit extends ArmaProcess {
  partials: Float64Array;
  /** sum of squared innovations from the first counted value on */
  sse: number;
}

/** Lagged regressors of the second stage of Hannan and Rissanen, as a quadratic form and its right side. */
function regressOnLags(values: Float64Array, errors: Float64Array, p: number, q: number, from: number): Float64Array {
  const k = p + q;
  const gram = new Float64Array(k * k);
  const right = new Float64Array(k);
  const row = new Float64Array(k);
  for (let t = from; t < values.length; t++) {
    for (let i = 0; i < p; i++) row[i] = values[t - 1 - i]!;
    for (let j = 0; j < q; j++) row[p + j] = errors[t - 1 - j]!;
    for (let a = 0; a < k; a++) {
      right[a]! += row[a]! * values[t]!;
      for (let b = 0; b <= a; b++) gram[a * k + b]! += row[a]! * row[b]!;
    }
  }
  return solveSymmetric(gram, right);
}

/**
 * Start values by two regressions: innovations of a long autoregression, then the values on lags of both.
 *
 * Source: Hannan & Rissanen (1982), "Recursive estimation of mixed autoregressive-moving average order", Biometrika 69.
 */
export function hannanRissanen(values: Float64Array, p: number, q: number): Float64Array {
  const order = Math.max(1, Math.min(12, Math.floor(values.length / 5)));
  const long = fromPartials(levinsonDurbin(autocovariances(values, order)).partials);
  const errors = new Float64Array(values.length);
  for (let t = order; t < values.length; t++) {
    let error = values[t]!;
    for (let i = 0; i < order; i++) error -= long[i]! * values[t - 1 - i]!;
    errors[t] = error;
  }
  const solution = regressOnLags(values, errors, p, q, Math.min(values.length, order + Math.max(p, q)));
  const partials = new Float64Array(p + q);
  partials.set(toPartials(solution.subarray(0, p), 0.95));
  partials.set(
    toPartials(
      solution.subarray(p).map((value) => -value),
      0.95,
    ),
    p,
  );
  return partials;
}

/**
 * ARMA(p, q) of least conditional sum of squares, searched over partial autocorrelations: always stationary and invertible.
 *
 * Source: Box & Jenkins (1970), section 7.2.
 *
 * @param from first value whose innovation counts, the same for all orders so that their sums compare
 * @param start partial autocorrelations to begin with; by Hannan and Rissanen when left out
 */
export function fitArma(values: Float64Array, p: number, q: number, from: number, start?: Float64Array): ArmaFit {
  const size = p + q;
  const { x, value } = minimiseSquares({
    length: values.length,
    residuals: (partials, into) => {
      innovations(values, processOf(partials, p), into);
      return sumOfSquares(into.fill(0, 0, from), from);
    },
    start: start ?? hannanRissanen(values, p, q),
    lower: new Float64Array(size).fill(-LIMIT),
    upper: new Float64Array(size).fill(LIMIT),
    scale: new Float64Array(size).fill(1),
    maxIterations: 12,
    tolerance: 1e-6,
  });
  return { ...processOf(x, p), partials: x, sse: value };
}
