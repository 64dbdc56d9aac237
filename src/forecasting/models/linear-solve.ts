/**
 * Solves A x = b for a symmetric positive definite A (row-major, lower triangle read) by Cholesky's decomposition A = L L'.
 * A pivot that is not positive (a column without information) gives 0 for its unknown.
 *
 * Source: Golub & Van Loan, Matrix Computations (4th ed.), algorithm 4.2.1.
 */
export function solveSymmetric(matrix: Float64Array, right: Float64Array): Float64Array {
  const n = right.length;
  const l = new Float64Array(n * n);
  const x = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= l[i * n + k]! * l[j * n + k]!;
      if (i === j) l[i * n + i] = sum > 1e-12 ? Math.sqrt(sum) : 0;
      else l[i * n + j] = l[j * n + j]! > 0 ? sum / l[j * n + j]! : 0;
    }
    let forward = right[i]!;
    for (let k = 0; k < i; k++) forward -= l[i * n + k]! * x[k]!;
    x[i] = l[i * n + i]! > 0 ? forward / l[i * n + i]! : 0;
  }
  for (let i = n - 1; i >= 0; i--) {
    let back = x[i]!;
    for (let k = i + 1; k < n; k++) back -= l[k * n + i]! * x[k]!;
    x[i] = l[i * n + i]! > 0 ? back / l[i * n + i]! : 0;
  }
  return x;
}
