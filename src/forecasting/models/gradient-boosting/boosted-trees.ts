import { BoostingLoss } from './boosting-loss.js';

/**
 * A boosted model as plain numbers: survives structured clone and JSON. Node k of the flat lists: a leaf has feature -1 and a value; an inner
 * node sends a row to `left[k]` when its value does not exceed the threshold, else to `left[k] + 1`; what is missing goes where `missingLeft` says.
 */
export interface BoostedTrees {
  loss: BoostingLoss;
  /** score of every row before the first tree */
  base: number;
  /** number of columns the model was fitted on */
  columns: number;
  /** first node of each tree */
  roots: number[];
  feature: number[];
  threshold: number[];
  left: number[];
  missingLeft: number[];
  /** what a leaf adds to the score, learning rate included */
  value: number[];
}

/** Rows looked at together: their values stay in the processor's cache for all trees. */
const BLOCK = 512;

/** Stands for what is missing in a block: not above any threshold. */
const ABSENT = -Infinity;

/** The nodes in the form that is walked; `missing` is 1 where what is missing goes right. */
interface Nodes {
  feature: Int32Array;
  threshold: Float64Array;
  left: Int32Array;
  missing: Int32Array;
  value: Float64Array;
}

/** Some rows, one after the other, and which of their values are missing. */
interface Block {
  values: Float32Array;
  absent: Uint8Array;
}

function leafValue(nodes: Nodes, root: number, { values, absent }: Block, offset: number): number {
  const { feature, threshold, left, missing } = nodes;
  let node = root;
  let column = feature[node]!;
  while (column >= 0) {
    const at = offset + column;
    // without a branch: the processor could not guess it
    node = left[node]! + +(values[at]! > threshold[node]!) + (missing[node]! & absent[at]!);
    column = feature[node]!;
  }
  return nodes.value[node]!;
}

/** Adds the trees from `first` on to the scores of the first rows of the columns. */
export function addTrees(model: BoostedTrees, columns: readonly Float32Array[], first: number, scores: Float64Array): void {
  const { roots } = model;
  const start = roots[first] ?? 0;
  const nodes: Nodes = {
    feature: Int32Array.from(model.feature.slice(start)),
    threshold: Float64Array.from(model.threshold.slice(start)),
    left: Int32Array.from(model.left.slice(start), (node) => node - start),
    missing: Int32Array.from(model.missingLeft.slice(start), (goesLeft) => 1 - goesLeft),
    value: Float64Array.from(model.value.slice(start)),
  };
  const width = columns.length;
  const size = width * Math.min(BLOCK, scores.length);
  const block: Block = { values: new Float32Array(size), absent: new Uint8Array(size) };
  for (let at = 0; at < scores.length; at += BLOCK) {
    const rows = Math.min(BLOCK, scores.length - at);
    fillBlock(block, columns, at, rows);
    for (let tree = first; tree < roots.length; tree++) {
      const root = roots[tree]! - start;
      for (let i = 0; i < rows; i++) scores[at + i]! += leafValue(nodes, root, block, i * width);
    }
  }
}

/** Rows [at, at + rows) one after the other; what is infinite counts as missing. */
function fillBlock({ values, absent }: Block, columns: readonly Float32Array[], at: number, rows: number): void {
  const width = columns.length;
  for (let k = 0; k < width; k++) {
    const column = columns[k]!;
    for (let i = 0; i < rows; i++) {
      const value = column[at + i]!;
      const known = value - value === 0;
      values[i * width + k] = known ? value : ABSENT;
      absent[i * width + k] = known ? 0 : 1;
    }
  }
}

/**
 * Predictions of the first n rows of the columns, which are those of the fit in the same order: means, also with a log link.
 */
export function predictBoosted(model: BoostedTrees, columns: readonly Float32Array[], n: number): Float64Array {
  const scores = new Float64Array(n).fill(model.base);
  addTrees(model, columns, 0, scores);
  if (model.loss === 'squared') return scores;
  for (let i = 0; i < n; i++) scores[i] = Math.exp(scores[i]!);
  return scores;
}
