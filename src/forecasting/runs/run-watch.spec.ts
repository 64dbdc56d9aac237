import { RunEndedError, whileOpen } from './run-watch.js';

const never = new AbortController().signal;

/** Work that ends only with its signal. */
const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }));

describe('whileOpen', () => {
  it('should answer what the work answers', async () => {
    await expect(
      whileOpen(
        never,
        () => Promise.resolve(true),
        () => Promise.resolve(7),
        1,
      ),
    ).resolves.toBe(7);
  });

  it('should abort the work when the run has ended', async () => {
    let looks = 0;
    await expect(whileOpen(never, () => Promise.resolve(++looks < 3), untilAborted, 1)).rejects.toBeInstanceOf(RunEndedError);
    expect(looks).toBe(3);
  });

  it('should go on when it cannot be told', async () => {
    let looks = 0;
    const isOpen = () => (++looks < 3 ? Promise.reject(new Error('no connection')) : Promise.resolve(false));
    await expect(whileOpen(never, isOpen, untilAborted, 1)).rejects.toBeInstanceOf(RunEndedError);
  });

  it('should abort with the job, for its reason', async () => {
    const job = new AbortController();
    const work = whileOpen(job.signal, () => Promise.resolve(true), untilAborted, 1);
    job.abort(new Error('time is up'));
    await expect(work).rejects.toThrow('time is up');
  });
});
