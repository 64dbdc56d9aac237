import { solveSymmetric } from './linear-solve.js';

export interface LeastSquaresProblem {
  /** number of residuals */
  length: number;
  /** Writes the residuals at x and returns the sum of their squares (INFEASIBLE or more where the model is undefined: `into` is not read then). */
  residuals: (x: Float64Array, into: Float64Array) => number;
  start: ArrayLike<number>;
  lower: ArrayLike<number>;
  upper: ArrayLike<number>;
  /** scale of each unknown: derivatives are taken over a ten-thousandth of it */
  scale: ArrayLike<number>;
  maxIterations: number;
  /** stop when a step gains relatively less */
  tolerance: number;
  /** stop when not even four times the gain that the linearised model promises would bring the sum of squares down to this */
  hopeless?: number;
}

export interface LeastSquaresMinimum {
  x: Float64Array;
  value: number;
}

/** Value of a point where the model is undefined. */
export const INFEASIBLE = 1e300;

const DERIVATIVE_SHARE = 1e-4;

/** Inner product of two lists; four sums side by side, so that no addition waits for the one before it. */
export function dot(a: Float64Array, b: Float64Array, from = 0): number {
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

class Linearisation {
  readonly gram: Float64Array;
  readonly gradient: Float64Array;
  private readonly slopes: Float64Array[];
  private readonly moved: Float64Array;

  constructor(private readonly problem: LeastSquaresProblem) {
    const k = problem.start.length;
    this.gram = new Float64Array(k * k);
    this.gradient = new Float64Array(k);
    this.slopes = Array.from({ length: k }, () => new Float64Array(problem.length));
    this.moved = new Float64Array(k);
  }

  /** J'J and J'r of the residuals r at x; unknowns that press against a bound, or that cannot move, are left out. */
  at(x: Float64Array, residuals: Float64Array): void {
    const { gram, gradient, slopes } = this;
    const k = x.length;
    for (let a = 0; a < k; a++) {
      this.slope(x, a, residuals);
      gradient[a] = dot(slopes[a]!, residuals);
      const { lower, upper } = this.problem;
      const pressed = (x[a]! <= lower[a]! && gradient[a]! > 0) || (x[a]! >= upper[a]! && gradient[a]! < 0);
      if (pressed) {
        slopes[a]!.fill(0);
        gradient[a] = 0;
      }
      for (let b = 0; b <= a; b++) gram[a * k + b] = dot(slopes[a]!, slopes[b]!);
    }
  }

  /** Derivative of the residuals by unknown a, one-sided inside the bounds. */
  private slope(x: Float64Array, a: number, residuals: Float64Array): void {
    const { problem, moved } = this;
    const into = this.slopes[a]!;
    const size = DERIVATIVE_SHARE * problem.scale[a]!;
    for (const step of x[a]! + size > problem.upper[a]! ? [-size] : [size, -size]) {
      moved.set(x);
      moved[a]! += step;
      if (moved[a]! < problem.lower[a]! || problem.residuals(moved, into) >= INFEASIBLE) continue;
      for (let t = 0; t < into.length; t++) into[t] = (into[t]! - residuals[t]!) / step;
      return;
    }
    into.fill(0);
  }
}

/** Step of (J'J + damping * diag J'J) step = -J'r. */
function dampedStep({ gram, gradient }: Linearisation, damping: number): Float64Array {
  const k = gradient.length;
  const damped = Float64Array.from(gram);
  for (let a = 0; a < k; a++) damped[a * k + a]! *= 1 + damping;
  return solveSymmetric(
    damped,
    gradient.map((value) => -value),
  );
}

/**
 * Minimises a sum of squares of a few unknowns inside box bounds: damped Gauss-Newton steps with numerical derivatives, cut off at the bounds.
 *
 * Source: Levenberg (1944); Marquardt (1963), "An algorithm for least-squares estimation of nonlinear parameters".
 */
export function minimiseSquares(problem: LeastSquaresProblem): LeastSquaresMinimum {
  const { lower, upper, tolerance, maxIterations, hopeless } = problem;
  let x = Float64Array.from(problem.start);
  let residuals = new Float64Array(problem.length);
  let other = new Float64Array(problem.length);
  let value = problem.residuals(x, residuals);
  if (value >= INFEASIBLE || x.length === 0) return { x, value };
  const linear = new Linearisation(problem);
  let damping = 1e-3;
  let known = false;
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    if (!known) linear.at(x, residuals);
    known = true;
    const step = dampedStep(linear, damping);
    const promised = -dot(step, linear.gradient);
    if (!(promised > 1e-15 * value) || (hopeless !== undefined && value - 4 * promised > hopeless)) break;
    const trial = x.map((at, a) => Math.max(lower[a]!, Math.min(upper[a]!, at + step[a]!)));
    const reached = problem.residuals(trial, other);
    if (!(reached < value)) {
      damping *= 10;
      if (damping > 1e5) break;
      continue;
    }
    const gained = value - reached;
    x = trial;
    value = reached;
    [residuals, other] = [other, residuals];
    damping = Math.max(1e-7, damping / 10);
    known = false;
    if (gained < tolerance * value) break;
  }
  return { x, value };
}
