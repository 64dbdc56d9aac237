import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { projectRoot } from '../../../src/kernel/database/topology.js';

/** The product's worker on a database, as another machine would run it: it is given nothing but where the database is. */
export class WorkerProcess {
  private said = '';

  private constructor(
    private readonly child: ChildProcess,
    private readonly home: string,
  ) {}

  static async start(databaseUrl: string): Promise<WorkerProcess> {
    const home = mkdtempSync(path.join(tmpdir(), 'fluxion-worker-'));
    const env = { PATH: process.env['PATH'], NODE_ENV: 'test', DATABASE_URL: databaseUrl, DATA_DIR: home, FLUXION_DEMO: '0' };
    const child = spawn(process.execPath, ['--no-warnings', path.join(projectRoot, 'dist/worker.js')], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const worker = new WorkerProcess(child, home);
    await new Promise<void>((resolve, reject) => {
      const listen = (chunk: Buffer): void => {
        worker.said += String(chunk);
        if (worker.said.includes('works on the queues')) resolve();
      };
      child.stdout.on('data', listen);
      child.stderr.on('data', listen);
      child.once('exit', () => reject(new Error(`the worker ended: ${worker.said}`)));
    });
    return worker;
  }

  /** kill -9, or with SIGTERM a stop that hands its jobs back. */
  async end(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = once(this.child, 'exit');
      this.child.kill(signal);
      await ended;
    }
    rmSync(this.home, { recursive: true, force: true });
  }
}
