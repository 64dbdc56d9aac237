import { lockSeconds } from './lockout.js';

describe('lockSeconds', () => {
  it.each([
    [0, 0],
    [4, 0],
    [5, 30],
    [6, 60],
    [9, 480],
    [10, 900],
    [5000, 900],
  ])('after %i wrong passwords: %i s', (failures, seconds) => {
    expect(lockSeconds(failures)).toBe(seconds);
  });
});
