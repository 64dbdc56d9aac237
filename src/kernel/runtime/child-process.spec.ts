import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { superviseChild } from './child-process.js';

/** a worker of one line, which ends when its parent lets it go */
const WORKER = `process.on('disconnect', () => process.exit(0)); process.send('ready');`;

/** longer than what a system takes for one variable, so that the process is refused */
const TOO_LONG = 'x'.repeat(4 * 1024 * 1024);

describe('superviseChild', () => {
  let home: string;
  let module: string;
  let told: string[];

  beforeEach(() => {
    home = mkdtempSync(path.join(tmpdir(), 'fluxion-'));
    module = path.join(home, 'worker.cjs');
    writeFileSync(module, WORKER);
    told = [];
  });
  afterEach(() => rmSync(home, { recursive: true }));

  it('should try again when the system refuses the process', async () => {
    const env: NodeJS.ProcessEnv = { PATH: process.env['PATH'], TOO_LONG };
    const log = (line: string): void => {
      told.push(line);
      if (told.length === 2) delete env['TOO_LONG'];
    };
    const sut = superviseChild({ module, env, log });
    await sut.ready;
    expect(sut.pid).toBeGreaterThan(0);
    await sut.stop(5_000);
    expect(told).toEqual([
      expect.stringMatching(/^worker did not start: .*E2BIG; started again in 100 ms$/),
      expect.stringMatching(/^worker did not start: .*E2BIG; started again in 200 ms$/),
    ]);
  });

  it('should give up a first start that is refused each time, and have nothing to wait for', async () => {
    const sut = superviseChild({ module, env: { TOO_LONG }, log: (line) => told.push(line) });
    await expect(sut.ready).rejects.toThrow('the worker does not start');
    await sut.stop(5_000);
    expect(told).toHaveLength(4);
  });

  it('should keep a worker whose start cannot be noted', async () => {
    const onStart = (): void => {
      throw new Error('no space left');
    };
    const sut = superviseChild({ module, env: process.env, log: (line) => told.push(line), onStart });
    await sut.ready;
    expect(told).toEqual([`worker ${sut.pid} runs, but: no space left`]);
    await sut.stop(5_000);
  });
});
