import { solveSymmetric } from './linear-solve.js';

/** One series as rows of a Poisson regression with a known base. */
export interface EffectRows {
  /** one column per effect, all of the length of y or longer */
  columns: readonly Float64Array[];
  y: Float64Array;
  /** expected demand without any effect, > 0 */
  base: Float64Array;
  /** 1 = the row counts */
  usable: Uint8Array;
  /** inverse dispersion of the series (quasi-likelihood): 1 = Poisson, below 1 = noisier */
  weight: number;
}

export interface RidgePrior {
  centre: Float64Array;
  strength: number;
}

const MAX_COEFFICIENT = 5;

/** Adds the gradient and the (lower) information matrix of one series at `coefficients`. */
function accumulate(rows: EffectRows, coefficients: Float64Array, gradient: Float64Array, information: Float64Array): void {
  const { columns, y, base, usable, weight } = rows;
  const k = columns.length;
  for (let i = 0; i < y.length; i++) {
    if (usable[i] === 0) continue;
    let linear = 0;
    let active = false;
    for (let a = 0; a < k; a++) {
      const value = columns[a]![i]!;
      if (value === 0) continue;
      linear += coefficients[a]! * value;
      active = true;
    }
    if (!active) continue;
    const expected = base[i]! * Math.exp(Math.min(4, Math.max(-4, linear)));
    const residual = (y[i]! - expected) * weight;
    const scaled = expected * weight;
    for (let a = 0; a < k; a++) {
      const value = columns[a]![i]!;
      if (value === 0) continue;
      gradient[a]! += value * residual;
      for (let b = 0; b <= a; b++) information[a * k + b]! += scaled * value * columns[b]![i]!;
    }
  }
}

/**
 * Multiplicative effects by Poisson regression with a log link and an offset, E[y] = base * exp(sum_k beta_k x_k), shrunk by a ridge
 * towards a prior: maximises sum w*(y*eta - exp(eta)) - strength/2 * |beta - centre|^2 by Newton's method with bounded steps.
 * Pooled effects: all series, prior zero. A series' own effects: that series alone, prior = the pooled ones.
 *
 * Source: McCullagh & Nelder (1989), Generalized Linear Models, chapters 6 and 9 (quasi-likelihood); ridge after le Cessie & van Houwelingen (1992).
 */
export function fitPoissonEffects(series: readonly EffectRows[], prior: RidgePrior, iterations = 6): Float64Array {
  const k = prior.centre.length;
  const coefficients = Float64Array.from(prior.centre);
  for (let iteration = 0; iteration < iterations; iteration++) {
    const gradient = new Float64Array(k);
    const information = new Float64Array(k * k);
    for (const rows of series) accumulate(rows, coefficients, gradient, information);
    for (let a = 0; a < k; a++) {
      information[a * k + a]! += prior.strength;
      gradient[a]! -= prior.strength * (coefficients[a]! - prior.centre[a]!);
    }
    const step = solveSymmetric(information, gradient);
    let largest = 0;
    for (let a = 0; a < k; a++) {
      const move = Math.max(-1, Math.min(1, step[a]!));
      coefficients[a] = Math.max(-MAX_COEFFICIENT, Math.min(MAX_COEFFICIENT, coefficients[a]! + move));
      largest = Math.max(largest, Math.abs(move));
    }
    if (largest < 1e-6) break;
  }
  return coefficients;
}

/** Factors exp(sum_k beta_k x_k), one per period, bounded to [e^-4, e^4]. */
export function effectFactors(columns: readonly Float64Array[], coefficients: Float64Array, length: number): Float64Array {
  const factors = new Float64Array(length).fill(1);
  for (let i = 0; i < length; i++) {
    let linear = 0;
    for (let a = 0; a < columns.length; a++) linear += coefficients[a]! * columns[a]![i]!;
    if (linear !== 0) factors[i] = Math.exp(Math.min(4, Math.max(-4, linear)));
  }
  return factors;
}
