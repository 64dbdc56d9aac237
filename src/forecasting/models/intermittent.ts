export type IntermittentMethod = 'croston' | 'sba' | 'tsb';

export interface IntermittentFit {
  /** forecast demand per period (flat) */
  rate: number;
  /** smoothed demand size and probability of a demand per period */
  size: number;
  probability: number;
  /** smoothing constants of size and of interval (or probability) */
  alpha: number;
  beta: number;
  /** sum of squared one-step errors of the rate from the first demand on */
  sse: number;
}

/**
 * Runs one intermittent-demand method with given smoothing constants from the first demand on.
 *
 * - Croston (1972): size z and interval v are smoothed only when demand occurs, z += alpha*(y - z), v += beta*(q - v); rate z/v.
 * - SBA, Syntetos & Boylan (2005): Croston's rate times (1 - beta/2), which removes most of its bias.
 * - TSB, Teunter, Syntetos & Babai (2011): the probability is smoothed every period, p += beta*([y>0] - p), so that the rate fades when
 *   nothing sells; rate p*z.
 *
 * The start values are the mean size and the mean interval of the sample. A sample that begins with its first demand looks busier than it is:
 * where the periods before it are known to have been without demand, they count (`from` = 'start').
 */
export function runIntermittent(
  y: Float64Array,
  method: IntermittentMethod,
  alpha: number,
  beta: number,
  from: 'first-demand' | 'start' = 'first-demand',
): IntermittentFit {
  const first = from === 'start' ? 0 : y.findIndex((value) => value > 0);
  if (!y.some((value) => value > 0)) return { rate: 0, size: 0, probability: 0, alpha, beta, sse: 0 };
  let demands = 0;
  let total = 0;
  for (let i = first; i < y.length; i++) {
    if (!(y[i]! > 0)) continue;
    demands++;
    total += y[i]!;
  }
  let size = total / demands;
  let probability = demands / (y.length - first);
  let interval = 1 / probability;
  let since = 1;
  let sse = 0;
  const tsb = method === 'tsb';
  const factor = method === 'sba' ? 1 - beta / 2 : 1;
  const rate = (): number => (tsb ? probability * size : (factor * size) / interval);
  for (let i = first; i < y.length; i++) {
    const value = y[i]!;
    sse += (value - rate()) ** 2;
    if (value > 0) {
      size += alpha * (value - size);
      probability += beta * (1 - probability);
      interval += beta * (since - interval);
      since = 1;
    } else {
      probability -= beta * probability;
      since++;
    }
  }
  return { rate: rate(), size, probability: tsb ? probability : 1 / interval, alpha, beta, sse };
}

const GRID = [0.02, 0.05, 0.1, 0.2, 0.3];

/** Best of a grid of smoothing constants by the squared one-step error of the rate (Petropoulos, Kourentzes & Nikolopoulos 2016 advise to optimise them). */
export function fitIntermittent(
  y: Float64Array,
  method: IntermittentMethod,
  from: 'first-demand' | 'start' = 'first-demand',
): IntermittentFit {
  let best: IntermittentFit | null = null;
  for (const alpha of GRID) {
    for (const beta of GRID) {
      const fit = runIntermittent(y, method, alpha, beta, from);
      if (best === null || fit.sse < best.sse) best = fit;
    }
  }
  return best!;
}
