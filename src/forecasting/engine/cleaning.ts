import { Frequency } from './series.js';

/** Mean of the usable values within `half` periods on both sides, at least `floor`; where there are none, the nearest such mean. */
export function localMean(y: Float64Array, usable: Uint8Array, half: number, floor: number): Float64Array {
  const n = y.length;
  const result = new Float64Array(n).fill(NaN);
  let sum = 0;
  let count = 0;
  let entering = 0;
  let leaving = 0;
  for (let i = 0; i < n; i++) {
    for (; entering < n && entering <= i + half; entering++) {
      if (usable[entering] === 0) continue;
      sum += y[entering]!;
      count++;
    }
    for (; leaving < i - half; leaving++) {
      if (usable[leaving] === 0) continue;
      sum -= y[leaving]!;
      count--;
    }
    if (count > 0) result[i] = Math.max(sum / count, floor);
  }
  for (let i = 1; i < n; i++) if (Number.isNaN(result[i])) result[i] = result[i - 1]!;
  for (let i = n - 2; i >= 0; i--) if (Number.isNaN(result[i])) result[i] = result[i + 1]!;
  return result;
}

/** Half width of the window of `localMean` and the length of the profile laid over it (1 = none). */
export function baseShape(freq: Frequency, n: number): { half: number; profile: number } {
  if (freq === 'D') return { half: 28, profile: 7 };
  return freq === 'W' ? { half: 13, profile: 1 } : { half: 6, profile: n >= 24 ? 12 : 1 };
}

const FLOOR = 1e-3;

/**
 * Expected demand per period from the series alone: a local mean (four weeks to each side for daily data, a quarter for
 * weekly data: wide enough that a promotion of two weeks does not pass for a higher level) times the mean profile of the
 * season's positions. It is the offset of the effects' regression and fills periods that say nothing of the demand: gaps, closed days
 * and stock-outs (censored demand: sales are only its lower bound, so the observation is replaced, never kept as 0).
 */
export function baseDemand(y: Float64Array, usable: Uint8Array, freq: Frequency): Float64Array {
  const { half, profile } = baseShape(freq, y.length);
  const base = localMean(y, usable, half, FLOOR);
  if (profile === 1) return base;
  const observed = new Float64Array(profile);
  const expected = new Float64Array(profile);
  for (let i = 0; i < y.length; i++) {
    if (usable[i] === 0) continue;
    observed[i % profile]! += y[i]!;
    expected[i % profile]! += base[i]!;
  }
  for (let i = 0; i < y.length; i++) {
    const p = i % profile;
    if (expected[p]! > 0) base[i] = Math.max(FLOOR, (base[i]! * observed[p]!) / expected[p]!);
  }
  return base;
}
