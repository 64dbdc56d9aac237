import { addObservation, emptyProblem, stack } from '../models/stacking.js';
import type { Trial } from './backtest.js';
import { combine, learnEnsemble, learnWeights, weigh } from './weights.js';

/** A trial of one series of 4 periods whose truth is 10: each model misses it by its own errors. */
function trialOf(errors: Record<string, number[]>, sparse = false): Trial {
  const forecasts = new Map(Object.entries(errors).map(([name, list]) => [name, Float64Array.from(list, (error) => 10 + error)]));
  const demand = { class: sparse ? 'intermittent' : 'smooth', adi: sparse ? 3 : 1, cv2: 0.1 } as const;
  return { forecasts, demand, scale: 1, level: 10, actual: new Float64Array(4).fill(10), prepared: null as never };
}

describe('stack', () => {
  it('should find weights by least squares, and 0 for what would need a negative one', () => {
    const problem = emptyProblem(2);
    // y = 2 a; b is noise against it
    for (const [a, b, y] of [
      [1, -1, 2],
      [2, 1, 4],
      [3, -2, 6],
    ] as const)
      addObservation(problem, Float64Array.of(a, b), y - 0.01 * b, 1);
    const [first, second] = stack(problem, Float64Array.of(0.5, 0.5), 0);
    expect(first).toBeCloseTo(2 + 0.01 * (5 / 14), 6);
    expect(second).toBe(0);
  });

  it('should stay at the prior when the observations are nothing against it', () => {
    const problem = emptyProblem(2);
    addObservation(problem, Float64Array.of(1, 0), 1, 1);
    const weights = stack(problem, Float64Array.of(0.3, 0.7), 1e9);
    expect([...weights].map((weight) => +weight.toFixed(6))).toEqual([0.3, 0.7]);
  });
});

describe('weigh', () => {
  it('should weigh the models of a family by their losses and leave out what is far off', () => {
    const trials = [trialOf({ ses: [1, -1, 1, -1], theta: [1.1, -1.1, 1.1, -1.1], 'damped-trend': [3, -3, 3, -3] })];
    const weights = weigh(learnWeights(trials), 'smooth', trials[0]!.forecasts);
    expect([...weights.keys()]).toEqual(['ses', 'theta']);
    // (1 / 1.1)^6
    expect(weights.get('theta')! / weights.get('ses')!).toBeCloseTo(1.1 ** -6, 4);
    expect(weights.get('theta')! + weights.get('ses')!).toBeCloseTo(1, 12);
  });

  it('should not let many models of one kind outvote another that is as good', () => {
    const smoothing = [1, -1, 1, -1];
    const trials = Array.from({ length: 20 }, () =>
      trialOf({ ses: smoothing, theta: smoothing, 'dynamic-theta': smoothing, ets: smoothing, boosting: [1, 1, -1, -1] }),
    );
    const weights = weigh(learnWeights(trials), 'smooth', trials[0]!.forecasts);
    // errors that have nothing in common: equal shares
    expect(weights.get('boosting')).toBeCloseTo(0.5, 6);
    expect(weights.get('ses')).toBeCloseTo(0.125, 6);
  });

  it('should give more to the family whose errors the others do not share', () => {
    const trials = Array.from({ length: 20 }, () =>
      trialOf({ ses: [1, -1, 1, -1], arma: [1, -1, 1, -1.02], boosting: [-1, 1, -1, 1] }),
    );
    const weights = weigh(learnWeights(trials), 'smooth', trials[0]!.forecasts);
    expect(weights.get('boosting')).toBeGreaterThan(0.4);
  });

  it('should learn sparse demand apart, and use the other kind where one was never tried', () => {
    const smooth = trialOf({ ses: [1, -1, 1, -1], tsb: [3, -3, 3, -3] });
    const sparse = trialOf({ ses: [3, -3, 3, -3], tsb: [1, -1, 1, -1] }, true);
    const both = learnWeights([smooth, sparse]);
    expect([...weigh(both, 'erratic', smooth.forecasts).keys()]).toEqual(['ses']);
    expect([...weigh(both, 'lumpy', smooth.forecasts).keys()]).toEqual(['tsb']);
    expect([...weigh(learnWeights([smooth]), 'lumpy', smooth.forecasts).keys()]).toEqual(['ses']);
  });

  it('should share out among the models that ran', () => {
    const trials = [trialOf({ ses: [1, -1, 1, -1], theta: [1, -1, 1, -1], boosting: [1, 1, -1, -1] })];
    const weights = weigh(learnWeights(trials), 'smooth', new Map([['theta', 0]]));
    expect([...weights]).toEqual([['theta', 1]]);
  });

  it('should use robust models in equal parts when nothing was ever judged', () => {
    const ran = new Map(['ses', 'theta', 'ets'].map((name) => [name, 0]));
    expect([...weigh(learnWeights([]), 'smooth', ran)]).toEqual([
      ['ses', 0.5],
      ['theta', 0.5],
    ]);
  });

  it('should combine forecasts by weight', () => {
    const forecasts = new Map([
      ['a', Float64Array.of(1, 2)],
      ['b', Float64Array.of(5, 6)],
    ]);
    const weights = new Map([
      ['a', 0.75],
      ['b', 0.25],
    ]);
    expect([...combine(forecasts, weights)]).toEqual([2, 3]);
  });
});

describe('learnEnsemble', () => {
  const old = trialOf({ ses: [1, -1, 1, -1], tsb: [3, -3, 3, -3] });
  const recent = trialOf({ ses: [3, -3, 3, -3], tsb: [1, -1, 1, -1] });
  const used = (weights: ReturnType<typeof learnWeights>): string[] => [...weigh(weights, 'smooth', old.forecasts).keys()];

  it('should say of each origin what the others alone have taught', () => {
    const { without } = learnEnsemble([[old, recent], [recent]]);
    // rank 0 is the newest of each series, rank 1 the one before
    expect(without.map(used)).toEqual([['ses'], ['tsb']]);
  });

  it('should use what there is when there is one origin only', () => {
    const { all, without } = learnEnsemble([[recent], [recent], []]);
    expect(without).toEqual([all]);
    expect(learnEnsemble([]).without).toEqual([]);
  });
});
