import { adida, aggregate, imapa } from './adida.js';
import { fitSimpleSmoothing } from './simple-smoothing.js';

describe('aggregate', () => {
  it('should sum buckets that end with the last period', () => {
    expect([...aggregate(Float64Array.of(9, 1, 0, 3, 0, 0, 4), 3)]).toEqual([4, 4]);
    expect([...aggregate(Float64Array.of(1, 2), 3)]).toEqual([]);
    expect([...aggregate(Float64Array.of(1, 2), 1)]).toEqual([1, 2]);
  });
});

describe('adida', () => {
  // from the first demand on 12 periods with 4 demands: buckets of 3
  const y = Float64Array.of(0, 0, 6, 0, 0, 0, 3, 0, 0, 9, 0, 0, 6, 0);

  it('should smooth buckets of the mean interval and share them out', () => {
    const { level } = fitSimpleSmoothing(Float64Array.of(6, 3, 9, 6));
    expect(adida(y)).toBeCloseTo(level / 3, 12);
  });

  it('should take a given length', () => {
    expect(adida(y, 12)).toBeCloseTo(24 / 12, 9);
    expect(adida(y, 4)).toBeCloseTo(fitSimpleSmoothing(Float64Array.of(6, 12, 6)).level / 4, 12);
    expect(adida(y, 999)).toBeCloseTo(2, 9);
  });

  it('should give the exact rate of a regular demand', () => {
    const regular = Float64Array.from({ length: 60 }, (_, i) => (i % 5 === 0 ? 10 : 0));
    expect(adida(regular)).toBeCloseTo(2, 9);
  });

  it('should be simple smoothing when demand is in every period', () => {
    const dense = Float64Array.of(4, 6, 5, 7, 6, 5, 8);
    expect(adida(dense)).toBeCloseTo(fitSimpleSmoothing(dense).level, 12);
    expect(imapa(dense)).toBeCloseTo(fitSimpleSmoothing(dense).level, 12);
  });

  it('should give 0 where nothing was sold, and stand one demand', () => {
    expect([adida(new Float64Array(6)), imapa(new Float64Array(6)), adida(new Float64Array(0))]).toEqual([0, 0, 0]);
    expect(adida(Float64Array.of(0, 5))).toBeCloseTo(5, 9);
    expect(adida(Float64Array.of(5, 0, 0, 0, 0, 0))).toBeGreaterThanOrEqual(0);
  });
});

describe('imapa', () => {
  it('should be the mean over the lengths up to the mean interval', () => {
    const y = Float64Array.of(6, 0, 0, 0, 3, 0, 0, 9, 0, 0, 6, 0);
    expect(imapa(y)).toBeCloseTo((adida(y, 1) + adida(y, 2) + adida(y, 3)) / 3, 12);
    expect(imapa(y, 2)).toBeCloseTo((adida(y, 1) + adida(y, 2)) / 2, 12);
  });
});
