import { dot } from '../least-squares.js';
import { solveSymmetric } from '../linear-solve.js';
import { difference, differencesNeeded } from '../stationarity.js';
import { ArmaFit, fitArma } from './arma-estimation.js';
import { ArmaProcess, innovations, LARGEST_P, LARGEST_Q, psiWeights } from './arma-process.js';

export interface ArmaOrder {
  p: number;
  q: number;
}

export interface RegressionOptions {
  /** differences taken of the series and its columns, 0 or 1; by KPSS of the regression's residuals when left out */
  d?: 0 | 1;
  /** pseudo-observations of no effect at each column's largest deviation: what few periods say is shrunk, collinear columns share */
  ridge?: number;
}

export interface ArmaRegression extends ArmaProcess {
  d: 0 | 1;
  /** effect of each column */
  coefficients: Float64Array;
  /** level of the undifferenced model; 0 with d = 1 */
  intercept: number;
  /** innovation variance, corrected for the number of estimated quantities */
  variance: number;
  /** corrected Akaike criterion; comparable between orders of one series and d */
  aicc: number;
  /** one-step errors, one a value (the first ones are conditioned on: 0) */
  errors: Float64Array;
  /** newest values, which forecasts continue: of the series, of its columns, of the regression's errors (differenced d times), latest last */
  last: { y: number; columns: Float64Array; noise: Float64Array; errors: Float64Array };
}

const ROUNDS = 3;
/** Share of a column's squares added to them, so that one that repeats others (or the level) can be solved for. */
const COLLINEAR = 1e-9;

/** One series with its columns, differenced, and room for all fits of it. */
export class RegressionProblem {
  readonly d: 0 | 1;
  private readonly z: Float64Array;
  private readonly columns: Float64Array[];
  private readonly filtered: Float64Array[];
  private readonly filteredZ: Float64Array;
  private readonly noise: Float64Array;
  private readonly errors: Float64Array;
  private readonly ridge: number;
  /** first row that counts */
  private readonly from: number;
  private readonly ordinary: Float64Array;

  constructor(
    private readonly y: Float64Array,
    private readonly given: readonly Float64Array[],
    { d, ridge = 0.5 }: RegressionOptions,
  ) {
    const n = y.length;
    this.ridge = ridge;
    const white = { phi: new Float64Array(0), theta: new Float64Array(0) };
    const levels = [...given.map((column) => column.subarray(0, n)), new Float64Array(n).fill(1)];
    this.d = d ?? differencesNeeded(residuals(y, levels, this.leastSquares(y, levels, 0), new Float64Array(n)));
    this.z = this.d === 1 ? difference(y) : y;
    this.columns = this.d === 1 ? levels.slice(0, -1).map(difference) : levels;
    const length = this.z.length;
    this.from = Math.min(LARGEST_P, Math.max(0, length - 1));
    this.filtered = this.columns.map(() => new Float64Array(length));
    this.filteredZ = new Float64Array(length);
    this.noise = new Float64Array(length);
    this.errors = new Float64Array(length);
    this.ordinary = this.generalised(white);
  }

  /** Whether an order leaves enough values to estimate it. */
  bears({ p, q }: ArmaOrder): boolean {
    return this.z.length - this.from > 2 * (p + q) + this.columns.length + 4 || p + q === 0;
  }

  /** Errors and coefficients in turn: ARMA on the residuals, then least squares on the filtered columns, until they agree. */
  fit({ p, q }: ArmaOrder): ArmaRegression {
    let coefficients = this.ordinary;
    let process = this.fitNoise(coefficients, p, q);
    const rounds = p + q > 0 && this.columns.length > 0 ? ROUNDS : 0;
    for (let round = 0; round < rounds; round++) {
      const next = this.generalised(process);
      const refitted = this.fitNoise(next, p, q, process.partials);
      const gained = process.sse - refitted.sse;
      // the ridge makes the sum of squares a little less than the criterion: a step that worsens it by more than that is refused
      if (gained < -1e-3 * process.sse) break;
      coefficients = next;
      process = refitted;
      if (gained < 1e-4 * process.sse) break;
    }
    return this.result(coefficients, process);
  }

  private fitNoise(coefficients: Float64Array, p: number, q: number, start?: Float64Array): ArmaFit {
    residuals(this.z, this.columns, coefficients, this.noise);
    return fitArma(this.noise, p, q, this.from, start);
  }

  /** Generalised least squares: ordinary ones after the filter that turns the errors white (Cochrane & Orcutt 1949). */
  private generalised(process: ArmaProcess): Float64Array {
    innovations(this.z, process, this.filteredZ);
    this.columns.forEach((column, k) => innovations(column, process, this.filtered[k]!));
    return this.leastSquares(this.filteredZ, this.filtered, this.from);
  }

  private leastSquares(z: Float64Array, columns: readonly Float64Array[], from: number): Float64Array {
    const k = columns.length;
    const gram = new Float64Array(k * k);
    const right = new Float64Array(k);
    columns.forEach((column, a) => {
      right[a] = dot(column, z, from);
      for (let b = 0; b <= a; b++) gram[a * k + b] = dot(column, columns[b]!, from);
      // the level is not shrunk
      if (a < this.given.length) gram[a * k + a]! += this.ridge * largestSquare(column, from) + COLLINEAR * gram[a * k + a]!;
    });
    return solveSymmetric(gram, right);
  }

  private result(coefficients: Float64Array, process: ArmaFit): ArmaRegression {
    const { z, d, given } = this;
    const { phi, theta } = process;
    residuals(z, this.columns, coefficients, this.noise);
    innovations(this.noise, process, this.errors);
    const counted = z.length - this.from;
    const size = coefficients.length + phi.length + theta.length + 1;
    const spare = counted - size - 1;
    const errors = new Float64Array(this.y.length);
    errors.set(this.errors, d);
    return {
      phi,
      theta,
      d,
      coefficients: coefficients.slice(0, given.length),
      intercept: d === 1 ? 0 : (coefficients[given.length] ?? 0),
      variance: process.sse / Math.max(1, counted - size + 1),
      aicc:
        spare > 0 ? counted * Math.log(process.sse / counted + 1e-300) + 2 * size + (2 * size * (size + 1)) / spare : Infinity,
      errors,
      last: {
        y: this.y.at(-1) ?? 0,
        columns: Float64Array.from(given, (column) => column[this.y.length - 1] ?? 0),
        noise: this.noise.slice(-LARGEST_P),
        errors: this.errors.slice(-LARGEST_Q),
      },
    };
  }
}

/** Square of the largest distance from the mean: prices vary little about a high level, which the ridge must not take for their effect's size. */
function largestSquare(column: Float64Array, from: number): number {
  let sum = 0;
  for (let t = from; t < column.length; t++) sum += column[t]!;
  const centre = sum / (column.length - from);
  let largest = 0;
  for (let t = from; t < column.length; t++) largest = Math.max(largest, Math.abs(column[t]! - centre));
  return largest * largest;
}

function residuals(
  z: Float64Array,
  columns: readonly Float64Array[],
  coefficients: Float64Array,
  into: Float64Array,
): Float64Array {
  into.set(z);
  columns.forEach((column, k) => {
    const effect = coefficients[k]!;
    if (effect !== 0) for (let t = 0; t < into.length; t++) into[t]! -= effect * column[t]!;
  });
  return into;
}

/**
 * Regression with ARMA errors of a given order: y_t = a + x_t'b + n_t, n_t (differenced d times) an ARMA(p, q). Seasons come as Fourier or dummy
 * columns, a drift with d = 1 as a column 1, 2, 3, ...
 *
 * Source: Hyndman & Athanasopoulos, Forecasting: Principles and Practice (2nd ed.), chapter 9; ridge after Hoerl & Kennard (1970).
 *
 * @param columns finite, of the length of `y` or longer
 */
export function fitArmaRegression(
  y: Float64Array,
  columns: readonly Float64Array[],
  order: ArmaOrder,
  options: RegressionOptions = {},
): ArmaRegression {
  return new RegressionProblem(y, columns, options).fit(order);
}

export interface ArmaForecast {
  mean: Float64Array;
  /** variance of the forecast error by the innovations alone (coefficients taken for known) */
  variance: Float64Array;
}

/** Forecasts of h periods, given their columns. */
export function forecastArmaRegression(fit: ArmaRegression, future: readonly Float64Array[], horizon: number): ArmaForecast {
  const { phi, theta, d, last } = fit;
  const mean = new Float64Array(horizon);
  const noise = [...last.noise];
  const errors = [...last.errors];
  let level = last.y;
  for (let h = 0; h < horizon; h++) {
    let value = fit.intercept;
    for (let i = 0; i < phi.length; i++) value += phi[i]! * (noise.at(-1 - i) ?? 0);
    for (let j = 0; j < theta.length; j++) value += theta[j]! * (errors.at(-1 - j) ?? 0);
    noise.push(value - fit.intercept);
    errors.push(0);
    future.forEach((column, k) => {
      const before = d === 1 ? (h > 0 ? column[h - 1]! : last.columns[k]!) : 0;
      value += fit.coefficients[k]! * (column[h]! - before);
    });
    level = d === 1 ? level + value : value;
    mean[h] = level;
  }
  const psi = psiWeights(fit, d, horizon);
  let squares = 0;
  return { mean, variance: psi.map((weight) => fit.variance * (squares += weight * weight)) };
}
