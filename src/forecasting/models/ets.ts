import { seasonalIndices } from './decomposition.js';
import { EtsParameters, EtsSpec, EtsState, extrapolateEts, filterEts } from './ets-filter.js';
import { nelderMead } from './nelder-mead.js';
import { fitLine, variance } from './statistics.js';

export interface EtsFit {
  spec: EtsSpec;
  parameters: EtsParameters;
  state: EtsState;
  /** corrected Akaike criterion; comparable between specs of one series only */
  aicc: number;
  /** number of estimated quantities, initial seasonal indices and the error variance included */
  size: number;
}

/** Start of a search: the parameters of a fit of the same series, a little earlier. */
export type EtsStart = Pick<EtsFit, 'spec' | 'parameters'>;

interface Box {
  start: number[];
  step: number[];
  lower: number[];
  upper: number[];
}

function initialSeason(y: Float64Array, m: number, spec: EtsSpec): Float64Array {
  if (spec.season === 'N') return new Float64Array(0);
  return seasonalIndices(y, m, spec.season === 'A' ? 'additive' : 'multiplicative');
}

/** Level and slope of the first seasons: a line through at least ten deseasonalised observations (Hyndman et al. 2008, section 2.6.1). */
function initialLine(y: Float64Array, spec: EtsSpec, season: Float64Array): { level: number; slope: number } {
  const m = season.length;
  const head = Float64Array.from(y.subarray(0, Math.max(10, 2 * m)), (value, i) => {
    if (m === 0) return value;
    return spec.season === 'A' ? value - season[i % m]! : value / season[i % m]!;
  });
  const { intercept, slope } = fitLine(head);
  return spec.trend === 'N' ? { level: intercept + slope, slope: 0 } : { level: intercept, slope };
}

/** Order of the searched vector: alpha, [beta/alpha], [gamma/(1-alpha)], [phi], level, [slope]. */
function toParameters(x: ArrayLike<number>, spec: EtsSpec): EtsParameters {
  let i = 0;
  const alpha = x[i++]!;
  const beta = spec.trend === 'N' ? 0 : x[i++]! * alpha;
  const gamma = spec.season === 'N' ? 0 : x[i++]! * (1 - alpha);
  const phi = spec.trend === 'Ad' ? x[i++]! : 1;
  const level = x[i++]!;
  return { alpha, beta, gamma, phi, level, slope: spec.trend === 'N' ? 0 : x[i]! };
}

function fromParameters(p: EtsParameters, spec: EtsSpec): number[] {
  const x = [p.alpha];
  if (spec.trend !== 'N') x.push(p.beta / p.alpha);
  if (spec.season !== 'N') x.push(p.gamma / (1 - p.alpha));
  if (spec.trend === 'Ad') x.push(p.phi);
  x.push(p.level);
  if (spec.trend !== 'N') x.push(p.slope);
  return x;
}

function searchBox(spec: EtsSpec, parameters: EtsParameters, deviation: number, near: boolean): Box {
  const shrink = near ? 0.3 : 1;
  const box: Box = { start: fromParameters(parameters, spec), step: [], lower: [], upper: [] };
  const add = (step: number, lower: number, upper: number): void => {
    box.step.push(step * shrink);
    box.lower.push(lower);
    box.upper.push(upper);
  };
  add(0.2, 1e-4, 0.9999);
  if (spec.trend !== 'N') add(0.15, 1e-4, 0.9999);
  if (spec.season !== 'N') add(0.15, 1e-4, 0.9999);
  if (spec.trend === 'Ad') add(-0.05, 0.8, 0.98);
  add(0.2 * deviation, -1e18, 1e18);
  if (spec.trend !== 'N') add(0.5 * Math.abs(parameters.slope) + 0.02 * deviation, -1e18, 1e18);
  return box;
}

/**
 * Fits one ETS model: smoothing parameters, initial level and initial slope maximise the likelihood inside the usual region
 * (0 < alpha < 1, beta < alpha, gamma < 1 - alpha, 0.8 <= phi <= 0.98); the initial seasonal indices come from classical decomposition.
 * AICc = -2 log L + 2k + 2k(k+1)/(n-k-1).
 *
 * Source: Hyndman, Koehler, Ord & Snyder (2008), sections 2.6, 5.1 and 7.2.
 */
export function fitEts(y: Float64Array, m: number, spec: EtsSpec, start?: EtsStart): EtsFit {
  const n = y.length;
  const season = initialSeason(y, m, spec);
  const work = new Float64Array(season.length);
  const guess = { alpha: 0.3, beta: 0.03, gamma: 0.07, phi: spec.trend === 'Ad' ? 0.95 : 1, ...initialLine(y, spec, season) };
  const deviation = Math.sqrt(variance(y)) || 1;
  const { x } = nelderMead(
    (point) => {
      work.set(season);
      return filterEts(y, spec, toParameters(point, spec), work, null);
    },
    {
      ...searchBox(spec, start?.parameters ?? guess, deviation, start !== undefined),
      maxIterations: start === undefined ? 120 : 40,
      tolerance: 1e-6,
    },
  );
  const parameters = toParameters(x, spec);
  const state: EtsState = { level: 0, slope: 0, season, position: 0, errors: new Float64Array(n) };
  const cost = filterEts(y, spec, parameters, Float64Array.from(season), state);
  const size = x.length + Math.max(0, season.length - 1) + 1;
  const spare = n - size - 1;
  const aicc = spare > 0 && Number.isFinite(cost) ? cost + 2 * size + (2 * size * (size + 1)) / spare : Infinity;
  return { spec, parameters, state, aicc, size };
}

/** Point forecasts of a fitted model. */
export function forecastEts(fit: EtsFit, horizon: number): Float64Array {
  return extrapolateEts(fit.spec, fit.parameters.phi, fit.state, horizon);
}

/** Damped trend without season, ETS(A,Ad,N): Gardner & McKenzie (1985), "Forecasting trends in time series". */
export function dampedTrend(y: Float64Array, horizon: number, start?: EtsStart): { forecast: Float64Array; fit: EtsFit } {
  const fit = fitEts(y, 1, { error: 'A', trend: 'Ad', season: 'N' }, start);
  return { forecast: forecastEts(fit, horizon), fit };
}
