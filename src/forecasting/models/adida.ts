import { fitSimpleSmoothing } from './simple-smoothing.js';

/** Sums of consecutive buckets of `length` periods that end with the last one; what does not fill a bucket is left out at the start. */
export function aggregate(y: Float64Array, length: number): Float64Array {
  const buckets = Math.floor(y.length / length);
  const sums = new Float64Array(buckets);
  const skipped = y.length - buckets * length;
  for (let i = skipped; i < y.length; i++) sums[Math.floor((i - skipped) / length)]! += y[i]!;
  return sums;
}

/** The series from its first demand on; empty without one. */
function fromFirstDemand(y: Float64Array): Float64Array {
  const first = y.findIndex((value) => value > 0);
  return first < 0 ? new Float64Array(0) : y.subarray(first);
}

/** Mean interval between demands, rounded, at least 1 and such that two buckets can be filled. */
function meanInterval(y: Float64Array): number {
  let demands = 0;
  for (const value of y) if (value > 0) demands++;
  const interval = demands > 0 ? Math.round(y.length / demands) : 1;
  return Math.max(1, Math.min(interval, Math.floor(y.length / 2)));
}

/** Demand a period by simple exponential smoothing of bucket sums, shared out evenly; never negative. */
function smoothedRate(y: Float64Array, length: number): number {
  return Math.max(0, fitSimpleSmoothing(aggregate(y, length)).level) / length;
}

/**
 * Aggregate-disaggregate intermittent demand approach: demand is summed over buckets that do not overlap, which leaves few zeros, smoothed there and shared
 * out evenly. Gives the (flat) demand a period.
 *
 * Source: Nikolopoulos, Syntetos, Boylan, Petropoulos & Assimakopoulos (2011), "An aggregate-disaggregate intermittent demand approach (ADIDA) to
 * forecasting", JORS 62.
 *
 * @param length periods of a bucket; by default the mean interval between demands. The lead time is another good choice.
 */
export function adida(y: Float64Array, length?: number): number {
  const demand = fromFirstDemand(y);
  if (demand.length === 0) return 0;
  const largest = Math.max(1, demand.length);
  return smoothedRate(demand, Math.max(1, Math.min(largest, Math.round(length ?? meanInterval(demand)))));
}

/**
 * Intermittent multiple aggregation prediction: the mean of the smoothed demand a period over buckets of 1, 2, ... periods, up to the mean interval between
 * demands; no single length has to be chosen.
 *
 * Source: Petropoulos & Kourentzes (2015), "Forecast combinations for intermittent demand", JORS 66; with simple smoothing at every level, as in the
 * benchmarks of the M5 competition.
 *
 * @param longest longest bucket; by default the mean interval
 */
export function imapa(y: Float64Array, longest?: number): number {
  const demand = fromFirstDemand(y);
  if (demand.length === 0) return 0;
  const levels = Math.max(1, Math.min(demand.length, Math.round(longest ?? meanInterval(demand))));
  let sum = 0;
  for (let length = 1; length <= levels; length++) sum += smoothedRate(demand, length);
  return sum / levels;
}
