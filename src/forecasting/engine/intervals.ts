import { isSparse } from '../models/demand-class.js';
import { normalQuantile } from '../models/normal.js';
import { sortedQuantile } from '../models/statistics.js';
import type { Trial } from './backtest.js';
import { type DemandSums, SUM_PROBABILITIES, sumLengths } from './demand-sums.js';
import type { Outlook } from './outlook.js';
import { combine, type EnsembleWeights, type PooledWeights, weigh } from './weights.js';

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

const NAMES = Object.keys(PROBABILITIES) as (keyof Quantiles<number>)[];
const LEVELS = Object.values(PROBABILITIES) as number[];

function mapQuantiles<T>(make: (name: keyof Quantiles<number>) => T): Quantiles<T> {
  return Object.fromEntries(NAMES.map((name) => [name, make(name)])) as unknown as Quantiles<T>;
}

/** fewer errors of a kind than this: those of all kinds together */
const ENOUGH = 60;
/** with so many errors the quantiles are empirical alone; below, mixed with a normal distribution of the same spread */
const PLENTY = 300;
const NORMAL_WEIGHT = 50;
/** how far a series' own errors scale its intervals: 0 = not, 1 = fully */
const OWN_EXPONENT = 0.3;
const SOFTEN = 0.05;
/** the spread of a period grows with its expected demand to this power: 1/2 for counts, 1 for demand that is only scaled */
const SPREAD_POWER = 0.75;
const LEAST_RELATIVE_DEMAND = 0.05;
/** errors are pooled by this many parts of the horizon: what is further away is known less well */
const PARTS = 4;

/** One-step standard deviation stand-in of each period of a forecast: what the unit of errors is. */
function spreadsOf({ scale, level, prepared }: Outlook, forecast: Float64Array): Float64Array {
  return forecast.map((value, h) => {
    if (prepared.factors[h] === 0) return 0;
    return scale * Math.max(LEAST_RELATIVE_DEMAND, value / Math.max(level, 1e-6)) ** SPREAD_POWER;
  });
}

const partOf = (h: number, horizon: number): number => Math.min(PARTS - 1, Math.floor((h * PARTS) / horizon));

/** so many origins are as good as what is known before any: that forecasts have no bias */
const PRIOR_ORIGINS = 2;
/** share of the errors at each end that do not count for the bias of an origin */
const TRIMMED = 0.1;

/** Standardised errors by kind of demand, by a number (part of the horizon, length of a sum), and by rank of origin. */
class ErrorSample {
  private readonly byKey = new Map<string, number[][]>();
  private readonly sorted = new Map<string, Float64Array>();
  private readonly quantiles = new Map<string, number[]>();

  add(sparse: boolean, part: number, rank: number, error: number): void {
    if (!Number.isFinite(error)) return;
    const key = `${sparse}/${part}`;
    const ranks = this.byKey.get(key) ?? [];
    this.byKey.set(key, ranks);
    (ranks[rank] ??= []).push(error);
  }

  /** quantiles of some probabilities, in units of the spread */
  of(sparse: boolean, part: number, probabilities: readonly number[]): readonly number[] {
    const key = `${sparse}/${part}/${probabilities.length}`;
    let found = this.quantiles.get(key);
    if (found === undefined) {
      const errors = this.errorsOf(sparse, part);
      found = probabilities.map((probability) => conformalQuantile(errors, probability));
      this.quantiles.set(key, found);
    }
    return found;
  }

  private errorsOf(sparse: boolean, part: number): Float64Array {
    const key = `${sparse}/${part}`;
    let errors = this.sorted.get(key);
    if (errors === undefined) this.sorted.set(key, (errors = this.errorsFor(sparse, part)));
    return errors;
  }

  private errorsFor(sparse: boolean, part: number): Float64Array {
    const enough = (lists: number[][][]): Float64Array | null => {
      const errors = lists.flatMap(withoutCommonShocks);
      return errors.length >= ENOUGH ? Float64Array.from(errors).toSorted() : null;
    };
    const all = [...this.byKey];
    return (
      enough([this.byKey.get(`${sparse}/${part}`) ?? []]) ??
      enough(all.filter(([key]) => key.startsWith(`${sparse}/`)).map(([, list]) => list)) ??
      Float64Array.from(all.flatMap(([, list]) => withoutCommonShocks(list))).toSorted()
    );
  }
}

function trimmedMean(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const cut = Math.floor(share * sorted.length);
  const kept = sorted.slice(cut, sorted.length - cut);
  return kept.reduce((sum, value) => sum + value, 0) / kept.length;
}

/**
 * All series of a pool err together when something happens to the shop, and a backtest has seen few such events: their sign says nothing of
 * the next one. The bias of each origin, beyond what all origins have in common, is taken with either sign.
 */
function withoutCommonShocks(ranks: readonly number[][]): number[] {
  const known = ranks.filter((errors) => errors !== undefined && errors.length > 0);
  const biases = known.map((errors) => trimmedMean(errors, TRIMMED));
  const lasting = biases.reduce((sum, bias) => sum + bias, 0) / (known.length + PRIOR_ORIGINS);
  return known.flatMap((errors, r) => errors.flatMap((error) => [error, error - 2 * (biases[r]! - lasting)]));
}

/** Quantile of sorted errors; few errors are mixed with a normal distribution of their root mean square. */
export function conformalQuantile(sorted: Float64Array, probability: number): number {
  const n = sorted.length;
  const spread = n > 0 ? Math.sqrt(sorted.reduce((sum, error) => sum + error * error, 0) / n) : 1;
  const share = n >= PLENTY ? 1 : n / (n + NORMAL_WEIGHT);
  const empirical = n > 0 ? sortedQuantile(sorted, probability) : 0;
  return share * empirical + (1 - share) * normalQuantile(probability) * spread;
}

interface Judged {
  trial: Trial;
  forecast: Float64Array;
  spreads: Float64Array;
  /** mean of |standardised error| */
  size: number;
}

function judgeEnsemble(trial: Trial, pooled: PooledWeights): Judged {
  const forecast = combine(trial.forecasts, weigh(pooled, trial.demand.class, trial.forecasts));
  const spreads = spreadsOf(trial, forecast);
  let sum = 0;
  let count = 0;
  trial.actual.forEach((actual, h) => {
    if (Number.isNaN(actual) || spreads[h] === 0) return;
    sum += Math.abs(actual - forecast[h]!) / spreads[h]!;
    count++;
  });
  return { trial, forecast, spreads, size: count > 0 ? sum / count : NaN };
}

/**
 * Distribution of the ensemble's errors in the backtests, pooled by kind of demand and part of the horizon, and standardised by each series'
 * own scale, expected demand and past accuracy: split-conformal quantiles, so that the nominal share of the validation errors lies inside
 * by construction. Sums over the first periods have a distribution of their own for each length: errors of neighbouring periods go
 * together, which no formula for independent ones knows.
 *
 * Source: Vovk, Gammerman & Shafer (2005), Algorithmic Learning in a Random World; normalised residuals after Papadopoulos et al. (2008).
 */
export class ErrorDistribution {
  private readonly periods = new ErrorSample();
  private readonly sums = new ErrorSample();
  private readonly own = new Map<string, number>();

  /** @param trials of each series */
  constructor(trials: readonly Trial[][], weights: EnsembleWeights) {
    const judged = trials.map((list) =>
      list
        .map((trial, k) => judgeEnsemble(trial, weights.without[list.length - 1 - k] ?? weights.all))
        .filter(({ size }) => Number.isFinite(size)),
    );
    const sizes = judged.flat().map(({ size }) => Math.log(size + SOFTEN));
    const typical = sizes.length > 0 ? Math.exp(sizes.reduce((a, b) => a + b, 0) / sizes.length) : 1;
    const factor = (size: number): number => ((size + SOFTEN) / typical) ** OWN_EXPONENT;
    for (const list of judged) {
      const total = list.reduce((sum, { size }) => sum + size, 0);
      for (const one of list) {
        // leave one origin out, as the origin to forecast is not among them either
        const others = list.length > 1 ? (total - one.size) / (list.length - 1) : typical - SOFTEN;
        this.learn(one, factor(others), list.length - 1 - list.indexOf(one));
      }
      const id = list[0]?.trial.prepared.timeline.series.id;
      if (id !== undefined) this.own.set(id, factor(total / list.length));
    }
  }

  private learn({ trial, forecast, spreads }: Judged, adjustment: number, rank: number): void {
    const { actual, demand } = trial;
    const sparse = isSparse(demand.class);
    const horizon = actual.length;
    actual.forEach((value, h) => {
      if (spreads[h]! > 0)
        this.periods.add(sparse, partOf(h, horizon), rank, (value - forecast[h]!) / (spreads[h]! * adjustment));
    });
    for (const length of sumLengths(horizon)) {
      let difference = 0;
      let squares = 0;
      for (let h = 0; h < length; h++) {
        if (spreads[h] === 0) continue;
        difference += actual[h]! - forecast[h]!;
        squares += spreads[h]! ** 2;
      }
      if (squares > 0) this.sums.add(sparse, length, rank, difference / (Math.sqrt(squares) * adjustment));
    }
  }

  private adjustmentOf({ prepared }: Outlook): number {
    return this.own.get(prepared.timeline.series.id) ?? 1;
  }

  /** Quantiles of each period around a point forecast: not negative, ascending, 0 on closed days. */
  periodQuantiles(outlook: Outlook, forecast: Float64Array): Quantiles<Float64Array> {
    const sparse = isSparse(outlook.demand.class);
    const spreads = spreadsOf(outlook, forecast);
    const adjustment = this.adjustmentOf(outlook);
    const periods = Array.from(forecast, (centre, h) =>
      ascending(centre, this.periods.of(sparse, partOf(h, forecast.length), LEVELS), spreads[h]! * adjustment),
    );
    return mapQuantiles((name) => Float64Array.from(periods, (quantiles) => quantiles[NAMES.indexOf(name)]!));
  }

  /** Distributions of the demand summed over the first periods. */
  demandSums(outlook: Outlook, forecast: Float64Array): DemandSums {
    const sparse = isSparse(outlook.demand.class);
    const spreads = spreadsOf(outlook, forecast);
    const adjustment = this.adjustmentOf(outlook);
    const sums: DemandSums = {
      lengths: sumLengths(forecast.length),
      probabilities: [...SUM_PROBABILITIES],
      values: [],
      means: [],
    };
    for (const length of sums.lengths) {
      let total = 0;
      let squares = 0;
      for (let h = 0; h < length; h++) {
        total += forecast[h]!;
        squares += spreads[h]! ** 2;
      }
      sums.means.push(total);
      sums.values.push(ascending(total, this.sums.of(sparse, length, SUM_PROBABILITIES), Math.sqrt(squares) * adjustment));
    }
    return sums;
  }
}

function ascending(centre: number, z: readonly number[], spread: number): number[] {
  let least = 0;
  return z.map((score) => (least = Math.max(least, centre + score * spread)));
}
