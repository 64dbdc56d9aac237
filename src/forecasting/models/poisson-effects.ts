import { solveSymmetric } from './linear-solve.js';

/** The effects that are at work in each period, without the zeros: most promotions and holidays are rare. */
export interface EffectDesign {
  /** effects that there are */
  effects: number;
  /** entries of period i: from offsets[i] to offsets[i + 1] */
  offsets: Int32Array;
  effect: Int32Array;
  value: Float64Array;
}

/** Builds the design of `length` periods from one column an effect; an absent column is all zeros. */
export function effectDesign(columns: readonly (Float64Array | undefined)[], length: number): EffectDesign {
  const offsets = new Int32Array(length + 1);
  for (const column of columns) if (column !== undefined) for (let i = 0; i < length; i++) if (column[i] !== 0) offsets[i + 1]!++;
  for (let i = 0; i < length; i++) offsets[i + 1]! += offsets[i]!;
  const effect = new Int32Array(offsets[length]!);
  const value = new Float64Array(offsets[length]!);
  const at = offsets.slice(0, length);
  columns.forEach((column, k) => {
    if (column === undefined) return;
    for (let i = 0; i < length; i++) {
      if (column[i] === 0) continue;
      effect[at[i]!] = k;
      value[at[i]!++] = column[i]!;
    }
  });
  return { effects: columns.length, offsets, effect, value };
}

/** One series as rows of a Poisson regression with a known base. */
export interface EffectRows {
  /** of the periods of y, or of more */
  design: EffectDesign;
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
const MAX_LOG = 4;
/** a last step smaller than this changes no factor by more than its square, since the steps are Newton's */
const SETTLED = 1e-4;

/** Adds the gradient and the (lower) information matrix of one series at `coefficients`. */
function accumulate(rows: EffectRows, coefficients: Float64Array, gradient: Float64Array, information: Float64Array): void {
  const { design, y, base, usable, weight } = rows;
  const { effects: k, offsets, effect, value } = design;
  for (let i = 0; i < y.length; i++) {
    const from = offsets[i]!;
    const to = offsets[i + 1]!;
    if (from === to || usable[i] === 0) continue;
    let linear = 0;
    for (let a = from; a < to; a++) linear += coefficients[effect[a]!]! * value[a]!;
    const expected = base[i]! * Math.exp(Math.min(MAX_LOG, Math.max(-MAX_LOG, linear)));
    const residual = (y[i]! - expected) * weight;
    const scaled = expected * weight;
    // entries of a period are in the order of their effects
    for (let a = from; a < to; a++) {
      gradient[effect[a]!]! += value[a]! * residual;
      const row = effect[a]! * k;
      for (let b = from; b <= a; b++) information[row + effect[b]!]! += scaled * value[a]! * value[b]!;
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
    if (largest < SETTLED) break;
  }
  return coefficients;
}

/** Factors exp(sum_k beta_k x_k), one a period, bounded to [e^-4, e^4]. */
export function effectFactors({ offsets, effect, value }: EffectDesign, coefficients: Float64Array): Float64Array {
  const factors = new Float64Array(offsets.length - 1).fill(1);
  for (let i = 0; i < factors.length; i++) {
    let linear = 0;
    for (let a = offsets[i]!; a < offsets[i + 1]!; a++) linear += coefficients[effect[a]!]! * value[a]!;
    if (linear !== 0) factors[i] = Math.exp(Math.min(MAX_LOG, Math.max(-MAX_LOG, linear)));
  }
  return factors;
}
