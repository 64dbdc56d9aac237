import { EventEmitter, once } from 'node:events';
import { Shutdown, StoppingError } from './shutdown.js';

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

  it('should wait for what is being started, stop it first and refuse what comes later', async () => {
    const told: string[] = [];
    const sut = new Shutdown(() => undefined);
    sut.add('lock', async () => told.push('lock'));
    const switchboard = new EventEmitter();
    const starting = sut.start(
      'database',
      async () => String((await once(switchboard, 'up'))[0]),
      async (name) => told.push(name),
    );
    const stopped = sut.stop();
    await expect(
      sut.start(
        'worker',
        async () => told.push('worker'),
        async () => undefined,
      ),
    ).rejects.toBeInstanceOf(StoppingError);
    switchboard.emit('up', 'database');
    await expect(starting).rejects.toBeInstanceOf(StoppingError);
    expect(await stopped).toBe(0);
    expect(told).toEqual(['database', 'lock']);
  });

  it('should have nothing to stop of what did not start', async () => {
    const sut = new Shutdown(() => undefined);
    const failing = sut.start(
      'database',
      () => Promise.reject(new Error('no disk')),
      async () => expect('stopped').toBe('never'),
    );
    await expect(failing).rejects.toThrow('no disk');
    expect(await sut.stop()).toBe(0);
  });
});
