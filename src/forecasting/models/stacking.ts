/** Normal equations of a weighted least squares: what a column explains of the target, and what it has in common with the others. */
export interface StackingProblem {
  /** symmetric, row-major */
  matrix: Float64Array;
  right: Float64Array;
}

export function emptyProblem(columns: number): StackingProblem {
  return { matrix: new Float64Array(columns * columns), right: new Float64Array(columns) };
}

/** Adds one observation with a weight. */
export function addObservation({ matrix, right }: StackingProblem, columns: Float64Array, target: number, weight: number): void {
  const k = columns.length;
  for (let a = 0; a < k; a++) {
    const scaled = weight * columns[a]!;
    right[a]! += scaled * target;
    for (let b = 0; b < k; b++) matrix[a * k + b]! += scaled * columns[b]!;
  }
}

const SWEEPS = 200;
const SETTLED = 1e-9;

/**
 * Weights >= 0 that minimise the squared error of the combination, shrunk towards a prior by a ridge of `strength` times the mean diagonal:
 * coordinate descent with projection, which converges for this convex problem.
 *
 * Source: Breiman (1996), "Stacked regressions" (non-negative weights); Hastie, Tibshirani & Friedman (2009), sections 3.8 and 8.8.
 */
export function stack({ matrix, right }: StackingProblem, prior: Float64Array, strength: number): Float64Array {
  const k = prior.length;
  let trace = 0;
  for (let a = 0; a < k; a++) trace += matrix[a * k + a]!;
  const ridge = (strength * trace) / k + 1e-12;
  const weights = Float64Array.from(prior);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let largest = 0;
    for (let a = 0; a < k; a++) {
      let gradient = right[a]! + ridge * prior[a]!;
      for (let b = 0; b < k; b++) if (b !== a) gradient -= matrix[a * k + b]! * weights[b]!;
      const next = Math.max(0, gradient / (matrix[a * k + a]! + ridge));
      largest = Math.max(largest, Math.abs(next - weights[a]!));
      weights[a] = next;
    }
    if (largest < SETTLED) break;
  }
  return weights;
}
