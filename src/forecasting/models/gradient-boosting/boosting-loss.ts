export type BoostingLoss = 'squared' | 'poisson' | 'tweedie';

export interface LossTerms {
  loss: BoostingLoss;
  /** power p of the variance mean^p, between 1 and 2 (Tweedie only) */
  power: number;
}

/** Smallest mean of a loss with a log link: a target of zeros alone stays finite. */
const SMALLEST_MEAN = 1e-9;

/** Score of no tree: the weighted mean, its logarithm with a log link. */
export function baseScore(loss: BoostingLoss, target: Float64Array, weights: Float64Array | undefined): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < target.length; i++) {
    const weight = weights === undefined ? 1 : weights[i]!;
    sum += weight * target[i]!;
    total += weight;
  }
  const mean = total > 0 ? sum / total : 0;
  return loss === 'squared' ? mean : Math.log(Math.max(mean, SMALLEST_MEAN));
}

function squaredGradients(
  target: Float64Array,
  scores: Float64Array,
  weights: Float64Array | undefined,
  into: Float32Array,
): void {
  for (let i = 0; i < target.length; i++) {
    const weight = weights === undefined ? 1 : weights[i]!;
    into[2 * i] = weight * (target[i]! - scores[i]!);
    into[2 * i + 1] = weight;
  }
}

function poissonGradients(
  target: Float64Array,
  scores: Float64Array,
  weights: Float64Array | undefined,
  into: Float32Array,
): void {
  for (let i = 0; i < target.length; i++) {
    const weight = weights === undefined ? 1 : weights[i]!;
    const expected = Math.exp(scores[i]!);
    into[2 * i] = weight * (target[i]! - expected);
    into[2 * i + 1] = weight * expected;
  }
}

/**
 * Negative gradient and second derivative of the loss by the score f, per row, side by side:
 *   squared  (y - f)^2 / 2                                   y - f                            1
 *   Poisson  e^f - y f                                       y - e^f                          e^f
 *   Tweedie  e^((2-p)f)/(2-p) - y e^((1-p)f)/(1-p)           y e^((1-p)f) - e^((2-p)f)        (p-1) y e^((1-p)f) + (2-p) e^((2-p)f)
 *
 * Source: Friedman (2001), "Greedy function approximation: a gradient boosting machine"; Poisson and Tweedie deviance with a log link after
 * McCullagh & Nelder (1989), chapter 6, and Yang, Qian & Zou (2018), "Insurance premium prediction via gradient tree-boosted Tweedie compound Poisson models".
 */
export function writeGradients(
  { loss, power }: LossTerms,
  target: Float64Array,
  scores: Float64Array,
  weights: Float64Array | undefined,
  into: Float32Array,
): void {
  if (loss === 'squared') return squaredGradients(target, scores, weights, into);
  if (loss === 'poisson') return poissonGradients(target, scores, weights, into);
  for (let i = 0; i < target.length; i++) {
    const weight = weights === undefined ? 1 : weights[i]!;
    const pull = target[i]! * Math.exp((1 - power) * scores[i]!);
    const push = Math.exp((2 - power) * scores[i]!);
    into[2 * i] = weight * (pull - push);
    into[2 * i + 1] = weight * ((power - 1) * pull + (2 - power) * push);
  }
}

/** Weighted mean loss of scores (up to a constant of the target). */
export function meanLoss(
  { loss, power }: LossTerms,
  target: Float64Array,
  scores: Float64Array,
  weights: Float64Array | undefined,
): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < target.length; i++) {
    const weight = weights === undefined ? 1 : weights[i]!;
    const y = target[i]!;
    const f = scores[i]!;
    total += weight;
    if (loss === 'squared') sum += (weight * (y - f) ** 2) / 2;
    else if (loss === 'poisson') sum += weight * (Math.exp(f) - y * f);
    else sum += weight * (Math.exp((2 - power) * f) / (2 - power) - (y * Math.exp((1 - power) * f)) / (1 - power));
  }
  return total > 0 ? sum / total : 0;
}
