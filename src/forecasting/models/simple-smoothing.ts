export interface SimpleSmoothing {
  alpha: number;
  initialLevel: number;
  /** level after the last observation: the flat forecast */
  level: number;
  /** sum of squared one-step errors */
  sse: number;
}

/** Best initial level for a given alpha: the one-step errors are linear in it, e_t = u_t - (1 - alpha)^(t-1) * l0. */
function profile(y: Float64Array, alpha: number): SimpleSmoothing {
  const decay = 1 - alpha;
  let level = 0;
  let weight = 1;
  let uu = 0;
  let uw = 0;
  let ww = 0;
  for (let i = 0; i < y.length; i++) {
    const u = y[i]! - level;
    uu += u * u;
    if (weight > 1e-12) {
      uw += u * weight;
      ww += weight * weight;
    }
    level += alpha * u;
    weight *= decay;
  }
  const initialLevel = ww > 0 ? uw / ww : 0;
  return { alpha, initialLevel, level: level + weight * initialLevel, sse: Math.max(0, uu - initialLevel * uw) };
}

const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * Simple exponential smoothing, l_t = l_{t-1} + alpha * (y_t - l_{t-1}), f = l_n, with alpha in [0.0001, 0.9999] and the initial level
 * chosen by least squares of the one-step errors (R's `ses(initial = "optimal")` minimises the same sum).
 * The level is profiled out, so that the search is one-dimensional: a grid, then golden sections around its best point.
 *
 * Source: Brown (1959); notation of Hyndman & Athanasopoulos, Forecasting: Principles and Practice (2nd ed.), section 7.1.
 */
export function fitSimpleSmoothing(y: Float64Array): SimpleSmoothing {
  if (y.length === 0) return { alpha: 0, initialLevel: 0, level: 0, sse: 0 };
  const grid = [0.0001, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.9999];
  const fits = grid.map((alpha) => profile(y, alpha));
  let at = 0;
  for (let k = 1; k < fits.length; k++) if (fits[k]!.sse < fits[at]!.sse) at = k;
  let low = grid[Math.max(0, at - 1)]!;
  let high = grid[Math.min(grid.length - 1, at + 1)]!;
  let left = profile(y, high - GOLDEN * (high - low));
  let right = profile(y, low + GOLDEN * (high - low));
  while (high - low > 1e-3) {
    if (left.sse <= right.sse) {
      high = right.alpha;
      right = left;
      left = profile(y, high - GOLDEN * (high - low));
    } else {
      low = left.alpha;
      left = right;
      right = profile(y, low + GOLDEN * (high - low));
    }
  }
  return [fits[at]!, left, right].reduce((best, fit) => (fit.sse < best.sse ? fit : best));
}
