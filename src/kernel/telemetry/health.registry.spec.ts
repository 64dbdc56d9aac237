import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { HealthRegistry } from './health.registry.js';

describe('HealthRegistry', () => {
  beforeAll(() => Logger.overrideLogger(false));

  it('should say which check fails, and nothing of why', async () => {
    const sut = new HealthRegistry();
    sut.register('database', async () => undefined);
    sut.register('queue', () => Promise.reject(new Error('secret host')));
    expect(await sut.look()).toEqual({ status: 'failing', checks: { database: 'ok', queue: 'failing' } });
  });

  it('should look once for many probes', async () => {
    const sut = new HealthRegistry();
    const check = jest.fn(async () => undefined);
    sut.register('database', check);
    await Promise.all(Array.from({ length: 20 }, () => sut.look()));
    expect(check).toHaveBeenCalledTimes(1);
  });

  it('should refuse a second check of one name', () => {
    const sut = new HealthRegistry();
    sut.register('database', async () => undefined);
    expect(() => sut.register('database', async () => undefined)).toThrow('twice');
  });

  it('should not wait for a check that hangs', async () => {
    jest.useFakeTimers();
    const sut = new HealthRegistry();
    sut.register('queue', () => new Promise(() => undefined));
    const looking = sut.look();
    await jest.advanceTimersByTimeAsync(3_001);
    expect(await looking).toMatchObject({ status: 'failing' });
    jest.useRealTimers();
  });
});
