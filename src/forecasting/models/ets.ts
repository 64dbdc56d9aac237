import { seasonalIndices } from './decomposition.js';
import { EtsParameters, EtsSpec, EtsState, extrapolateEts, filterEts } from './ets-filter.js';
import { etsResiduals } from './ets-residuals.js';
import { minimiseSquares } from './least-squares.js';
import { fitLine, variance } from './statistics.js';

export interface EtsFit {
  spec: EtsSpec;
  parameters: EtsParameters;
  state: EtsState;
  /** corrected Akaike criterion; comparable between specs of one series only */
  aicc: number;
  /** innovation variance: of the errors, or of the relative errors */
  variance: number;
  /** largest value of the series: what bounds the forecasts of multiplicative models */
  largest: number;
  /** number of estimated quantities, initial seasonal indices and the error variance included */
  size: number;
}

/** Start of a search: the parameters of a fit of the same series, a little earlier. */
export type EtsStart = Pick<EtsFit, 'spec' | 'parameters'>;

interface Box {
  scale: number[];
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

function searchBox(spec: EtsSpec, slope: number, deviation: number): Box {
  const box: Box = { scale: [], lower: [], upper: [] };
  const add = (scale: number, lower: number, upper: number): void => {
    box.scale.push(scale);
    box.lower.push(lower);
    box.upper.push(upper);
  };
  add(0.2, 1e-4, 0.9999);
  if (spec.trend !== 'N') add(0.15, 1e-4, 0.9999);
  if (spec.season !== 'N') add(0.15, 1e-4, 0.9999);
  if (spec.trend === 'Ad') add(0.05, 0.8, 0.98);
  add(0.2 * deviation, -1e18, 1e18);
  if (spec.trend !== 'N') add(0.5 * Math.abs(slope) + 0.02 * deviation, -1e18, 1e18);
  return box;
}

/** Smoothing parameters to begin with: slow, usual and fast level. The search goes on from the best of them. */
const STARTS = [
  { alpha: 0.3, beta: 0.03, gamma: 0.07 },
  { alpha: 0.05, beta: 0.005, gamma: 0.05 },
  { alpha: 0.8, beta: 0.02, gamma: 0.01 },
];

function innovationVariance(y: Float64Array, spec: EtsSpec, { errors }: EtsState, size: number): number {
  let sum = 0;
  for (let i = 0; i < y.length; i++) sum += (spec.error === 'M' ? errors[i]! / (y[i]! - errors[i]!) : errors[i]!) ** 2;
  return sum / Math.max(1, y.length - size);
}

/** Gain of the criterion, in units of AICc, below which the search ends. */
const ENOUGH = 1e-4;

/**
 * Fits one ETS model: smoothing parameters, initial level and initial slope maximise the likelihood inside the usual region
 * (0 < alpha < 1, beta < alpha, gamma < 1 - alpha, 0.8 <= phi <= 0.98); the initial seasonal indices come from classical decomposition.
 * AICc = -2 log L + 2k + 2k(k+1)/(n-k-1).
 *
 * Source: Hyndman, Koehler, Ord & Snyder (2008), sections 2.6, 5.1 and 7.2.
 *
 * @param rival AICc of another model: a fit that has no prospect of getting below it may end early, above it
 */
export function fitEts(y: Float64Array, m: number, spec: EtsSpec, start?: EtsStart, rival = Infinity): EtsFit {
  const n = y.length;
  const season = initialSeason(y, m, spec);
  const work = new Float64Array(season.length);
  const fitted = new Float64Array(n);
  const residuals = (x: Float64Array, into: Float64Array): number => {
    work.set(season);
    return etsResiduals(y, spec, toParameters(x, spec), work, into, fitted);
  };
  const line = initialLine(y, spec, season);
  const phi = spec.trend === 'Ad' ? 0.95 : 1;
  const starts = (start === undefined ? STARTS.map((guess) => ({ ...guess, phi, ...line })) : [start.parameters]).map(
    (parameters) => Float64Array.from(fromParameters(parameters, spec)),
  );
  const state: EtsState = { level: 0, slope: 0, season, position: 0, errors: new Float64Array(n) };
  const values = starts.map((x) => residuals(x, state.errors));
  const size = starts[0]!.length + Math.max(0, season.length - 1) + 1;
  const spare = n - size - 1;
  const penalty = spare > 0 ? 2 * size + (2 * size * (size + 1)) / spare : Infinity;
  const { x } = minimiseSquares({
    length: n,
    residuals,
    start: starts[values.indexOf(Math.min(...values))]!,
    ...searchBox(spec, line.slope, Math.sqrt(variance(y)) || 1),
    maxIterations: start === undefined ? 40 : 12,
    tolerance: ENOUGH / n,
    hopeless: Number.isFinite(rival) ? Math.exp((rival - penalty) / n) : undefined,
  });
  const parameters = toParameters(x, spec);
  const cost = filterEts(y, spec, parameters, Float64Array.from(season), state);
  const aicc = spare > 0 && Number.isFinite(cost) ? cost + penalty : Infinity;
  const largest = y.reduce((a, b) => Math.max(a, b), 0);
  return { spec, parameters, state, aicc, variance: innovationVariance(y, spec, state, starts[0]!.length), largest, size };
}

/** Bound of multiplicative models, in largest values seen. */
const CEILING = 3;

/**
 * Point forecasts of a fitted model. Models with a multiplicative part, which hold for positive data alone, stay between zero and three times the largest
 * value seen: near a level of zero their states can explode.
 */
export function forecastEts(fit: EtsFit, horizon: number): Float64Array {
  const forecast = extrapolateEts(fit.spec, fit.parameters.phi, fit.state, horizon);
  if (fit.spec.error === 'A' && fit.spec.season !== 'M') return forecast;
  const ceiling = CEILING * fit.largest;
  return forecast.map((value) => (value > 0 ? Math.min(value, ceiling) : 0));
}

/** Damped trend without season, ETS(A,Ad,N): Gardner & McKenzie (1985), "Forecasting trends in time series". */
export function dampedTrend(y: Float64Array, horizon: number, start?: EtsStart): { forecast: Float64Array; fit: EtsFit } {
  const fit = fitEts(y, 1, { error: 'A', trend: 'Ad', season: 'N' }, start);
  return { forecast: forecastEts(fit, horizon), fit };
}
