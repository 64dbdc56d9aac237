import { classifyDemand, isSparse } from './demand-class.js';
import { fitIntermittent, runIntermittent } from './intermittent.js';
import { seasonalNaive } from './seasonal-naive.js';

// first demand at index 1: start values size 4, probability 2/4, interval 2
const Y = Float64Array.of(0, 6, 0, 0, 2);

describe('runIntermittent', () => {
  it("should run Croston's method as by hand", () => {
    // t=1: e = 6-2; z = 4 + 0.5*2 = 5, v = 2 + 0.5*(1-2) = 1.5, rate 10/3; two zeros; t=4: q = 3, z = 3.5, v = 1.5 + 0.75 = 2.25
    const fit = runIntermittent(Y, 'croston', 0.5, 0.5);
    expect(fit.size).toBeCloseTo(3.5, 12);
    expect(fit.rate).toBeCloseTo(3.5 / 2.25, 12);
    expect(fit.sse).toBeCloseTo(16 + 2 * (10 / 3) ** 2 + (2 - 10 / 3) ** 2, 10);
  });

  it('should count the silence before the first demand when it is known to be one', () => {
    // the probability starts at 2/5 and is smoothed from the first period on
    const fit = runIntermittent(Y, 'tsb', 0, 0.1, 'start');
    let p = 0.4;
    for (const value of Y) p += 0.1 * ((value > 0 ? 1 : 0) - p);
    expect(fit.probability).toBeCloseTo(p, 12);
    expect(fit.size).toBe(4);
  });

  it("should give SBA as Croston's rate times 1 - beta/2", () => {
    expect(runIntermittent(Y, 'sba', 0.5, 0.2).rate).toBeCloseTo(0.9 * runIntermittent(Y, 'croston', 0.5, 0.2).rate, 12);
  });

  it('should let the probability of TSB fade in periods without demand', () => {
    // p: 0.5 -> 0.75 -> 0.375 -> 0.1875 -> 0.59375; z: 4 -> 5 -> 3.5
    const fit = runIntermittent(Y, 'tsb', 0.5, 0.5);
    expect(fit.probability).toBeCloseTo(0.59375, 12);
    expect(fit.rate).toBeCloseTo(0.59375 * 3.5, 12);
  });

  it('should forecast 0 when nothing ever sold', () => {
    expect(runIntermittent(new Float64Array(5), 'tsb', 0.1, 0.1).rate).toBe(0);
  });
});

describe('fitIntermittent', () => {
  it('should take the grid point of the smallest squared error', () => {
    const y = Float64Array.from({ length: 60 }, (_, i) => (i % 4 === 0 ? 5 + (i % 3) : 0));
    const best = fitIntermittent(y, 'sba');
    for (const alpha of [0.02, 0.3])
      for (const beta of [0.02, 0.3]) expect(best.sse).toBeLessThanOrEqual(runIntermittent(y, 'sba', alpha, beta).sse);
  });

  it('should fade to almost nothing with TSB after a long silence, not with Croston', () => {
    const y = Float64Array.from({ length: 300 }, (_, i) => (i < 100 && i % 3 === 0 ? 10 : 0));
    expect(fitIntermittent(y, 'tsb').rate).toBeLessThan(0.1);
    expect(fitIntermittent(y, 'croston').rate).toBeGreaterThan(0.5);
  });
});

describe('classifyDemand', () => {
  it.each([
    ['smooth', [5, 6, 5, 4, 5]],
    // sizes 1, 9, 1, 9: mean 5, variance 16, CV2 0.64
    ['erratic', [1, 9, 1, 9]],
    ['intermittent', [0, 5, 0, 5, 0, 5]],
    ['lumpy', [1, 0, 9, 0, 1, 0, 9, 0]],
    ['dead', [0, 0]],
  ])('should call it %s', (expected, values) => {
    expect(classifyDemand(Float64Array.from(values)).class).toBe(expected);
  });

  it('should count the interval over all periods, also those before the first demand', () => {
    const { adi, cv2 } = classifyDemand(Float64Array.of(0, 0, 0, 2, 0, 4, 0, 0));
    expect(adi).toBe(4);
    // mean 3, variance 1
    expect(cv2).toBeCloseTo(1 / 9, 12);
  });

  it('should name the sparse classes', () => {
    expect((['smooth', 'erratic', 'intermittent', 'lumpy', 'dead'] as const).map(isSparse)).toEqual([
      false,
      false,
      true,
      true,
      true,
    ]);
  });
});

describe('seasonalNaive', () => {
  it('should repeat the last season', () => {
    expect([...seasonalNaive(Float64Array.of(9, 1, 2, 3), 3, 5)]).toEqual([1, 2, 3, 1, 2]);
  });

  it('should repeat the last value with less than one season', () => {
    expect([...seasonalNaive(Float64Array.of(1, 2), 7, 2)]).toEqual([2, 2]);
    expect([...seasonalNaive(new Float64Array(0), 7, 1)]).toEqual([0]);
  });
});
