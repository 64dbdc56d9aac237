import { jest } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { tenantScope, type TenantStatus } from '../../../src/kernel/database/tenant-context.js';
import { ProblemError } from '../../../src/kernel/errors/problem-error.js';
import { UnrecoverableJobError, type JobData, type JobHandle } from '../../../src/kernel/jobs/job-map.js';
import { jobView } from '../../../src/kernel/jobs/job-view.js';
import { OnJob } from '../../../src/kernel/jobs/on-job.js';
import { openJobProcess, until, type JobProcess } from './job-lab.js';
import { openQueueLab, type QueueLab } from './queue-lab.js';

declare module '../../../src/kernel/jobs/job-map.js' {
  interface JobMap {
    'spec.note': { data: { text: string }; result: { tenant: string } };
    'spec.flaky': { data: { fail: 'once' | 'always' | 'never again' | 'problem' } };
    'spec.slow': { data: { ms: number } };
    'spec.sum': { data: Record<string, never>; result: number };
    'spec.number': { data: { n: number }; result: number };
  }
}

class Handlers {
  readonly log: string[] = [];
  release?: () => void;

  constructor(private readonly lab: QueueLab) {}

  @OnJob('spec.note', { queue: 'imports', concurrency: 4 })
  async note(data: JobData<'spec.note'>, job: JobHandle): Promise<{ tenant: string }> {
    const [row] = await this.lab.work.query<{ role: string; actor: { via: string } }>(
      "SELECT current_user AS role, current_setting('app.actor')::json AS actor",
    );
    await job.updateProgress({ text: data.text });
    this.log.push(`${data.text} ${row!.role === tenantScope().tenant.role} ${row!.actor.via}`);
    return { tenant: tenantScope().tenant.slug };
  }

  @OnJob('spec.flaky', { queue: 'imports', attempts: 3, backoff: { type: 'fixed', delay: 20 } })
  flaky({ fail }: JobData<'spec.flaky'>, job: JobHandle): Promise<void> {
    this.log.push(`${fail} ${job.attempt}/${job.attempts}`);
    if (fail === 'problem') throw new ProblemError('http.conflict', { detail: 'twice' });
    if (fail === 'never again') throw new UnrecoverableJobError('no use');
    if (fail === 'always' || job.attempt === 1) throw new Error(`secret of row ${job.attempt}`);
    return Promise.resolve();
  }

  @OnJob('spec.slow', { queue: 'forecasts', timeout: 200, attempts: 1, concurrency: 2 })
  async slow({ ms }: JobData<'spec.slow'>, { signal }: JobHandle): Promise<void> {
    this.log.push('slow began');
    await sleep(ms, undefined, { signal }).catch(() => {
      throw signal.reason;
    });
    this.log.push('slow ended');
  }

  @OnJob('spec.sum', { queue: 'forecasts' })
  async sum(_: JobData<'spec.sum'>, job: JobHandle): Promise<number> {
    return (await job.childResults<number>()).reduce((total, n) => total + n, 0);
  }

  @OnJob('spec.number', { queue: 'imports' })
  number({ n }: JobData<'spec.number'>): Promise<number> {
    return Promise.resolve(n);
  }
}

describe('workers on PostgreSQL', () => {
  let lab: QueueLab;
  let handlers: Handlers;
  let sut: JobProcess;
  const state = async (id: string) => (await sut.backend.find(id))?.state;
  const add = (fail: JobData<'spec.flaky'>['fail']) => lab.as(lab.a, () => sut.queue.add('spec.flaky', { fail }, { keep: true }));

  beforeAll(async () => {
    lab = await openQueueLab('workers');
    handlers = new Handlers(lab);
    sut = await openJobProcess(lab, [handlers]);
    await sut.workers.start();
  }, 60_000);
  afterAll(async () => {
    await sut.close();
    await lab.close();
  }, 60_000);
  beforeEach(() => handlers.log.splice(0));

  it('should run a job in the scope of its tenant, under the role of it', async () => {
    const { id } = await lab.as(lab.b, () => sut.queue.add('spec.note', { text: 'one' }, { keep: true }));
    await until(async () => (await state(id)) === 'completed');
    expect(handlers.log).toEqual(['one true job:spec.note']);
    expect(jobView((await sut.backend.find(id))!)).toMatchObject({
      id,
      name: 'spec.note',
      state: 'completed',
      progress: { text: 'one' },
      result: { tenant: 'beta' },
      error: null,
    });
  });

  it('should forget a finished job that nobody asked to keep', async () => {
    const { id } = await lab.as(lab.a, () => sut.queue.add('spec.note', { text: 'gone' }));
    await until(() => handlers.log.length === 1);
    await until(async () => (await sut.backend.find(id)) === undefined);
  });

  it('should try again after a failure, at most as often as said', async () => {
    const once = await add('once');
    await until(async () => (await state(once.id)) === 'completed');
    expect(handlers.log).toEqual(['once 1/3', 'once 2/3']);
    const always = await add('always');
    await until(async () => (await state(always.id)) === 'failed');
    expect(handlers.log.slice(2)).toEqual(['always 1/3', 'always 2/3', 'always 3/3']);
    // what a handler did not mean for the client stays inside
    expect(jobView((await sut.backend.find(always.id))!).error).toEqual({
      code: 'jobs.failed',
      detail: `Job ${always.id} failed; the log names the cause.`,
    });
  });

  it('should not try again what is unrecoverable, and show the code of a problem', async () => {
    const never = await add('never again');
    await until(async () => (await state(never.id)) === 'failed');
    expect(handlers.log).toEqual(['never again 1/3']);
    const problem = await add('problem');
    await until(async () => (await state(problem.id)) === 'failed');
    expect(jobView((await sut.backend.find(problem.id))!).error).toEqual({ code: 'http.conflict', detail: 'twice' });
  });

  it('should abort and fail an attempt that takes too long', async () => {
    const { id } = await lab.as(lab.a, () => sut.queue.add('spec.slow', { ms: 60_000 }));
    await until(async () => (await state(id)) === 'failed');
    expect((await sut.backend.find(id))!.failedReason).toBe('job spec.slow took more than 200 ms');
    expect(handlers.log).toEqual(['slow began']);
  });

  it('should give a flow the results of its children', async () => {
    const numbers = [1, 2, 3].map((n) => ({ name: 'spec.number' as const, data: { n } }));
    const { id } = await lab.as(lab.a, () =>
      sut.queue.addFlow({ name: 'spec.sum', data: {}, options: { keep: true }, children: numbers }),
    );
    await until(async () => (await state(id)) === 'completed');
    expect((await sut.backend.find(id))!.result).toBe(6);
  });

  it('should let a job of a suspended tenant wait, and drop one of a tenant that is gone', async () => {
    let status: TenantStatus | undefined = 'suspended';
    const found = jest
      .spyOn(lab.directory, 'byId')
      .mockImplementation((id) => Promise.resolve(status && { ...lab.a, id, status }));
    const { id } = await lab.as(lab.a, () => sut.queue.add('spec.note', { text: 'later' }));
    await until(async () => (await state(id)) === 'delayed');
    status = undefined;
    const gone = await lab.as(lab.a, () => sut.queue.add('spec.note', { text: 'gone' }));
    await until(async () => (await state(gone.id)) === undefined);
    found.mockRestore();
    expect(handlers.log).toEqual([]);
    const { rows } = await lab.root.query('SELECT attempts_made FROM bullmq.job WHERE id = $1', [id]);
    expect(rows).toEqual([{ attempts_made: 0 }]);
  });

  it('should let a job that nothing handles here wait for another process', async () => {
    await lab.root.query("INSERT INTO shared.job_names VALUES ('imports', 'spec.newer')");
    const { rows } = await lab.as(lab.a, () =>
      lab.work.execute(
        `SELECT gate.add_job('imports', '', 'spec.newer', '{}', '{}', 0, 0, 0, 1, null, null, null, null, null, false) AS id`,
      ),
    );
    await until(async () => (await state((rows[0] as { id: string }).id)) === 'delayed');
  });

  it('should refuse data with a NUL character and a platform job from a tenant', async () => {
    await expect(lab.as(lab.a, () => sut.queue.add('spec.note', { text: 'a\u0000b' }))).rejects.toThrow('NUL');
    await expect(lab.as(lab.a, () => sut.queue.add('spec.note', { text: 'a\\u0000b' }))).resolves.toBeDefined();
    await expect(sut.queue.add('spec.note', { text: 'x' })).rejects.toThrow('needs a tenant');
  });

  it('should hand running jobs back when it stops, with their attempt', async () => {
    const second = await openJobProcess(lab, [handlers]);
    await sut.workers.stop(2000);
    await second.workers.start();
    second.registry.handler('spec.slow').timeout = 60_000;
    const { id } = await lab.as(lab.a, () => second.queue.add('spec.slow', { ms: 30_000 }));
    await until(() => handlers.log.includes('slow began'));
    await second.workers.stop(1000);
    expect(await state(id)).toBe('waiting');
    const { rows } = await lab.root.query('SELECT attempts_made, lock_token FROM bullmq.job WHERE id = $1', [id]);
    expect(rows).toEqual([{ attempts_made: 0, lock_token: null }]);
    await second.close();
  });
});
