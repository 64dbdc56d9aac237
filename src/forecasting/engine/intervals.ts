import { DemandClass } from '../models/demand-class.js';
import { sortedQuantile } from '../models/statistics.js';
import { Outlook, Trial } from './backtest.js';
import { combine, PooledLosses, weigh, Weights } from './weights.js';

/** One value per stored quantile. */
export interface Quantiles<T> {
  q025: T;
  q10: T;
  q50: T;
  q80: T;
  q90: T;
  q95: T;
  q975: T;
  q99: T;
}

const PROBABILITIES: Quantiles<number> = {
  q025: 0.025,
  q10: 0.1,
  q50: 0.5,
  q80: 0.8,
  q90: 0.9,
  q95: 0.95,
  q975: 0.975,
  q99: 0.99,
};

/** Standard normal quantiles of the same probabilities. */
const NORMAL: Quantiles<number> = {
  q025: -1.9599639845,
  q10: -1.2815515655,
  q50: 0,
  q80: 0.8416212336,
  q90: 1.2815515655,
  q95: 1.644853627,
  q975: 1.9599639845,
  q99: 2.3263478741,
};

function mapQuantiles<T>(make: (name: keyof Quantiles<number>) => T): Quantiles<T> {
  // ascending, so that callers may build on the order
  return {
    q025: make('q025'),
    q10: make('q10'),
    q50: make('q50'),
    q80: make('q80'),
    q90: make('q90'),
    q95: make('q95'),
    q975: make('q975'),
    q99: make('q99'),
  };
}

/** fewer errors of a class than this: all classes together */
const ENOUGH = 60;
/** with so many errors the quantiles are empirical alone; below, mixed with a normal distribution of the same spread */
const PLENTY = 300;
const NORMAL_WEIGHT = 50;
/** how far a series' own errors scale its intervals: 0 = not, 1 = fully */
const OWN_EXPONENT = 0.5;
const SOFTEN = 0.05;

interface Judged {
  trial: Trial;
  forecast: Float64Array;
  /** mean of |standardised error| */
  size: number;
}

/** One-step standard deviation stand-in of period h of an outlook. */
function sigma(outlook: Outlook, h: number): number {
  return outlook.scale * outlook.shape[h]!;
}

/** Root of the sum of squares over periods [from, to): the spread of a sum. */
export function sigmaOfSum(outlook: Outlook, from: number, to: number): number {
  let squares = 0;
  for (let h = from; h < to; h++) if (outlook.prepared.factors[h]! > 0) squares += sigma(outlook, h) ** 2;
  return Math.sqrt(squares);
}

function meanAbsolute(trial: Trial, forecast: Float64Array): number {
  let sum = 0;
  let count = 0;
  trial.actual.forEach((actual, h) => {
    if (Number.isNaN(actual)) return;
    sum += Math.abs(actual - forecast[h]!) / sigma(trial, h);
    count++;
  });
  return count > 0 ? sum / count : NaN;
}

/** Sorted standardised errors by class, and of all classes. */
class ErrorSample {
  private readonly byClass = new Map<DemandClass, number[]>();
  private readonly quantiles = new Map<DemandClass | 'all', Quantiles<number>>();

  add(demand: DemandClass, error: number): void {
    if (!Number.isFinite(error)) return;
    const list = this.byClass.get(demand);
    if (list === undefined) this.byClass.set(demand, [error]);
    else list.push(error);
  }

  /** quantiles in units of sigma */
  of(demand: DemandClass): Quantiles<number> {
    const own = this.byClass.get(demand);
    const key = own !== undefined && own.length >= ENOUGH ? demand : 'all';
    const known = this.quantiles.get(key);
    if (known !== undefined) return known;
    const errors = key === 'all' ? [...this.byClass.values()].flat() : own!;
    const result = conformalQuantiles(Float64Array.from(errors).toSorted());
    this.quantiles.set(key, result);
    return result;
  }
}

/** Quantiles of sorted errors; few errors are mixed with a normal distribution of their root mean square. */
export function conformalQuantiles(sorted: Float64Array): Quantiles<number> {
  const n = sorted.length;
  const spread = n > 0 ? Math.sqrt(sorted.reduce((sum, error) => sum + error * error, 0) / n) : 1;
  const share = n >= PLENTY ? 1 : n / (n + NORMAL_WEIGHT);
  return mapQuantiles((name) => {
    const empirical = n > 0 ? sortedQuantile(sorted, PROBABILITIES[name]) : 0;
    return share * empirical + (1 - share) * NORMAL[name] * spread;
  });
}

/**
 * Distribution of the ensemble's errors in the backtests, pooled by demand class and standardised by each series' own scale, season, effects
 * and past accuracy: split-conformal quantiles, so that the nominal share of the validation errors lies inside by construction.
 *
 * Source: Vovk, Gammerman & Shafer (2005), Algorithmic Learning in a Random World; normalised residuals after Papadopoulos et al. (2008).
 */
export class ErrorDistribution {
  private readonly periods = new ErrorSample();
  private readonly sums = new ErrorSample();
  private readonly own = new Map<string, number>();

  /**
   * @param trials of each series
   * @param windowOf periods of the sums to learn from a trial's series (its lead time)
   */
  constructor(trials: readonly Trial[][], pooled: PooledLosses, windowOf: (trial: Trial) => number) {
    const judged = trials.map((list) =>
      list.map((trial) => judgeEnsemble(trial, list, pooled)).filter(({ size }) => Number.isFinite(size)),
    );
    const sizes = judged.flat().map(({ size }) => Math.log(size + SOFTEN));
    const typical = sizes.length > 0 ? Math.exp(sizes.reduce((a, b) => a + b, 0) / sizes.length) : 1;
    const factor = (size: number): number => ((size + SOFTEN) / typical) ** OWN_EXPONENT;
    for (const list of judged) {
      const total = list.reduce((sum, { size }) => sum + size, 0);
      for (const one of list) {
        // leave one origin out, as the origin to forecast is not among them either
        const others = list.length > 1 ? (total - one.size) / (list.length - 1) : typical - SOFTEN;
        this.learn(one, factor(others), windowOf(one.trial));
      }
      const id = list[0]?.trial.prepared.timeline.series.id;
      if (id !== undefined) this.own.set(id, factor(total / list.length));
    }
  }

  private learn({ trial, forecast }: Judged, adjustment: number, window: number): void {
    const { actual, demand, prepared } = trial;
    actual.forEach((value, h) => this.periods.add(demand.class, (value - forecast[h]!) / (sigma(trial, h) * adjustment)));
    for (let from = 0; from + window <= actual.length; from += window) {
      let difference = 0;
      for (let h = from; h < from + window; h++) if (prepared.factors[h]! > 0) difference += actual[h]! - forecast[h]!;
      const spread = sigmaOfSum(trial, from, from + window) * adjustment;
      if (spread > 0) this.sums.add(demand.class, difference / spread);
    }
  }

  /** Quantiles of each period around a point forecast: not negative, ascending, 0 on closed days. */
  periodQuantiles(outlook: Outlook, forecast: Float64Array): Quantiles<Float64Array> {
    const z = this.periods.of(outlook.demand.class);
    const adjustment = this.own.get(outlook.prepared.timeline.series.id) ?? 1;
    const periods = Array.from(forecast, (centre, h) => {
      const spread = outlook.prepared.factors[h]! > 0 ? sigma(outlook, h) * adjustment : 0;
      return ascending(centre, z, spread);
    });
    return mapQuantiles((name) => Float64Array.from(periods, (quantiles) => quantiles[name]));
  }

  /** Quantiles of the demand summed over the first `periods` periods. */
  sumQuantiles(outlook: Outlook, total: number, periods: number): Quantiles<number> {
    const adjustment = this.own.get(outlook.prepared.timeline.series.id) ?? 1;
    return ascending(total, this.sums.of(outlook.demand.class), sigmaOfSum(outlook, 0, periods) * adjustment);
  }
}

function ascending(centre: number, z: Quantiles<number>, spread: number): Quantiles<number> {
  let least = 0;
  return mapQuantiles((name) => (least = Math.max(least, centre + z[name] * spread)));
}

function judgeEnsemble(trial: Trial, own: readonly Trial[], pooled: PooledLosses): Judged {
  const weights: Weights = weigh(own, pooled, trial.demand.class, trial.forecasts.keys());
  const forecast = combine(trial.forecasts, weights);
  return { trial, forecast, size: meanAbsolute(trial, forecast) };
}
