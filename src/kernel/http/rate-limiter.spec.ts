import { RateLimiter } from './rate-limiter.js';

describe('RateLimiter', () => {
  let now = 0;
  const rate = { limit: 3, seconds: 6 };
  const newLimiter = () => new RateLimiter(() => now);
  const take = (sut: RateLimiter, times: number) => Array.from({ length: times }, () => sut.take('k', rate));

  it('should allow the limit at once, then one every interval', () => {
    now = 1000;
    const sut = newLimiter();
    expect(take(sut, 4).map(({ allowed, remaining }) => [allowed, remaining])).toEqual([
      [true, 2],
      [true, 1],
      [true, 0],
      [false, 0],
    ]);
    expect(sut.take('k', rate)).toMatchObject({ retryAfter: 2, reset: 6 });
    now += 2000;
    expect(take(sut, 2).map(({ allowed }) => allowed)).toEqual([true, false]);
    now += 6000;
    expect(take(sut, 4).filter(({ allowed }) => allowed)).toHaveLength(3);
  });

  it('should not be kept closed by refused attempts', () => {
    now = 0;
    const sut = newLimiter();
    take(sut, 100);
    now += 2000;
    expect(sut.take('k', rate).allowed).toBe(true);
  });

  it('should keep keys apart and forgive one', () => {
    const sut = newLimiter();
    take(sut, 3);
    expect(sut.take('other', rate).allowed).toBe(true);
    sut.forgive('k');
    expect(sut.take('k', rate)).toMatchObject({ allowed: true, remaining: 2 });
  });
});
