import { seededRandom } from '../seeded-random.js';
import { BoostedTrees, predictBoosted } from './boosted-trees.js';
import { baseScore, BoostingLoss, meanLoss, writeGradients } from './boosting-loss.js';
import { binColumns, findEdges } from './feature-bins.js';
import { BoostingOptions, fitGradientBoosting } from './gradient-boosting.js';
import { buildHistogram, STRIDE } from './histogram.js';

const column = (...values: number[]): Float32Array => Float32Array.from(values);
const target = (...values: number[]): Float64Array => Float64Array.from(values);

/** One tree on every row and column, whole steps. */
const ONE: BoostingOptions = { trees: 1, learningRate: 1, l2: 0, minimumLeafWeight: 1e-6, rowShare: 1, columnShare: 1 };

/** Sum of twelve uniform numbers less six: mean 0, variance 1. */
function normal(random: () => number): number {
  let sum = -6;
  for (let k = 0; k < 12; k++) sum += random();
  return sum;
}

/** Friedman (1991), "Multivariate adaptive regression splines", section 4.3: ten uniform columns of which five matter, noise of variance 1. */
function friedman(n: number, seed: number): { columns: Float32Array[]; target: Float64Array; signal: Float64Array } {
  const random = seededRandom(seed);
  const columns = Array.from({ length: 10 }, () => Float32Array.from({ length: n }, random));
  const signal = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const [a, b, c, d, e] = columns.map((values) => values[i]!);
    signal[i] = 10 * Math.sin(Math.PI * a! * b!) + 20 * (c! - 0.5) ** 2 + 10 * d! + 5 * e!;
  }
  return { columns, signal, target: signal.map((value) => value + normal(random)) };
}

function rmse(a: Float64Array, b: Float64Array): number {
  return Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0) / a.length);
}

/** The same model before its later trees were grown. */
function firstTrees(model: BoostedTrees, count: number): BoostedTrees {
  return { ...model, roots: model.roots.slice(0, count) };
}

describe('seededRandom', () => {
  it('should give the published sequence of mulberry32', () => {
    const random = seededRandom(0);
    const integers = Array.from({ length: 3 }, () => random() * 2 ** 32);
    expect(integers).toEqual([1144304738, 1416247, 958946056]);
  });
});

describe('findEdges', () => {
  it('should put an edge between any two of a few distinct values', () => {
    expect([...findEdges(column(1, 1, 2, 4))]).toEqual([1.5, 3]);
    expect([...findEdges(column(3, 3))]).toEqual([]);
    expect([...findEdges(column())]).toEqual([]);
  });

  it('should separate floats that have no float between them', () => {
    const next = Math.fround(1 + 2 ** -23);
    expect([...findEdges(column(1, next))]).toEqual([1]);
  });

  it('should leave a frequent value alone in its bin and share the others out evenly', () => {
    const values = Float32Array.from({ length: 10_000 }, (_, i) => (i < 5000 ? 0 : i - 4999)).toSorted();
    const edges = findEdges(values);
    expect(edges[0]).toBe(0.5);
    expect(edges.length).toBeGreaterThan(55);
    expect(edges.length).toBeLessThan(63);
    const widths = edges.slice(2).map((edge, k) => edge - edges[k + 1]!);
    expect(Math.max(...widths)).toBeLessThan(2 * Math.min(...widths));
  });
});

describe('buildHistogram', () => {
  it('should sum by column and bin, for an odd number of rows too', () => {
    const columns = [column(1, 2, NaN, 2, 1), column(5, 5, 5, 7, 9), ...Array.from({ length: 4 }, () => column(0, 1, 2, 3, 4))];
    const bins = binColumns(columns, 5, 1);
    const histogram = new Float64Array(bins.width * 4 * STRIDE);
    const gradients = column(1, 10, 2, 20, 4, 40, 8, 80, 16, 160);
    buildHistogram(histogram, bins, gradients, Int32Array.of(9, 0, 2, 3), 1, 4);
    const cell = (feature: number, bin: number): number[] => [...histogram.slice(feature * STRIDE + 2 * bin).slice(0, 2)];
    expect([cell(0, 0), cell(0, 1), cell(0, 2)]).toEqual([
      [4, 40],
      [1, 10],
      [8, 80],
    ]);
    expect([cell(1, 1), cell(1, 2), cell(1, 3)]).toEqual([
      [5, 50],
      [8, 80],
      [0, 0],
    ]);
    expect([cell(5, 1), cell(5, 3), cell(5, 4)]).toEqual([
      [1, 10],
      [4, 40],
      [8, 80],
    ]);
  });
});

describe('writeGradients', () => {
  it.each<BoostingLoss>(['squared', 'poisson', 'tweedie'])('should be the derivatives of the %s loss', (loss) => {
    const terms = { loss, power: 1.3 };
    const step = 1e-4;
    const weights = target(2);
    const at = (score: number): number => 2 * meanLoss(terms, target(3), target(score), weights);
    const gradients = new Float32Array(2);
    writeGradients(terms, target(3), target(0.4), weights, gradients);
    expect(gradients[0]).toBeCloseTo(-(at(0.4 + step) - at(0.4 - step)) / (2 * step), 4);
    expect(gradients[1]).toBeCloseTo((at(0.4 + step) - 2 * at(0.4) + at(0.4 - step)) / step ** 2, 4);
  });

  it('should start at the weighted mean, or its logarithm', () => {
    expect(baseScore('squared', target(1, 4), target(2, 1))).toBe(2);
    expect(baseScore('poisson', target(1, 4), target(2, 1))).toBeCloseTo(Math.log(2), 12);
  });
});

describe('one tree', () => {
  const columns = [column(1, 2, 3, 4)];

  it('should divide at the greatest gain and predict the means', () => {
    const model = fitGradientBoosting(columns, target(1, 2, 8, 9), { ...ONE, depth: 1 });
    expect(model.threshold[0]).toBe(2.5);
    expect([...predictBoosted(model, [column(-100, 2.5, 2.6, 100)], 4)]).toEqual([1.5, 1.5, 8.5, 8.5]);
  });

  it('should shrink leaves by the penalty and steps by the learning rate', () => {
    // base 5; left G = -4 + -3 = -7, H = 2: -7 / (2 + 1.5) = -2, half of it -1
    const model = fitGradientBoosting(columns, target(1, 2, 8, 9), { ...ONE, depth: 1, l2: 1.5, learningRate: 0.5 });
    expect([...predictBoosted(model, columns, 4)]).toEqual([4, 4, 6, 6]);
  });

  it('should count a row of weight 2 as two rows', () => {
    const weighted = fitGradientBoosting(columns, target(1, 2, 8, 9), { ...ONE, depth: 1, weights: target(2, 1, 1, 1) });
    const repeated = fitGradientBoosting([column(1, 1, 2, 3, 4)], target(1, 1, 2, 8, 9), { ...ONE, depth: 1 });
    predictBoosted(repeated, columns, 4).forEach((value, i) => {
      expect(predictBoosted(weighted, columns, 4)[i]).toBeCloseTo(value, 6);
    });
  });

  it('should take a Newton step of the Poisson loss, bounded', () => {
    // base ln 2; left G = 1 - 4 = -3, H = 4: step -3/4, right +3/4; without a bound
    const free = fitGradientBoosting(columns, target(0, 1, 3, 4), { ...ONE, loss: 'poisson', depth: 1, maximumStep: 9 });
    const means = [2 * Math.exp(-0.75), 2 * Math.exp(0.75)];
    expect(predictBoosted(free, columns, 4)[0]).toBeCloseTo(means[0]!, 6);
    expect(predictBoosted(free, columns, 4)[3]).toBeCloseTo(means[1]!, 6);
    const bounded = fitGradientBoosting(columns, target(0, 1, 3, 4), { ...ONE, loss: 'poisson', depth: 1 });
    expect(predictBoosted(bounded, columns, 4)[3]).toBeCloseTo(2 * Math.exp(0.7), 6);
  });

  it('should keep the least weight of a leaf', () => {
    const model = fitGradientBoosting(columns, target(0, 0, 0, 9), { ...ONE, depth: 1, minimumLeafWeight: 2 });
    expect(model.threshold[0]).toBe(2.5);
    expect(fitGradientBoosting(columns, target(0, 0, 0, 9), { ...ONE, minimumLeafWeight: 3 }).feature).toEqual([-1]);
  });

  it('should fit any table with enough depth', () => {
    const xor = [column(0, 0, 1, 1, 2, 2), column(0, 1, 0, 1, 0, 1)];
    const model = fitGradientBoosting(xor, target(1, 5, 6, 2, 9, 4), ONE);
    expect([...predictBoosted(model, xor, 6)].map((value) => +value.toFixed(5))).toEqual([1, 5, 6, 2, 9, 4]);
  });
});

describe('missing values', () => {
  it('should go to the side where they reduce the loss', () => {
    const columns = [column(1, 2, 3, 4, NaN, NaN)];
    const high = fitGradientBoosting(columns, target(0, 0, 6, 6, 6, 6), { ...ONE, depth: 1 });
    expect([...predictBoosted(high, [column(NaN, 1, 4, Infinity)], 4)]).toEqual([6, 0, 6, 6]);
    const low = fitGradientBoosting(columns, target(0, 0, 6, 6, 0, 0), { ...ONE, depth: 1 });
    expect([...predictBoosted(low, [column(NaN, 1, 4)], 3)]).toEqual([0, 0, 6]);
  });

  it('should be told from all values', () => {
    const model = fitGradientBoosting([column(1, 2, 3, 4, NaN, NaN)], target(3, 3, 3, 3, 9, 9), { ...ONE, depth: 1 });
    expect([...predictBoosted(model, [column(NaN, 1, 1e30)], 3)].map((value) => +value.toFixed(5))).toEqual([9, 3, 3]);
    expect(JSON.parse(JSON.stringify(model))).toEqual(model);
  });

  it('should follow the heavier side when training had none', () => {
    const model = fitGradientBoosting([column(1, 2, 3, 4, 5)], target(0, 6, 6, 6, 6), { ...ONE, depth: 1 });
    expect(predictBoosted(model, [column(NaN)], 1)[0]).toBeCloseTo(6, 5);
  });

  it('should make a column without values useless, not harmful', () => {
    const columns = [column(NaN, NaN, NaN, NaN), column(1, 2, 3, 4)];
    const model = fitGradientBoosting(columns, target(1, 2, 8, 9), { ...ONE, depth: 1 });
    expect(model.feature[0]).toBe(1);
    expect([...predictBoosted(model, columns, 4)]).toEqual([1.5, 1.5, 8.5, 8.5]);
  });
});

describe('fitGradientBoosting', () => {
  it("should learn Friedman's function", () => {
    const train = friedman(2000, 1);
    const test = friedman(1000, 2);
    const model = fitGradientBoosting(train.columns, train.target, { trees: 150, learningRate: 0.12 });
    const predicted = predictBoosted(model, test.columns, 1000);
    const deviation = rmse(test.signal, new Float64Array(1000).fill(model.base));
    expect(deviation).toBeGreaterThan(4);
    // the noise has standard deviation 1; bagged trees reach 1.6 to 2 here
    expect(rmse(test.signal, predicted)).toBeLessThan(1.1);
  });

  it('should recover a log-linear rate from Poisson counts', () => {
    const random = seededRandom(5);
    const n = 6000;
    const columns = [0, 1].map(() => Float32Array.from({ length: n }, random));
    const rate = Float64Array.from({ length: n }, (_, i) => Math.exp(0.5 + 1.5 * columns[0]![i]! - columns[1]![i]!));
    const counts = rate.map((mean) => {
      // Knuth's method
      let product = random();
      let count = 0;
      for (const limit = Math.exp(-mean); product > limit; count++) product *= random();
      return count;
    });
    const model = fitGradientBoosting(columns, counts, { loss: 'poisson', depth: 3, minimumLeafWeight: 60 });
    const predicted = predictBoosted(model, columns, n);
    const logs = predicted.map((mean, i) => Math.log(mean / rate[i]!));
    expect(rmse(logs, new Float64Array(n))).toBeLessThan(0.1);
    expect(predicted.reduce((a, b) => a + b) / counts.reduce((a, b) => a + b)).toBeCloseTo(1, 2);
  });

  it('should be the same for the same seed, and after JSON and structured clone', () => {
    const { columns, target: y } = friedman(500, 3);
    const model = fitGradientBoosting(columns, y, { trees: 20, seed: 7 });
    expect(fitGradientBoosting(columns, y, { trees: 20, seed: 7 })).toEqual(model);
    expect(fitGradientBoosting(columns, y, { trees: 20, seed: 8 })).not.toEqual(model);
    const predicted = predictBoosted(model, columns, 500);
    expect(predictBoosted(JSON.parse(JSON.stringify(model)) as BoostedTrees, columns, 500)).toEqual(predicted);
    expect(predictBoosted(structuredClone(model), columns, 500)).toEqual(predicted);
  });

  it.each<BoostingLoss>(['squared', 'poisson', 'tweedie'])('should reduce the %s loss of its own rows tree by tree', (loss) => {
    const { columns, target: signed } = friedman(400, 4);
    const y = signed.map((value) => Math.max(0, value));
    const model = fitGradientBoosting(columns, y, { loss, trees: 40, rowShare: 1 });
    const losses = Array.from({ length: 21 }, (_, k) => {
      const means = predictBoosted(firstTrees(model, 2 * k), columns, 400);
      return meanLoss({ loss, power: 1.5 }, y, loss === 'squared' ? means : means.map(Math.log), undefined);
    });
    for (let k = 1; k <= 20; k++) expect(losses[k]).toBeLessThan(losses[k - 1]!);
  });

  it('should score the rows that a tree did not see as prediction does', () => {
    // with half the rows a tree, a wrong score of the other half would mislead the next trees
    const { columns, target: y, signal } = friedman(1500, 6);
    const halves = predictBoosted(fitGradientBoosting(columns, y, { rowShare: 0.5, columnShare: 1 }), columns, 1500);
    const whole = predictBoosted(fitGradientBoosting(columns, y, { rowShare: 1, columnShare: 1 }), columns, 1500);
    expect(rmse(halves, signal)).toBeLessThan(1.1 * rmse(whole, signal));
  });

  it('should stop when unseen rows gain no more, and keep the best trees', () => {
    const random = seededRandom(9);
    const draw = (n: number): { columns: Float32Array[]; target: Float64Array } => {
      const columns = [Float32Array.from({ length: n }, random), Float32Array.from({ length: n }, random)];
      return { columns, target: Float64Array.from({ length: n }, (_, i) => (columns[0]![i]! > 0.5 ? 1 : 0) + normal(random)) };
    };
    const train = draw(400);
    const validation = { ...draw(400), patience: 10 };
    const model = fitGradientBoosting(train.columns, train.target, { trees: 400, learningRate: 0.2, validation });
    expect(model.roots.length).toBeGreaterThan(0);
    expect(model.roots.length).toBeLessThan(60);
    expect(model.feature.length).toBe(model.value.length);
    const loss = (count: number): number =>
      rmse(validation.target, predictBoosted(firstTrees(model, count), validation.columns, 400));
    for (let count = 0; count < model.roots.length; count++) expect(loss(count)).toBeGreaterThan(loss(model.roots.length));
  });

  it('should stand a constant target, one row, no rows and no columns', () => {
    const { columns } = friedman(50, 1);
    const constant = fitGradientBoosting(columns, new Float64Array(50).fill(3));
    predictBoosted(constant, columns, 50).forEach((value) => expect(value).toBeCloseTo(3, 12));
    expect(predictBoosted(fitGradientBoosting([column(1)], target(5)), [column(2)], 1)[0]).toBe(5);
    expect(predictBoosted(fitGradientBoosting([column()], target()), [column(2)], 1)[0]).toBe(0);
    expect(predictBoosted(fitGradientBoosting([], target(1, 3)), [], 1)[0]).toBe(2);
    const zero = fitGradientBoosting(columns, new Float64Array(50), { loss: 'poisson' });
    expect(predictBoosted(zero, columns, 1)[0]).toBeLessThan(1e-6);
  });
});
