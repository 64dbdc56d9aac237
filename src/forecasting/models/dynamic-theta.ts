import { nelderMead } from './nelder-mead.js';

export interface DynamicTheta {
  /** initial level, smoothing parameter, theta */
  initialLevel: number;
  alpha: number;
  theta: number;
  forecast: Float64Array;
  /** one-step errors; the first is 0 by construction of the criterion */
  errors: Float64Array;
}

interface Output {
  errors: Float64Array;
  forecast: Float64Array;
}

/** Runs the state recursions; returns the sum of squared one-step errors from the second observation on. */
function run(y: Float64Array, initialLevel: number, alpha: number, theta: number, output: Output | null): number {
  const n = y.length;
  const total = n + (output === null ? 0 : output.forecast.length);
  const share = 1 - 1 / theta;
  const decay = 1 - alpha;
  let level = initialLevel;
  let intercept = 0;
  let slope = 0;
  let running = 0;
  let power = 1;
  let sse = 0;
  for (let t = 1; t <= total; t++) {
    const predicted = level + share * (power * intercept + ((1 - power * decay) / alpha) * slope);
    const observed = t <= n ? y[t - 1]! : predicted;
    if (t <= n) {
      const error = observed - predicted;
      if (t > 1) sse += error * error;
      if (output !== null) output.errors[t - 1] = t > 1 ? error : 0;
    } else output!.forecast[t - n - 1] = predicted;
    const before = running;
    running = ((t - 1) * before + observed) / t;
    slope = t === 1 ? 0 : ((t - 2) * slope + (6 / t) * (observed - before)) / (t + 1);
    intercept = running - (slope * (t + 1)) / 2;
    level = alpha * observed + decay * level;
    power *= decay;
  }
  return sse;
}

/** Parameters of an earlier fit, to start the search near them. */
export type DynamicThetaStart = Pick<DynamicTheta, 'initialLevel' | 'alpha' | 'theta'>;

/**
 * Dynamic optimised Theta model (DOTM). With A_t, B_t the running least-squares line of the data:
 *   mu_t = l_{t-1} + (1 - 1/theta) * [(1-alpha)^(t-1) * A_{t-1} + (1 - (1-alpha)^t)/alpha * B_{t-1}],
 *   l_t = alpha * y_t + (1-alpha) * l_{t-1};
 * l_0, alpha in [0.1, 0.99] and theta >= 1 minimise the squared one-step errors. theta = 1 is simple exponential smoothing.
 * Future values continue the recursion on its own forecasts.
 *
 * Source: Fiorucci, Pellegrini, Louzada, Petropoulos & Koehler (2016), "Models for optimising the theta method", IJF 32.
 */
export function fitDynamicTheta(y: Float64Array, horizon: number, start?: DynamicThetaStart): DynamicTheta {
  const n = y.length;
  const output: Output = { errors: new Float64Array(n), forecast: new Float64Array(horizon) };
  if (n < 5) {
    output.forecast.fill(n > 0 ? y[n - 1]! : 0);
    return { initialLevel: y[0] ?? 0, alpha: 1, theta: 1, ...output };
  }
  let roughness = 0;
  for (let i = 1; i < n; i++) roughness += Math.abs(y[i]! - y[i - 1]!) / n;
  const level = start?.initialLevel ?? y[0]! / 2;
  const spread = start === undefined ? Math.abs(y[0]!) / 2 + roughness : 0.3 * roughness;
  const { x } = nelderMead((p) => run(y, p[0]!, p[1]!, p[2]!, null), {
    start: [level, start?.alpha ?? 0.5, start?.theta ?? 2],
    step: [spread, start === undefined ? 0.2 : 0.05, start === undefined ? 1 : 0.2],
    lower: [-1e18, 0.1, 1],
    upper: [1e18, 0.99, 1e6],
    maxIterations: start === undefined ? 200 : 40,
    tolerance: 1e-6,
  });
  run(y, x[0]!, x[1]!, x[2]!, output);
  return { initialLevel: x[0]!, alpha: x[1]!, theta: x[2]!, ...output };
}

/** One-step squared error of given parameters: the criterion that the fit minimises. */
export function dynamicThetaCriterion(y: Float64Array, start: DynamicThetaStart): number {
  return run(y, start.initialLevel, start.alpha, start.theta, null);
}
