import { PoolClosedError, PoolFullError, PoolOptions, TaskTimeoutError, ThreadCrashError, WorkerPool } from './worker-pool.js';

type Task = { echo?: number; fail?: string; crash?: true; crashOnce?: SharedArrayBuffer; hang?: true };

/** A thread that does what its task says. */
const ENTRY = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort } from 'node:worker_threads';
    parentPort.on('message', (task) => {
      if (task.crash) process.exit(3);
      if (task.crashOnce && Atomics.add(new Int32Array(task.crashOnce), 0, 1) === 0) throw new Error('first time');
      if (task.hang) return;
      parentPort.postMessage(task.fail ? { error: task.fail } : { result: task.echo });
    });
  `)}`,
);

describe('WorkerPool', () => {
  let sut: WorkerPool<Task, number>;
  const open = (options: Partial<PoolOptions> = {}): void => {
    sut = new WorkerPool<Task, number>({ entry: ENTRY, size: 1, ...options });
  };

  afterEach(() => sut.close());

  it('should give each task its own result', async () => {
    open({ size: 2 });
    const results = await Promise.all([1, 2, 3, 4, 5].map((echo) => sut.run({ echo })));
    expect(results).toEqual([1, 2, 3, 4, 5]);
    expect(sut.load).toEqual({ running: 0, waiting: 0 });
  });

  it("should reject with a task's own error and go on", async () => {
    open();
    await expect(sut.run({ fail: 'no such series' })).rejects.toThrow('no such series');
    await expect(sut.run({ echo: 7 })).resolves.toBe(7);
  });

  it('should try a task once more when its thread crashes', async () => {
    open();
    const crashes = new SharedArrayBuffer(4);
    await expect(sut.run({ crashOnce: crashes, echo: 5 })).resolves.toBe(5);
    expect(new Int32Array(crashes)[0]).toBe(2);
  });

  it('should report a task whose threads crash twice, and serve the next one', async () => {
    open();
    const [crashed, served] = await Promise.allSettled([sut.run({ crash: true }), sut.run({ echo: 1 })]);
    expect(crashed).toMatchObject({ status: 'rejected', reason: expect.any(ThreadCrashError) });
    expect(served).toEqual({ status: 'fulfilled', value: 1 });
  });

  it('should end a task that takes too long', async () => {
    open({ timeoutMs: 50 });
    await expect(sut.run({ hang: true })).rejects.toThrow(TaskTimeoutError);
    await expect(sut.run({ echo: 2 }, { timeoutMs: 5000 })).resolves.toBe(2);
  });

  it('should abort a running and a waiting task', async () => {
    open();
    const running = new AbortController();
    const waiting = new AbortController();
    const tasks = [
      sut.run({ hang: true }, { signal: running.signal }),
      sut.run({ echo: 1 }, { signal: waiting.signal }),
      sut.run({ echo: 3 }),
    ];
    const settled = Promise.allSettled(tasks);
    waiting.abort(new Error('not wanted'));
    running.abort(new Error('cancelled'));
    const [first, second, third] = await settled;
    expect(first).toMatchObject({ status: 'rejected', reason: { message: 'cancelled' } });
    expect(second).toMatchObject({ status: 'rejected', reason: { message: 'not wanted' } });
    expect(third).toEqual({ status: 'fulfilled', value: 3 });
    await expect(sut.run({ echo: 1 }, { signal: running.signal })).rejects.toThrow('cancelled');
  });

  it('should refuse more than the queue holds', async () => {
    open({ maxWaiting: 1 });
    const settled = Promise.allSettled([sut.run({ hang: true }), sut.run({ echo: 1 })]);
    await expect(sut.run({ echo: 2 })).rejects.toThrow(PoolFullError);
    expect(sut.load).toEqual({ running: 1, waiting: 1 });
    await sut.close();
    for (const one of await settled) expect(one).toMatchObject({ status: 'rejected', reason: expect.any(PoolClosedError) });
  });

  it('should take nothing after it was closed', async () => {
    open();
    await sut.close();
    await expect(sut.run({ echo: 1 })).rejects.toThrow(PoolClosedError);
  });
});
