import { BoostedTrees } from './boosted-trees.js';
import { FeatureBins } from './feature-bins.js';
import { buildHistogram, findSplit, Split, SplitRules, STRIDE, subtractHistogram, Sums } from './histogram.js';

export interface GrowthRules extends SplitRules {
  depth: number;
  learningRate: number;
  /** largest step of the score in a leaf, before the learning rate */
  maximumStep: number;
}

/** A stretch of each row list, and the sums of the sampled rows. */
interface TreeNode extends Sums {
  /** place in the model's lists */
  id: number;
  depth: number;
  start: number;
  end: number;
  /** stretch of the rows that were not sampled for this tree */
  restStart: number;
  restEnd: number;
}

/**
 * Grows trees of a bounded depth on binned rows. The rows of a node stand next to each other in one list which each split sorts in place, and only the
 * smaller child's histogram is summed: the other is the parent's minus that (Ke et al. 2017, section 2.1). All buffers are made once.
 */
export class TreeGrower {
  private readonly free: Float64Array[] = [];
  /** second half: room for the right side of a split */
  private readonly sampled: Int32Array;
  private readonly rest: Int32Array;
  /** 1 = a byte of the split column goes left */
  private readonly goesLeft = new Uint8Array(256);
  private features: Int32Array = new Int32Array(0);

  constructor(
    private readonly bins: FeatureBins,
    private readonly gradients: Float32Array,
    private readonly scores: Float64Array,
    private readonly rules: GrowthRules,
    private readonly model: BoostedTrees,
  ) {
    this.sampled = new Int32Array(2 * scores.length);
    this.rest = new Int32Array(2 * scores.length);
    for (let k = 0; k <= rules.depth; k++) this.free.push(new Float64Array(bins.width * 4 * STRIDE));
  }

  /**
   * Adds one tree to the model and its values to the scores of all rows.
   *
   * @param share of the rows that the tree learns from, drawn with `random`
   * @param features columns that it may split
   */
  grow(share: number, random: () => number, features: Int32Array): void {
    const root: TreeNode = { id: this.newNode(), depth: 0, start: 0, end: 0, restStart: 0, restEnd: 0, gradient: 0, weight: 0 };
    this.model.roots.push(root.id);
    this.features = features;
    this.draw(root, share, random);
    if (!this.mayDivide(root)) return this.close(root);
    const histogram = this.free.pop()!;
    buildHistogram(histogram, this.bins, this.gradients, this.sampled, root.start, root.end);
    this.divide(root, histogram);
  }

  /** Lists the rows that the tree learns from, and the others. */
  private draw(root: TreeNode, share: number, random: () => number): void {
    const { sampled, rest, gradients } = this;
    let end = 0;
    let restEnd = 0;
    let gradient = 0;
    let weight = 0;
    for (let i = 0; i < this.scores.length; i++) {
      if (share < 1 && random() >= share) {
        rest[restEnd++] = i;
        continue;
      }
      sampled[end++] = i;
      gradient += gradients[2 * i]!;
      weight += gradients[2 * i + 1]!;
    }
    Object.assign(root, { end, restEnd, gradient, weight });
  }

  private mayDivide(node: TreeNode): boolean {
    return node.depth < this.rules.depth && node.end - node.start > 1 && node.weight >= 2 * this.rules.minimumLeafWeight;
  }

  /** Splits a node with a known histogram as far as it goes; takes the histogram. */
  private divide(node: TreeNode, histogram: Float64Array): void {
    const split = findSplit(histogram, this.bins, this.features, node, this.rules);
    const children = split.feature < 0 ? null : this.partition(node, split);
    if (children === null) {
      this.free.push(histogram);
      return this.close(node);
    }
    const [left, right] = children;
    const [small, large] = left.end - left.start <= right.end - right.start ? children : [right, left];
    if (!this.mayDivide(small) && !this.mayDivide(large)) {
      this.free.push(histogram);
      this.close(small);
      return this.close(large);
    }
    const own = this.free.pop()!;
    buildHistogram(own, this.bins, this.gradients, this.sampled, small.start, small.end);
    subtractHistogram(histogram, own);
    if (this.mayDivide(small)) this.divide(small, own);
    else {
      this.free.push(own);
      this.close(small);
    }
    if (this.mayDivide(large)) return this.divide(large, histogram);
    this.free.push(histogram);
    this.close(large);
  }

  /** Writes the split into the model and sorts the node's rows; null when one side would be empty (sums that differ by rounding alone). */
  private partition(node: TreeNode, split: Split): [TreeNode, TreeNode] | null {
    this.goesLeft.fill(0);
    this.goesLeft[0] = split.missingLeft ? 1 : 0;
    for (let bin = 1; bin <= split.bin; bin++) this.goesLeft[2 * bin] = 1;
    const middle = this.sort(this.sampled, split.feature, node.start, node.end);
    if (middle === node.start || middle === node.end) return null;
    const restMiddle = this.sort(this.rest, split.feature, node.restStart, node.restEnd);
    const { model, bins } = this;
    const edges = bins.edges[split.feature]!;
    const id = this.newNode();
    const depth = node.depth + 1;
    this.newNode();
    model.feature[node.id] = split.feature;
    // beyond the last edge: every value left, what is missing right
    model.threshold[node.id] = split.bin <= edges.length ? edges[split.bin - 1]! : Number.MAX_VALUE;
    model.left[node.id] = id;
    model.missingLeft[node.id] = split.missingLeft ? 1 : 0;
    const { gradient, weight } = split;
    const left = { id, depth, start: node.start, end: middle, restStart: node.restStart, restEnd: restMiddle, gradient, weight };
    return [
      left,
      {
        id: id + 1,
        depth,
        start: middle,
        end: node.end,
        restStart: restMiddle,
        restEnd: node.restEnd,
        gradient: node.gradient - gradient,
        weight: node.weight - weight,
      },
    ];
  }

  /** Stable partition of rows [start, end) by a byte of theirs, without a branch that the processor would have to guess; returns the border. */
  private sort(rows: Int32Array, feature: number, start: number, end: number): number {
    const { goesLeft } = this;
    const bytes = this.bins.bytes[feature]!;
    const half = rows.length >> 1;
    let left = start;
    let right = half;
    for (let q = start; q < end; q++) {
      const row = rows[q]!;
      const isLeft = goesLeft[bytes[row]!]!;
      rows[left] = row;
      rows[right] = row;
      left += isLeft;
      right += 1 - isLeft;
    }
    rows.copyWithin(left, half, right);
    return left;
  }

  private newNode(): number {
    const { model } = this;
    model.feature.push(-1);
    model.threshold.push(0);
    model.left.push(0);
    model.missingLeft.push(0);
    return model.value.push(0) - 1;
  }

  /** Makes a node a leaf of value G / (H + l2), the minimum of the penalised second-order loss (Chen & Guestrin 2016, equation 5). */
  private close(node: TreeNode): void {
    // a tree without a split could only shift every score by the noise of its sample
    if (node.depth === 0) return;
    const { l2, maximumStep, learningRate } = this.rules;
    const curvature = node.weight + l2;
    const step = curvature > 0 ? node.gradient / curvature : 0;
    const value = learningRate * Math.max(-maximumStep, Math.min(maximumStep, step));
    this.model.value[node.id] = value;
    for (let q = node.start; q < node.end; q++) this.scores[this.sampled[q]!]! += value;
    for (let q = node.restStart; q < node.restEnd; q++) this.scores[this.rest[q]!]! += value;
  }
}
