import { addTrees, BoostedTrees } from './boosted-trees.js';
import { baseScore, BoostingLoss, LossTerms, meanLoss, writeGradients } from './boosting-loss.js';
import { binColumns } from './feature-bins.js';
import { seededRandom } from '../seeded-random.js';
import { GrowthRules, TreeGrower } from './tree-grower.js';

export interface ValidationSet {
  columns: readonly Float32Array[];
  target: Float64Array;
  weights?: Float64Array;
  /** stop when the loss has not improved for so many trees; the trees after the best are dropped */
  patience: number;
}

export interface BoostingOptions {
  loss?: BoostingLoss;
  /** variance power of the Tweedie loss, in (1, 2) */
  tweediePower?: number;
  trees?: number;
  depth?: number;
  learningRate?: number;
  /** penalty on squared leaf values, in units of the second derivative (rows of weight 1 for squared loss) */
  l2?: number;
  /** least sum of second derivatives in a leaf: rows for squared loss, expected demand for Poisson */
  minimumLeafWeight?: number;
  minimumGain?: number;
  /** largest step of the score in a leaf before the learning rate; 0.7 with a log link, where a wide step overshoots */
  maximumStep?: number;
  /** share of rows, and of columns, that each tree sees */
  rowShare?: number;
  columnShare?: number;
  seed?: number;
  /** weight of each row */
  weights?: Float64Array;
  validation?: ValidationSet;
}

function sampleColumns(count: number, share: number, random: () => number): Int32Array {
  const order = Int32Array.from({ length: count }, (_, k) => k);
  if (share >= 1 || count < 2) return order;
  const wanted = Math.max(1, Math.round(share * count));
  for (let k = 0; k < wanted; k++) {
    const other = k + Math.floor(random() * (count - k));
    const kept = order[k]!;
    order[k] = order[other]!;
    order[other] = kept;
  }
  // in order, so that equal gains go to the same column whatever was drawn first
  return order.subarray(0, wanted).toSorted();
}

/** Follows the loss on rows that the trees have not seen. */
class Validation {
  private readonly scores: Float64Array;
  private best = Infinity;
  private bestTrees = 0;

  constructor(
    private readonly set: ValidationSet,
    private readonly terms: LossTerms,
    private readonly model: BoostedTrees,
  ) {
    this.scores = new Float64Array(set.target.length).fill(model.base);
    this.best = meanLoss(terms, set.target, this.scores, set.weights);
  }

  /** Looks at the newest tree; false when patience is over. */
  goesOn(): boolean {
    const { set, model } = this;
    const trees = model.roots.length;
    addTrees(model, set.columns, trees - 1, this.scores);
    const loss = meanLoss(this.terms, set.target, this.scores, set.weights);
    if (loss < this.best) {
      this.best = loss;
      this.bestTrees = trees;
    }
    return trees - this.bestTrees < set.patience;
  }

  /** Drops the trees after the best. */
  cut(): void {
    const { model } = this;
    const end = model.roots[this.bestTrees] ?? model.feature.length;
    model.roots.length = this.bestTrees;
    for (const list of [model.feature, model.threshold, model.left, model.missingLeft, model.value]) list.length = end;
  }
}

/**
 * Gradient-boosted regression trees on histograms: score = base + sum of trees, each tree a second-order step down the loss on a random share of rows
 * and columns. Values that are NaN or infinite are missing: a bin of their own, sent to the better side of each split. The same input gives the
 * same model on every machine (seeded draws, sums in a fixed order).
 *
 * Source: Friedman (2001), "Greedy function approximation: a gradient boosting machine", Annals of Statistics 29; Friedman (2002), "Stochastic gradient
 * boosting"; Chen & Guestrin (2016), "XGBoost", KDD; Ke et al. (2017), "LightGBM", NeurIPS (histograms, subtraction).
 *
 * @param columns one array a feature, of the length of `target` or longer
 * @param target finite; not negative for Poisson and Tweedie
 */
export function fitGradientBoosting(
  columns: readonly Float32Array[],
  target: Float64Array,
  options: BoostingOptions = {},
): BoostedTrees {
  const { loss = 'squared', trees = 120, rowShare = 0.7, columnShare = 0.7, seed = 1, weights, validation } = options;
  const n = target.length;
  const terms: LossTerms = { loss, power: options.tweediePower ?? 1.5 };
  const rules: GrowthRules = {
    depth: options.depth ?? 6,
    learningRate: options.learningRate ?? 0.08,
    l2: options.l2 ?? 1,
    minimumLeafWeight: Math.max(1e-6, options.minimumLeafWeight ?? 10),
    minimumGain: options.minimumGain ?? 0,
    maximumStep: options.maximumStep ?? (loss === 'squared' ? Infinity : 0.7),
  };
  const base = baseScore(loss, target, weights);
  const lists = { roots: [], feature: [], threshold: [], left: [], missingLeft: [], value: [] };
  const model: BoostedTrees = { loss, base, columns: columns.length, ...lists };
  const random = seededRandom(seed);
  const scores = new Float64Array(n).fill(base);
  const gradients = new Float32Array(2 * n);
  const grower = new TreeGrower(binColumns(columns, n, seed), gradients, scores, rules, model);
  const check = validation === undefined ? null : new Validation(validation, terms, model);
  for (let tree = 0; tree < trees; tree++) {
    writeGradients(terms, target, scores, weights, gradients);
    grower.grow(rowShare, random, sampleColumns(columns.length, columnShare, random));
    if (check !== null && !check.goesOn()) break;
  }
  check?.cut();
  return model;
}
