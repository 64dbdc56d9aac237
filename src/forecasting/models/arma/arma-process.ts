import { fromPartials } from '../partial-autocorrelation.js';

/** Largest orders: longer memory belongs into columns (Fourier terms, dummies). */
export const LARGEST_P = 3;
export const LARGEST_Q = 2;

/** n_t = phi_1 n_{t-1} + ... + phi_p n_{t-p} + e_t + theta_1 e_{t-1} + ... + theta_q e_{t-q} */
export interface ArmaProcess {
  phi: Float64Array;
  theta: Float64Array;
}

/** The process of partial autocorrelations, first those of the p autoregressive terms; inside (-1, 1) it is stationary and invertible. */
export function processOf(partials: Float64Array, p: number): ArmaProcess {
  return { phi: fromPartials(partials.subarray(0, p)), theta: fromPartials(partials.subarray(p)).map((value) => -value) };
}

/**
 * Innovations e_t = n_t - sum phi_i n_{t-i} - sum theta_j e_{t-j}, conditional on the first p values and on e = 0 before them; 0 for those values.
 *
 * Source: Box & Jenkins (1970), Time Series Analysis, section 7.1.2 (conditional likelihood).
 */
export function innovations(values: Float64Array, { phi, theta }: ArmaProcess, into: Float64Array): void {
  const p = phi.length;
  const [phi1, phi2, phi3] = [phi[0] ?? 0, phi[1] ?? 0, phi[2] ?? 0];
  const [theta1, theta2] = [theta[0] ?? 0, theta[1] ?? 0];
  let n1 = 0;
  let n2 = 0;
  let n3 = 0;
  let e1 = 0;
  let e2 = 0;
  for (let t = 0; t < values.length; t++) {
    const value = values[t]!;
    const error = t < p ? 0 : value - phi1 * n1 - phi2 * n2 - phi3 * n3 - theta1 * e1 - theta2 * e2;
    into[t] = error;
    n3 = n2;
    n2 = n1;
    n1 = value;
    e2 = e1;
    e1 = error;
  }
}

/** Sum of squared innovations from `from` on. */
export function sumOfSquares(errors: Float64Array, from: number): number {
  let sum = 0;
  for (let t = from; t < errors.length; t++) sum += errors[t]! * errors[t]!;
  return sum;
}

/**
 * Weights psi_0 = 1, psi_1, ... of the innovations in the process, integrated d times: the h-step forecast error is sum_{j<h} psi_j e_{t+h-j}.
 *
 * Source: Box & Jenkins (1970), section 5.1.1.
 */
export function psiWeights({ phi, theta }: ArmaProcess, d: number, count: number): Float64Array {
  const psi = new Float64Array(count);
  for (let j = 0; j < count; j++) {
    let weight = j === 0 ? 1 : (theta[j - 1] ?? 0);
    for (let i = 1; i <= Math.min(j, phi.length); i++) weight += phi[i - 1]! * psi[j - i]!;
    psi[j] = weight;
  }
  for (let k = 0; k < d; k++) for (let j = 1; j < count; j++) psi[j]! += psi[j - 1]!;
  return psi;
}
