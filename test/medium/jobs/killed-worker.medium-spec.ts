import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { JobData, JobHandle } from '../../../src/kernel/jobs/job-map.js';
import { OnJob } from '../../../src/kernel/jobs/on-job.js';
import { projectRoot } from '../../../src/kernel/database/topology.js';
import { openJobProcess, until, type JobProcess } from './job-lab.js';
import { openQueueLab, type QueueLab } from './queue-lab.js';

declare module '../../../src/kernel/jobs/job-map.js' {
  interface JobMap {
    'spec.hang': { data: Record<string, never>; result: string };
  }
}

class Survivor {
  readonly ran: string[] = [];

  @OnJob('spec.hang', { queue: 'alerts' })
  run(_: JobData<'spec.hang'>, job: JobHandle): Promise<string> {
    this.ran.push(job.id);
    return Promise.resolve('done');
  }
}

describe('a worker process that is killed', () => {
  let lab: QueueLab;
  let survivor: Survivor;
  let sut: JobProcess;

  beforeAll(async () => {
    lab = await openQueueLab('killed');
    survivor = new Survivor();
    sut = await openJobProcess(lab, [survivor]);
  }, 60_000);
  afterAll(async () => {
    await sut.close();
    await lab.close();
  }, 60_000);

  it('should lose no job: another process runs it', async () => {
    const script = path.join(projectRoot, 'test/medium/jobs/killed-worker.mjs');
    const child = spawn(process.execPath, [script, lab.url, JSON.stringify(lab.a)], { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines: string[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
    try {
      await until(() => lines.includes('ready'), 20_000);
      const { id } = await lab.as(lab.a, () => sut.queue.add('spec.hang', {}, { keep: true }));
      await until(() => lines.includes(`began ${id}`));
      await sut.workers.start();
      expect(survivor.ran).toEqual([]);
      child.kill('SIGKILL');
      await until(() => survivor.ran.length > 0, 30_000);
      await until(async () => (await sut.backend.find(id))?.state === 'completed');
      expect(survivor.ran).toEqual([id]);
    } finally {
      child.kill('SIGKILL');
    }
  }, 60_000);
});
