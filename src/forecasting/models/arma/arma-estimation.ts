import { solveSymmetric } from '../linear-solve.js';
import { autocovariances, fromPartials, levinsonDurbin, toPartials } from '../partial-autocorrelation.js';
import { ArmaProcess, innovations, processOf, sumOfSquares } from './arma-process.js';

/** Partial autocorrelations stay inside: closer to a unit root than the differenced model is not worth telling apart. */
const LIMIT = 0.985;
const STEPS = 12;
const DERIVATIVE_STEP = 1e-4;

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

/** Buffers for one length of series. */
export class ArmaEstimator {
  private readonly errors: Float64Array;
  private readonly shifted: Float64Array;
  private readonly slopes: Float64Array[] = [];

  /** @param from first value whose innovation counts, the same for all orders so that their sums compare */
  constructor(
    length: number,
    private readonly from: number,
  ) {
    this.errors = new Float64Array(length);
    this.shifted = new Float64Array(length);
  }

  /**
   * ARMA(p, q) of least conditional sum of squares, searched over partial autocorrelations (always stationary and invertible) by damped
   * Gauss-Newton steps with numerical derivatives.
   *
   * Source: Box & Jenkins (1970), section 7.2; damping after Marquardt (1963).
   *
   * @param start partial autocorrelations to begin with; by Hannan and Rissanen when left out
   */
  fit(values: Float64Array, p: number, q: number, start?: Float64Array): ArmaFit {
    let partials = start === undefined ? hannanRissanen(values, p, q) : Float64Array.from(start);
    let sse = this.evaluate(values, partials, p, this.errors);
    let damping = 1e-3;
    for (let step = 0; step < STEPS && partials.length > 0; step++) {
      const trial = this.propose(values, partials, p, damping);
      const reached = this.evaluate(values, trial, p, this.shifted);
      if (reached >= sse) {
        damping *= 20;
        if (damping > 1e4) break;
        continue;
      }
      const gained = sse - reached;
      partials = trial;
      sse = reached;
      this.errors.set(this.shifted);
      damping = Math.max(1e-6, damping / 10);
      if (gained < 1e-6 * sse) break;
    }
    return { ...processOf(partials, p), partials, sse };
  }

  private evaluate(values: Float64Array, partials: Float64Array, p: number, into: Float64Array): number {
    innovations(values, processOf(partials, p), into);
    return sumOfSquares(into, this.from);
  }

  /** Next point: (J'J + damping * diag) step = -J'e, with J the slopes of the innovations at `partials`, whose innovations are in `errors`. */
  private propose(values: Float64Array, partials: Float64Array, p: number, damping: number): Float64Array {
    const k = partials.length;
    const { errors, from } = this;
    for (let a = 0; a < k; a++) {
      const slope = (this.slopes[a] ??= new Float64Array(errors.length));
      const moved = Float64Array.from(partials);
      const h = moved[a]! > 0 ? -DERIVATIVE_STEP : DERIVATIVE_STEP;
      moved[a]! += h;
      innovations(values, processOf(moved, p), slope);
      for (let t = from; t < slope.length; t++) slope[t] = (slope[t]! - errors[t]!) / h;
    }
    const gram = new Float64Array(k * k);
    const right = new Float64Array(k);
    for (let a = 0; a < k; a++) {
      right[a] = -dot(this.slopes[a]!, errors, from);
      for (let b = 0; b <= a; b++) gram[a * k + b] = dot(this.slopes[a]!, this.slopes[b]!, from);
      gram[a * k + a]! *= 1 + damping;
    }
    const step = solveSymmetric(gram, right);
    return partials.map((value, a) => Math.max(-LIMIT, Math.min(LIMIT, value + step[a]!)));
  }
}

/** Inner product from `from` on; four sums side by side, so that no addition waits for the one before it. */
export function dot(a: Float64Array, b: Float64Array, from: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let t = from;
  for (; t + 3 < a.length; t += 4) {
    s0 += a[t]! * b[t]!;
    s1 += a[t + 1]! * b[t + 1]!;
    s2 += a[t + 2]! * b[t + 2]!;
    s3 += a[t + 3]! * b[t + 3]!;
  }
  for (; t < a.length; t++) s0 += a[t]! * b[t]!;
  return s0 + s1 + (s2 + s3);
}
