import { Shutdown } from './shutdown.js';

describe('Shutdown', () => {
  it('should stop the newest first, once, and go on after a failure', async () => {
    const told: string[] = [];
    const sut = new Shutdown((line) => told.push(line));
    sut.add('database', async () => told.push('database'));
    sut.add('worker', async () => {
      throw new Error('it hangs');
    });
    sut.add('HTTP', async () => told.push('HTTP'));
    expect(await Promise.all([sut.stop(), sut.stop()])).toEqual([1, 1]);
    expect(told).toEqual(['HTTP', 'worker did not stop cleanly: it hangs', 'database']);
  });

  it('should stop what registers while it stops', async () => {
    const told: string[] = [];
    const sut = new Shutdown(() => undefined);
    sut.add('HTTP', async () => {
      sut.add('worker', async () => told.push('worker'));
      told.push('HTTP');
    });
    expect(await sut.stop()).toBe(0);
    expect(told).toEqual(['HTTP', 'worker']);
  });

  it('should say that it is too late to start something', () => {
    const sut = new Shutdown(() => undefined);
    expect(sut.add('database', async () => undefined)).toBe(false);
    void sut.stop();
    expect(sut.isStopping).toBe(true);
    expect(sut.add('worker', async () => undefined)).toBe(true);
  });
});
