import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';

const built = (module: string): string => JSON.stringify(path.resolve(import.meta.dirname, '../../../dist/kernel', module));

/** What the system refuses to a process of our own; each runs in its own node, since it is about how a process ends. */
describe('what the system refuses', () => {
  let home: string;

  const run = async (program: string, stdout: 'pipe' | number = 'pipe', isRead = true) => {
    const file = path.join(home, 'program.mjs');
    writeFileSync(file, program);
    const child = spawn('sh', ['-c', 'ulimit -n 256; exec "$0" "$1"', process.execPath, file], {
      stdio: ['ignore', stdout, 'pipe'],
      env: { PATH: process.env['PATH'], WORKER_LOG: path.join(home, 'journal') },
      // what hangs is ended, and says so by its signal
      timeout: 15_000,
      killSignal: 'SIGKILL',
    });
    if (!isRead) child.stdout?.destroy();
    const output = [isRead ? child.stdout : null, child.stderr].map(async (stream) => (stream ? text(stream) : ''));
    const [code, signal] = await once(child, 'close');
    return { ended: signal ?? code, output: (await Promise.all(output)).join('') };
  };

  beforeEach(() => {
    home = mkdtempSync(path.join(tmpdir(), 'fluxion-'));
  });
  afterEach(() => rmSync(home, { recursive: true }));

  describe.each([true, false])('log lines (json: %s)', (json) => {
    const logger = `
      import { AppLogger } from ${built('logging/logger.js')};
      const sut = new AppLogger({ level: 'info', json: ${json} });
      const say = () => { for (let n = 0; n < 40; n++) sut.log('line ' + n + ' ' + 'x'.repeat(1000)); };
    `;
    const later = `${logger} say(); setTimeout(() => { say(); setTimeout(() => { say(); process.exit(3); }, 200); }, 200);`;
    const now = `${logger} say(); process.exit(3);`;

    it('should be dropped on a full disk, and the process ends with its own code', async () => {
      // a device of Linux
      if (!existsSync('/dev/full')) return;
      const full = openSync('/dev/full', 'w');
      for (const program of [later, now]) expect(await run(program, full)).toEqual({ ended: 3, output: '' });
      closeSync(full);
    });

    it('should be dropped when their reader has left', async () => {
      for (const program of [later, now]) expect(await run(program, 'pipe', false)).toMatchObject({ ended: 3 });
    });

    it('should be written at an exit', async () => {
      const { ended, output } = await run(now);
      expect(ended).toBe(3);
      // what is just being written when it ends is the system's
      expect(output.match(/line \d\d/g)).toEqual(Array.from({ length: 30 }, (_, n) => `line ${n + 10}`));
    });
  });

  it('should start a worker as soon as it may: a refused process never exits', async () => {
    const worker = JSON.stringify(path.resolve(import.meta.dirname, '../../support/fake-worker.mjs'));
    const { ended, output } = await run(`
      import { superviseChild } from ${built('runtime/child-process.js')};
      const node = process.execPath;
      process.execPath = '/nowhere/node';
      const log = (line) => { console.log(line); if (line.includes('200 ms')) process.execPath = node; };
      const sut = superviseChild({ module: ${worker}, env: process.env, log });
      await sut.ready;
      await sut.stop(5_000);
      process.execPath = '/nowhere/node';
      await superviseChild({ module: ${worker}, env: process.env, log }).stop(5_000);
    `);
    expect({ ended, output }).toMatchObject({ ended: 0 });
    expect(output.split('\n').filter((line) => line.includes('worker did not start: spawn /nowhere/node ENOENT'))).toHaveLength(
      2,
    );
    expect(readFileSync(path.join(home, 'journal'), 'utf8')).toMatch(/^opened \d+\nclosed \d+\n$/);
  });

  it('should take no server for dead that it cannot look at', async () => {
    writeFileSync(path.join(home, 'postmaster.pid'), `${process.pid}\n${home}\n0\n5432\n\n\n\nready\n`);
    const { ended, output } = await run(`
      import { openSync } from 'node:fs';
      import { findPostmaster } from ${built('runtime/postmaster.js')};
      import { identify } from ${built('runtime/process-identity.js')};
      const taken = [];
      try { for (;;) taken.push(openSync('/dev/null')); } catch {}
      const looks = [() => identify(${process.pid}), () => findPostmaster({ data: ${JSON.stringify(home)} })];
      for (const look of looks) try { console.log(look()); } catch ({ code }) { console.log(code); }
    `);
    expect({ ended, output }).toEqual({ ended: 0, output: 'EMFILE\nEMFILE\n' });
  });
});
