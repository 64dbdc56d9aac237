import { seededRandom } from '../seeded-random.js';

/** Bins of a column: bin 0 holds what is missing (NaN or infinite), the others hold values in ascending order. */
export const BINS = 64;

const VALUE_BINS = BINS - 1;
/** values a column's quantiles are estimated from */
const SAMPLE = 20_000;

export interface FeatureBins {
  /** per column, ascending: a value belongs to bin 1 + the number of edges below it */
  edges: readonly Float32Array[];
  /** per column, 1 when something is missing in it */
  missing: Uint8Array;
  /** per column, twice the bin of each row */
  bytes: readonly Uint8Array[];
  /** the same row by row, four columns in an integer (first column in the low byte) */
  words: Int32Array;
  /** integers a row */
  width: number;
}

/** Largest value of the lower bin when `low` and `high` are neighbours: their middle, as far as a float can tell it from `high`. */
function edgeBetween(low: number, high: number): number {
  const middle = Math.fround(low + (high - low) / 2);
  return middle < high ? middle : low;
}

/**
 * Edges between the bins of sorted values: each distinct value its own bin when there are few; else bins of equal counts, where a value
 * that fills a bin by itself stands alone (flags and zeros beside a continuous range).
 */
export function findEdges(sorted: Float32Array): Float32Array {
  const values: number[] = [];
  const counts: number[] = [];
  for (const value of sorted) {
    if (value === values.at(-1)) counts[counts.length - 1]!++;
    else {
      values.push(value);
      counts.push(1);
    }
  }
  const edges: number[] = [];
  const full = sorted.length / VALUE_BINS;
  let inBin = 0;
  let left = sorted.length;
  let target = full;
  for (let k = 0; k + 1 < values.length && edges.length < VALUE_BINS - 1; k++) {
    inBin += counts[k]!;
    if (values.length > VALUE_BINS && inBin < target && counts[k + 1]! < full) continue;
    edges.push(edgeBetween(values[k]!, values[k + 1]!));
    left -= inBin;
    inBin = 0;
    target = left / (VALUE_BINS - edges.length);
  }
  return Float32Array.from(edges);
}

function columnEdges(column: Float32Array, rows: Int32Array | null, n: number): Float32Array {
  const sample = new Float32Array(rows === null ? n : rows.length);
  let count = 0;
  for (let q = 0; q < sample.length; q++) {
    const value = column[rows === null ? q : rows[q]!]!;
    if (Number.isFinite(value)) sample[count++] = value;
  }
  return findEdges(sample.subarray(0, count).toSorted());
}

/** Twice the bin of every value. */
function columnBytes(values: Float32Array, n: number, edges: Float32Array): Uint8Array {
  // padded to a power of two, the search has the same six steps for every value
  const padded = new Float32Array(BINS).fill(Infinity);
  padded.set(edges);
  const bytes = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    const value = values[i]!;
    // false for NaN and for both infinities
    if (value - value !== 0) continue;
    let bin = 0;
    for (let step = BINS >> 1; step > 0; step >>= 1) if (value > padded[bin + step - 1]!) bin += step;
    bytes[i] = 2 * (bin + 1);
  }
  return bytes;
}

/**
 * Quantile bins of columns of n values, the input of histogram boosting.
 *
 * Source: Chen & Guestrin (2016), "XGBoost: a scalable tree boosting system", section 3.2; Ke et al. (2017), "LightGBM", section 2.
 */
export function binColumns(columns: readonly Float32Array[], n: number, seed: number): FeatureBins {
  const random = seededRandom(seed);
  const rows = n > SAMPLE ? Int32Array.from({ length: SAMPLE }, () => Math.floor(random() * n)) : null;
  const width = (columns.length + 3) >> 2;
  const words = new Int32Array(n * width);
  const missing = new Uint8Array(columns.length);
  const edges = columns.map((column) => columnEdges(column, rows, n));
  const bytes = columns.map((column, k) => columnBytes(column, n, edges[k]!));
  bytes.forEach((column, k) => {
    const shift = 8 * (k & 3);
    for (let i = 0, at = k >> 2; i < n; i++, at += width) words[at]! |= column[i]! << shift;
    missing[k] = column.includes(0) ? 1 : 0;
  });
  return { edges, missing, bytes, words, width };
}
