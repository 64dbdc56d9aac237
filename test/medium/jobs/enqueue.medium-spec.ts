import pg from 'pg';
import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { tenantScope } from '../../../src/kernel/database/tenant-context.js';
import type { JobEntry } from '../../../src/kernel/jobs/queue-backend.js';
import {
  checkQueuePinned,
  migrateQueue,
  openQueuePool,
  queueConnection,
  unpinnedQueueFunctions,
} from '../../../src/kernel/jobs/queue-lane.js';
import { PostgresQueue } from '../../../src/kernel/jobs/postgres-queue.js';
import { withClient } from '../../../src/kernel/database/topology.js';
import { openQueueLab, type QueueLab } from './queue-lab.js';

interface JobRow {
  id: string;
  name: string;
  data: Record<string, unknown>;
}

const newEntry = (overrides: Partial<JobEntry> = {}): JobEntry => ({
  queue: 'mail',
  name: 'mail.send',
  id: undefined,
  data: {},
  delay: 0,
  attempts: 5,
  backoff: { type: 'exponential', delay: 500 },
  priority: 0,
  keep: false,
  ...overrides,
});

const destroySocket = async () => {
  const { lease } = tenantScope().transaction as unknown as { lease: Promise<{ client: { connection: { stream: Socket } } }> };
  (await lease).client.connection.stream.destroy();
};

describe('enqueue on PostgreSQL', () => {
  let lab: QueueLab;
  let pool: pg.Pool;
  let sut: PostgresQueue;

  const jobs = async (): Promise<JobRow[]> =>
    (await lab.root.query<JobRow>('SELECT id, name, data FROM bullmq.job ORDER BY seq')).rows;
  const insertCause = (id: string) => lab.work.execute('INSERT INTO causes (id) VALUES ($1)', [id]);
  beforeAll(async () => {
    lab = await openQueueLab('enqueue');
    await lab.root.query(`INSERT INTO shared.job_names (queue, name) VALUES ('mail', 'mail.send'), ('imports', 'import.run')`);
    pool = openQueuePool(lab.topology, false);
    sut = new PostgresQueue(pool, lab.work, () => undefined);
  }, 60_000);
  afterAll(async () => {
    await sut.close();
    await pool.end();
    await lab.close();
  }, 60_000);
  afterEach(() => lab.root.query('TRUNCATE bullmq.job CASCADE'));

  it('should have one job after a commit, with the tenant of the role whatever the data says', async () => {
    const id = await lab.as(lab.a, () => lab.work.transaction(() => sut.add(newEntry({ data: { tenant: lab.b.id, cause: 1 } }))));
    expect(await jobs()).toEqual([{ id, name: 'mail.send', data: { tenant: lab.a.id, cause: 1 } }]);
  });

  it('should have one job without a transaction, in one flight', async () => {
    await lab.as(lab.a, () => sut.add(newEntry()));
    expect(await jobs()).toHaveLength(1);
  });

  it('should not show the job before the commit', async () => {
    await lab.as(lab.a, () =>
      lab.work.transaction(async () => {
        await sut.add(newEntry());
        expect(await jobs()).toEqual([]);
      }),
    );
    expect(await jobs()).toHaveLength(1);
  });

  // what the driver says of a lost connection depends on whether it reads the end, writes into it, or meets it afterwards
  const LOST = /Connection terminated|terminating connection|not queryable|EPIPE|ECONNRESET/;
  const endings: Record<string, { how: () => Promise<unknown>; says: RegExp }> = {
    'the work throws': { how: () => Promise.reject(new Error('no')), says: /^no$/ },
    'a statement fails': { how: () => lab.work.execute('SELECT 1/0'), says: /division by zero/ },
    'a statement fails and is swallowed': {
      how: () => lab.work.execute('SELECT 1/0').catch(() => undefined),
      says: /rolled back/,
    },
    'its socket dies': { how: destroySocket, says: LOST },
    'the server ends its connection': {
      how: async () => {
        const [row] = await lab.work.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
        await lab.root.query('SELECT pg_terminate_backend($1)', [row!.pid]);
      },
      says: LOST,
    },
  };
  it.each(Object.keys(endings))('should have no job when %s', async (how) => {
    const cause = randomUUID();
    const run = lab.as(lab.a, () =>
      lab.work.transaction(async () => {
        await insertCause(cause);
        await sut.add(newEntry({ data: { cause } }));
        await sut.addBulk([newEntry({ data: { cause } }), newEntry({ queue: 'imports', name: 'import.run', data: { cause } })]);
        await sut.addFlow({ ...newEntry({ data: { cause } }), children: [{ ...newEntry({ data: { cause } }), children: [] }] });
        await endings[how]!.how();
      }),
    );
    await expect(run).rejects.toThrow(endings[how]!.says);
    expect(await jobs()).toEqual([]);
    expect((await lab.root.query(`SELECT FROM tenant_acme.causes WHERE id = $1`, [cause])).rowCount).toBe(0);
  });

  it('should drop only the jobs of an undone savepoint', async () => {
    await lab.as(lab.a, () =>
      lab.work.transaction(async () => {
        await lab.work
          .savepoint(async () => {
            await sut.add(newEntry({ data: { part: 'undone' } }));
            throw new Error('part failed');
          })
          .catch(() => undefined);
        await sut.add(newEntry({ data: { part: 'kept' } }));
      }),
    );
    expect((await jobs()).map((job) => job.data['part'])).toEqual(['kept']);
  });

  it('should add a bulk of two queues in one transaction, even without one around it', async () => {
    const bulk = [newEntry({ data: { n: 1 } }), newEntry({ queue: 'imports', name: 'import.run', data: { n: 2 } })];
    const ids = await lab.as(lab.a, () => sut.addBulk(bulk));
    expect((await jobs()).map((job) => job.id).toSorted()).toEqual(ids.toSorted());
    await lab.root.query('TRUNCATE bullmq.job CASCADE');
    await expect(
      lab.as(lab.a, () => sut.addBulk([...bulk, newEntry({ queue: 'imports', name: 'unknown.job' })])),
    ).rejects.toThrow('not for tenants');
    expect(await jobs()).toEqual([]);
  });

  it('should refuse names that the list does not hold, and everything but adding', async () => {
    await expect(lab.as(lab.a, () => sut.add(newEntry({ name: 'tenant.delete' })))).rejects.toThrow(
      'job tenant.delete in queue mail is not for tenants',
    );
    await expect(lab.as(lab.a, () => sut.queue('mail').drain())).rejects.toThrow('only an enqueue is possible');
    await expect(lab.as(lab.a, () => sut.queue('mail').upsertJobScheduler('x', { every: 1000 }))).rejects.toThrow(
      'only an enqueue is possible',
    );
  });

  it('should make one job of one cause, and two of the same cause in two tenants', async () => {
    const add = (tenant: typeof lab.a) => lab.as(tenant, () => sut.add(newEntry({ id: 'report-2026' })));
    const [first, again, other] = [await add(lab.a), await add(lab.a), await add(lab.b)];
    expect(again).toBe(first);
    expect(other).not.toBe(first);
    // platform code that names the same cause of the same tenant means the same job
    expect(await sut.add(newEntry({ id: 'report-2026', data: { tenant: lab.a.id } }))).toBe(first);
    expect(await jobs()).toHaveLength(2);
  });

  it('should not let a tenant take the id that another tenant will have', async () => {
    const id = await lab.as(lab.a, () => sut.add(newEntry({ id: 'report-2027' })));
    await lab.root.query('TRUNCATE bullmq.job CASCADE');
    expect(await lab.as(lab.b, () => sut.add(newEntry({ id })))).not.toBe(id);
    expect(await lab.as(lab.a, () => sut.add(newEntry({ id: 'report-2027' })))).toBe(id);
    expect(await jobs()).toHaveLength(2);
  });

  it('should keep priority, delay, attempts and retention', async () => {
    await lab.as(lab.a, () => sut.add(newEntry({ delay: 60_000, priority: 3, attempts: 7, keep: true })));
    const { rows } = await lab.root.query('SELECT state::text, priority, delay_ms::int, max_attempts, opts FROM bullmq.job');
    expect(rows).toEqual([
      {
        state: 'delayed',
        priority: 3,
        delay_ms: 60_000,
        max_attempts: 7,
        opts: expect.objectContaining({
          removeOnComplete: false,
          removeOnFail: false,
          backoff: { type: 'exponential', delay: 500 },
        }),
      },
    ]);
  });

  it('should find a job in any queue, with its tenant', async () => {
    const id = await lab.as(lab.b, () => sut.add(newEntry({ queue: 'imports', name: 'import.run' })));
    expect(await sut.find(id)).toMatchObject({
      id,
      name: 'import.run',
      tenant: lab.b.id,
      state: 'waiting',
      startedAt: undefined,
    });
    expect(await sut.find(randomUUID())).toBeUndefined();
    expect((await sut.counts()).get('imports')).toMatchObject({ waiting: 1, active: 0 });
  });

  it('should pin every function of the queue, also after a second migration, and notice one that is not', async () => {
    await withClient(queueConnection(lab.topology), async (client) => {
      expect(await unpinnedQueueFunctions(client)).toEqual([]);
      await client.query('ALTER FUNCTION bullmq.drain(text, boolean) SET search_path = bullmq');
      await expect(checkQueuePinned(client)).rejects.toThrow('drain(text,boolean)');
      await migrateQueue(client);
      await client.query('GRANT EXECUTE ON FUNCTION bullmq.drain(text, boolean) TO PUBLIC');
      await expect(checkQueuePinned(client)).rejects.toThrow('drain(text,boolean)');
      await migrateQueue(client);
      await expect(checkQueuePinned(client)).resolves.toBeUndefined();
    });
  });

  it('should refuse an enqueue once it is closed, so that the transaction of its cause ends', async () => {
    const closing = new PostgresQueue(pool, lab.work, () => undefined);
    await closing.close();
    const id = randomUUID();
    const late = (enqueue: () => Promise<unknown>) =>
      lab.as(lab.a, () =>
        lab.work.transaction(async () => {
          await insertCause(id);
          await enqueue();
        }),
      );
    await expect(late(() => closing.add(newEntry()))).rejects.toMatchObject({ code: 'http.unavailable' });
    await expect(late(() => closing.addBulk([newEntry()]))).rejects.toMatchObject({ code: 'http.unavailable' });
    await expect(late(() => closing.addFlow({ ...newEntry(), children: [] }))).rejects.toMatchObject({
      code: 'http.unavailable',
    });
    expect((await lab.root.query(`SELECT FROM ${lab.a.schema}.causes WHERE id = $1`, [id])).rowCount).toBe(0);
    expect(await jobs()).toEqual([]);
  });
});
