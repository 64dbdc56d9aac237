import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '../../../src/kernel/runtime/embedded-postgres.js';
import { identify } from '../../../src/kernel/runtime/process-identity.js';
import type { RuntimeFacts } from '../../../src/kernel/runtime/runtime-file.js';

const PROGRAM = path.resolve(import.meta.dirname, '../../support/fake-product.mjs');

interface Started {
  child: ChildProcess;
  output: () => string;
  ended: Promise<number | string>;
}

const isGone = (pid: number | undefined): boolean => identify(pid ?? 0) === undefined;

// whole processes start here
jest.setTimeout(60_000);

describe('supervisor', () => {
  let home: string;
  let started: Started[];
  const runtimeFile = (): string => path.join(home, 'data', 'runtime.json');
  const runtime = (): RuntimeFacts => JSON.parse(readFileSync(runtimeFile(), 'utf8'));
  const journal = (): string[] => readFileSync(path.join(home, 'journal'), 'utf8').trim().split('\n');

  const start = (args: string[] = [], env: Record<string, string> = {}): Started => {
    const given = {
      PATH: process.env['PATH'],
      DATA_DIR: path.join(home, 'data'),
      WORKER_LOG: path.join(home, 'journal'),
      SHUTDOWN_TIMEOUT: '5',
    };
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      env: { ...given, ...env },
      cwd: home,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    const ended = new Promise<number | string>((resolve) => child.once('close', (code, signal) => resolve(signal ?? code ?? -1)));
    const one = { child, output: () => output, ended };
    started.push(one);
    return one;
  };

  /** Waits for what must come; the output tells why when it does not. */
  const until = async (condition: () => boolean, one: Started): Promise<void> => {
    for (let tries = 0; !condition(); tries++) {
      if (tries > 600) throw new Error(`it did not come: ${one.output()}`);
      await delay(50);
    }
  };

  const untilReady = async (one: Started): Promise<void> => until(() => one.output().includes('FLUXION READY'), one);

  beforeEach(() => {
    home = mkdtempSync(path.join(tmpdir(), 'fluxion-'));
    started = [];
  });

  afterEach(async () => {
    for (const { child, ended } of started) {
      child.kill('SIGKILL');
      await ended;
    }
    const left = await startEmbeddedPostgres({ dataDir: path.join(home, 'data'), log: () => undefined });
    await left.stop({ remove: true });
    rmSync(home, { recursive: true, force: true });
  });

  it('should tell programs once that it is ready, and stop cleanly on a signal', async () => {
    const sut = start();
    await untilReady(sut);
    const facts = runtime();
    const lines = sut
      .output()
      .split('\n')
      .filter((line) => line.includes('FLUXION READY'));
    expect(lines).toHaveLength(1);
    const { demo, api, docs } = facts;
    expect(lines[0]).toBe(`FLUXION READY ${JSON.stringify({ api, docs, ...demo })}`);
    expect(demo).toMatchObject({ tenant: 'fluxion-demo', password: expect.stringMatching(/^.{16}$/) });
    expect(/https?:\/\/\S+/.exec(sut.output())?.[0]).toBe(api);
    expect(facts).toMatchObject({ pid: sut.child.pid, databaseUrl: expect.stringContaining('fluxion_dev') });
    expect([isGone(facts.workerPid), isGone(facts.postgresPid)]).toEqual([false, false]);
    expect(statSync(runtimeFile()).mode & 0o777).toBe(0o600);

    sut.child.kill('SIGINT');
    expect(await sut.ended).toBe(0);
    expect(sut.output()).toContain('SIGINT: stopping ...');
    expect([isGone(facts.workerPid), isGone(facts.postgresPid), existsSync(runtimeFile())]).toEqual([true, true, false]);
    // the API and the worker end side by side
    expect(journal().toSorted()).toEqual(['API closed', `closed ${facts.workerPid}`, `opened ${facts.workerPid}`]);
  });

  it('should start the worker and the database again when they are killed, and tell their new numbers', async () => {
    const sut = start();
    await untilReady(sut);
    const { workerPid, postgresPid } = runtime();
    process.kill(workerPid ?? 0, 'SIGKILL');
    process.kill(postgresPid ?? 0, 'SIGKILL');
    await until(() => runtime().workerPid !== workerPid && runtime().postgresPid !== postgresPid, sut);
    expect([isGone(runtime().workerPid), isGone(runtime().postgresPid)]).toEqual([false, false]);
    sut.child.kill('SIGTERM');
    expect(await sut.ended).toBe(0);
  });

  it('should leave no worker behind when it is killed, and go on with its database at the next start', async () => {
    const killed = start();
    await untilReady(killed);
    const before = runtime();
    killed.child.kill('SIGKILL');
    expect(await killed.ended).toBe('SIGKILL');
    await until(() => isGone(before.workerPid), killed);
    expect(isGone(before.postgresPid)).toBe(false);

    const sut = start();
    await untilReady(sut);
    expect(runtime()).toMatchObject({ postgresPid: before.postgresPid, demo: before.demo });
    const client = new Client({ connectionString: runtime().databaseUrl });
    await client.connect();
    const { rows } = await client.query('SELECT pid FROM starts ORDER BY ctid');
    await client.end();
    expect(rows).toEqual([{ pid: before.pid }, { pid: sut.child.pid }]);
  });

  it('should not run twice on one DATA_DIR', async () => {
    const first = start();
    await untilReady(first);
    const second = start();
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain(`usage: Fluxion already runs on ${path.join(home, 'data')} (process ${first.child.pid})`);
    expect(runtime().pid).toBe(first.child.pid);
    expect(isGone(runtime().postgresPid)).toBe(false);
  });

  it('should take a folder into a tenant of its own and be ready without an alert when nothing is low', async () => {
    mkdirSync(path.join(home, 'Mi Tienda'));
    const sut = start(['--data', path.join(home, 'Mi Tienda')], { NO_ALERT: '1' });
    await untilReady(sut);
    expect(sut.output()).toMatch(/taking in Mi Tienda as mi-tienda[\s\S]*no product is below its reorder point/);
    expect(runtime().demo?.tenant).toBe('mi-tienda');
  });

  it('should be ready without a tenant when there is no demo', async () => {
    const sut = start([], { FLUXION_DEMO: '0' });
    await untilReady(sut);
    const { api, docs } = runtime();
    expect(sut.output()).toContain(`FLUXION READY ${JSON.stringify({ api, docs })}\n`);
    expect(runtime().demo).toBeUndefined();
  });

  it('should end with code 1, stop everything and say why when the files cannot be taken in', async () => {
    const sut = start([], { BOOT_FAILS: '1' });
    expect(await sut.ended).toBe(1);
    expect(sut.output()).toMatch(/sales\.csv: line 3 is wrong/);
    expect(sut.output()).not.toContain('FLUXION READY');
    expect(existsSync(runtimeFile())).toBe(false);
    expect(journal().at(-1)).toMatch(/^closed/);
  });

  it('should stay up, and be ready, when the files of a folder are wrong, and tell each problem in a line', async () => {
    mkdirSync(path.join(home, 'tienda'));
    const sut = start(['--data', path.join(home, 'tienda')], { BOOT_REFUSES: '1' });
    await untilReady(sut);
    const [before = ''] = sut.output().split('FLUXION READY');
    expect(before).toContain('not everything was taken in: sales was refused: 2 problems\n  line 3: wrong\n  line 4: wrong\n');
    expect(sut.output()).not.toMatch(/^\s+at /m);
    expect(sut.output()).not.toContain('reorder point');
    expect((await fetch(`${runtime().api}/health/ready`)).status).toBe(200);
    expect(runtime().demo?.tenant).toBe('tienda');
    sut.child.kill('SIGINT');
    expect(await sut.ended).toBe(0);
  });

  it('should go on when it was ready before the files turn out wrong', async () => {
    const sut = start([], { BOOT_FAILS_LATE: '1' });
    await untilReady(sut);
    await until(() => sut.output().includes('not everything was taken in: sales.csv: line 3 is wrong'), sut);
    expect((await fetch(`${runtime().api}/health/ready`)).status).toBe(200);
    sut.child.kill('SIGINT');
    expect(await sut.ended).toBe(0);
  });

  it('should go on, and stop cleanly, when nobody reads its output any more', async () => {
    const sut = start();
    for (const stream of [sut.child.stdout, sut.child.stderr]) stream?.destroy();
    await until(() => existsSync(runtimeFile()) && runtime().demo !== undefined, sut);
    const { api, postgresPid } = runtime();
    await delay(200);
    expect((await fetch(`${api}/health/ready`)).status).toBe(200);
    sut.child.kill('SIGINT');
    expect(await sut.ended).toBe(0);
    expect([isGone(postgresPid), existsSync(runtimeFile())]).toEqual([true, false]);
  });

  it('should stop while it is still starting', async () => {
    const sut = start();
    await until(() => existsSync(path.join(home, 'data', 'start.lock')), sut);
    sut.child.kill('SIGINT');
    expect(await sut.ended).toBe(0);
    expect(existsSync(path.join(home, 'data', 'start.lock'))).toBe(false);
  });
});
