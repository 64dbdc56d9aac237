import { EtsFit, fitEts } from './ets.js';
import { EtsSpec } from './ets-filter.js';
import { INFEASIBLE } from './least-squares.js';

/** Longest season that ETS estimates; longer ones need too many indices. */
export const LONGEST_SEASON = 24;

export interface EtsSearchOptions {
  /** leave out undamped trends, which run away over long horizons */
  dampedOnly?: boolean;
}

/**
 * The models worth trying for a series: multiplicative ones only for strictly positive data, seasonal ones only with two full seasons,
 * and never additive error with multiplicative season (numerically unstable: Hyndman & Athanasopoulos, FPP 2nd ed., section 7.6).
 */
export function candidateSpecs(y: Float64Array, m: number, { dampedOnly = false }: EtsSearchOptions = {}): EtsSpec[] {
  const positive = y.every((value) => value > 0);
  const seasonal = m > 1 && m <= LONGEST_SEASON && y.length >= 2 * m + 2;
  const specs: EtsSpec[] = [];
  for (const trend of dampedOnly ? (['N', 'Ad'] as const) : (['N', 'Ad', 'A'] as const)) {
    for (const error of positive ? (['A', 'M'] as const) : (['A'] as const)) {
      specs.push({ error, trend, season: 'N' });
      if (seasonal) specs.push({ error, trend, season: 'A' });
      if (seasonal && error === 'M') specs.push({ error, trend, season: 'M' });
    }
  }
  return specs;
}

/** Forecasts of multiplicative models near zero can explode: a fit is refused when its own one-step errors are not finite. */
function usable(fit: EtsFit): boolean {
  return Number.isFinite(fit.aicc) && fit.aicc < INFEASIBLE / 10 && Number.isFinite(fit.state.level + fit.state.slope);
}

/**
 * The best ETS model of a series by AICc; ETS(A,N,N) when the series is too short to compare.
 *
 * Source: Hyndman, Koehler, Snyder & Grose (2002), "A state space framework for automatic forecasting using exponential smoothing methods", IJF 18.
 */
export function searchEts(y: Float64Array, m: number, options: EtsSearchOptions = {}): EtsFit {
  let best: EtsFit | null = null;
  if (y.length >= 6) {
    for (const spec of candidateSpecs(y, m, options)) {
      const fit = fitEts(y, m, spec, undefined, best?.aicc);
      if (usable(fit) && (best === null || fit.aicc < best.aicc)) best = fit;
    }
  }
  return best ?? fitEts(y, 1, { error: 'A', trend: 'N', season: 'N' });
}
