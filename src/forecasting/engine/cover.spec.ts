import { coverOf } from './cover.js';

describe('coverOf', () => {
  it('should count the part of the last period', () => {
    expect(coverOf(Float64Array.of(4, 0, 6, 10), 7)).toEqual({ periods: 2.5, stockOutIndex: 2 });
    expect(coverOf(Float64Array.of(4, 4), 8)).toEqual({ periods: 2, stockOutIndex: 1 });
  });

  it('should go on at the mean rate beyond the horizon', () => {
    expect(coverOf(Float64Array.of(4, 6), 25)).toEqual({ periods: 5, stockOutIndex: null });
  });

  it('should be 0 without stock and endless without demand', () => {
    expect(coverOf(Float64Array.of(1), 0)).toEqual({ periods: 0, stockOutIndex: 0 });
    expect(coverOf(Float64Array.of(0, 0), 3)).toEqual({ periods: Infinity, stockOutIndex: null });
    expect(coverOf(new Float64Array(0), 3).periods).toBe(Infinity);
  });
});
