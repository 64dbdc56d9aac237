import { jest } from '@jest/globals';
import { Redis } from 'ioredis';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { EventListeners } from '../../../src/kernel/events/event-listeners.js';
import { Events } from '../../../src/kernel/events/events.js';
import { EventsRepository } from '../../../src/kernel/events/events.repository.js';
import type { EventHandle, EventPayload } from '../../../src/kernel/events/event-map.js';
import { OnEvent } from '../../../src/kernel/events/on-event.js';
import { tenantScope } from '../../../src/kernel/database/tenant-context.js';
import { uuidV7 } from '../../../src/kernel/database/uuid-v7.js';
import type { JobData, JobHandle } from '../../../src/kernel/jobs/job-map.js';
import { OnJob } from '../../../src/kernel/jobs/on-job.js';
import { LIVE_CHANNEL } from '../../../src/kernel/jobs/outbox-relay.js';
import type { PostgresQueue } from '../../../src/kernel/jobs/postgres-queue.js';
import type { QueueBackend } from '../../../src/kernel/jobs/queue-backend.js';
import { RedisQueue } from '../../../src/kernel/jobs/redis-queue.js';
import { openJobProcess, until, type JobProcess } from './job-lab.js';
import { openQueueLab, type QueueLab } from './queue-lab.js';

declare module '../../../src/kernel/events/event-map.js' {
  interface EventMap {
    'spec.happened': { n: number };
    'spec.unheard': { n: number };
  }
}
declare module '../../../src/kernel/jobs/job-map.js' {
  interface JobMap {
    'spec.work': { data: { n: number }; result: number };
    'spec.total': { data: Record<string, never>; result: number };
  }
}

class Room {
  readonly heard: string[] = [];
  readonly worked: string[] = [];
  failures: number = 0;

  @OnEvent('spec.happened')
  first({ n }: EventPayload<'spec.happened'>, event: EventHandle<'spec.happened'>): Promise<void> {
    if (this.failures-- > 0) throw new Error('not yet');
    this.heard.push(`first ${n} ${tenantScope().tenant.slug} ${event.attempt}`);
    return Promise.resolve();
  }

  @OnEvent('spec.happened')
  second({ n }: EventPayload<'spec.happened'>): Promise<void> {
    this.heard.push(`second ${n}`);
    return Promise.resolve();
  }

  @OnJob('spec.work', { queue: 'imports' })
  work({ n }: JobData<'spec.work'>, job: JobHandle): Promise<number> {
    this.worked.push(`${tenantScope().tenant.slug} ${n} ${job.id}`);
    return Promise.resolve(n);
  }

  @OnJob('spec.total', { queue: 'alerts' })
  async total(_: JobData<'spec.total'>, job: JobHandle): Promise<number> {
    return (await job.childResults<number>()).reduce((sum, n) => sum + n, 0);
  }
}

function newListeners(room: Room): EventListeners {
  const discovery = { getProviders: () => [] } as unknown as ConstructorParameters<typeof EventListeners>[0];
  const listeners = new EventListeners(discovery, { addCheck: () => undefined } as unknown as JobProcess['registry']);
  listeners.register(room);
  return listeners;
}

/** The same promises for both queues. */
function relaySuite(title: string, name: string, open?: (postgres: PostgresQueue, pool: pg.Pool) => QueueBackend): void {
  describe(title, () => {
    let lab: QueueLab;
    let room: Room;
    let events: Events;
    let sut: JobProcess;
    const outbox = async () => (await lab.root.query<{ n: number }>('SELECT count(*)::int AS n FROM shared.outbox')).rows[0]!.n;
    const many = () => room.heard.filter((line) => / 1\d{3}\b/.test(line));
    const emit = (n: number) => lab.as(lab.a, () => events.emit('spec.happened', { n }));

    beforeAll(async () => {
      lab = await openQueueLab(name);
      room = new Room();
      events = new Events(new EventsRepository(lab.work));
      sut = await openJobProcess(lab, [room, newListeners(room)], open);
      await sut.workers.start();
    }, 60_000);
    afterAll(async () => {
      await sut.close();
      await lab.close();
    }, 60_000);
    beforeEach(() => {
      room.heard.splice(0);
      room.worked.splice(0);
    });

    it('should tell every listener once, in the tenant, after the commit', async () => {
      await lab.as(lab.a, () =>
        lab.work.transaction(async () => {
          await events.emit('spec.happened', { n: 1 });
          await sleep(600);
          expect(room.heard).toEqual([]);
        }),
      );
      await until(() => room.heard.length === 2);
      expect(room.heard.toSorted()).toEqual(['first 1 acme 1', 'second 1']);
      await until(async () => (await outbox()) === 0);
    });

    it('should tell nobody after a rollback', async () => {
      const failed = lab.as(lab.a, () =>
        lab.work.transaction(async () => {
          await events.emit('spec.happened', { n: 2 });
          throw new Error('no');
        }),
      );
      await expect(failed).rejects.toThrow('no');
      await emit(3);
      await until(() => room.heard.includes('second 3'));
      expect(room.heard.filter((line) => line.includes(' 2'))).toEqual([]);
    });

    it('should let one listener fail without the other, and try it again', async () => {
      room.failures = 1;
      await emit(4);
      await until(() => room.heard.length === 2);
      expect(room.heard.toSorted()).toEqual(['first 4 acme 2', 'second 4']);
    });

    it('should drop an event that nobody listens to', async () => {
      await lab.as(lab.a, () => events.emit('spec.unheard', { n: 5 }));
      await until(async () => (await outbox()) === 0);
    });

    it('should tell live streams which tenant had which events', async () => {
      const told: string[] = [];
      await sut.notifications.listen(LIVE_CHANNEL, { notified: (payload) => told.push(payload), reset: () => undefined });
      await until(async () => {
        await lab.as(lab.b, () => events.emit('spec.happened', { n: 6 }));
        return told.length > 0;
      });
      expect(JSON.parse(told[0]!)).toEqual([[lab.b.id, ['spec.happened']]]);
    });

    it('should relay many events of many transactions, each once', async () => {
      await Promise.all(
        Array.from({ length: 8 }, async (_, i) => {
          for (let n = 0; n < 40; n++) await emit(1000 + i * 40 + n);
        }),
      );
      await until(() => many().length >= 640);
      await until(async () => (await outbox()) === 0);
      await sleep(100);
      expect(many()).toHaveLength(640);
      expect(new Set(many()).size).toBe(640);
    }, 60_000);

    it.each([0, 1024])('should let a refused row rest after %i attempts and go on with the others', async (before) => {
      await lab.root.query(
        `INSERT INTO shared.outbox (id, tenant_id, kind, type, payload, attempts) VALUES ($1, $2, 'job', 'broken', '[{"no":"queue","parentId":"x"}]', $3)`,
        [uuidV7(new Date(0)), lab.a.id, before],
      );
      await emit(7);
      await until(() => room.heard.length === 2);
      const row = async () =>
        (await lab.root.query<{ attempts: number; error: string }>('SELECT attempts, error FROM shared.outbox')).rows[0];
      await until(async () => ((await row())?.attempts ?? 0) > before);
      expect((await row())!.error).not.toBe('');
      await lab.root.query('DELETE FROM shared.outbox');
    });

    it('should run a job of a commit and none of a rollback', async () => {
      const { id } = await lab.as(lab.a, () => lab.work.transaction(() => sut.queue.add('spec.work', { n: 8 })));
      await lab
        .as(lab.a, () =>
          lab.work.transaction(async () => {
            await sut.queue.add('spec.work', { n: 9 });
            throw new Error('no');
          }),
        )
        .catch(() => undefined);
      const flow = await lab.as(lab.b, () =>
        sut.queue.addFlow({
          name: 'spec.total',
          data: {},
          options: { keep: true },
          children: [20, 22].map((n) => ({ name: 'spec.work' as const, data: { n } })),
        }),
      );
      await until(async () => (await sut.backend.find(flow.id))?.state === 'completed');
      expect((await sut.backend.find(flow.id))!.result).toBe(42);
      expect(room.worked.map((line) => line.slice(0, 7).trim()).toSorted()).toEqual(['beta 20', 'beta 22', 'acme 8'].toSorted());
      expect(room.worked.find((line) => line.startsWith('acme'))).toBe(`acme 8 ${id}`);
    });

    it('should find a job for its tenant and keep it from the other', async () => {
      const { id } = await lab.as(lab.a, () => sut.queue.add('spec.work', { n: 10 }, { keep: true, id: 'cause' }));
      await until(async () => (await sut.backend.find(id))?.state === 'completed');
      expect(await sut.backend.find(id)).toMatchObject({ tenant: lab.a.id, name: 'spec.work', result: 10 });
      expect((await sut.backend.counts()).get('imports')).toMatchObject({ waiting: 0, active: 0 });
      expect(await sut.backend.clean('completed', 0)).toBeGreaterThan(0);
      expect(await sut.backend.find(id)).toBeUndefined();
    });
  });
}

relaySuite('outbox relay to PostgreSQL', 'relaypg');

const redisUrl = process.env['TEST_REDIS_URL'];

const openRedis =
  (url: string) =>
  (postgres: PostgresQueue, pool: pg.Pool): RedisQueue =>
    new RedisQueue(
      new Redis(url, { maxRetriesPerRequest: null }),
      `{spec-${process.pid}-${Date.now()}}`,
      postgres,
      pool,
      () => undefined,
    );

// the second run of the suites gives a Redis; the first has none
if (redisUrl) {
  relaySuite('outbox relay to Redis', 'relayredis', openRedis(redisUrl));

  describe('a relay that dies between Redis and its commit', () => {
    let lab: QueueLab;
    let room: Room;
    let sut: JobProcess;

    beforeAll(async () => {
      lab = await openQueueLab('relaydies');
      room = new Room();
      sut = await openJobProcess(lab, [room, newListeners(room)], openRedis(redisUrl));
    }, 60_000);
    afterAll(async () => {
      await sut.close();
      await lab.close();
    }, 60_000);

    it('should hand the job over again under the same id, so that it runs once', async () => {
      const backend = sut.backend as RedisQueue;
      const takeOver = backend.takeOver.bind(backend);
      const killed: number[] = [];
      jest.spyOn(backend, 'takeOver').mockImplementationOnce(async (jobs, flows) => {
        await takeOver(jobs, flows);
        const { rows } = await lab.root.query<{ pid: number }>(
          `SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'`,
        );
        killed.push(...rows.map((row) => row.pid));
        await sleep(50);
      });
      const { id } = await lab.as(lab.a, () => sut.queue.add('spec.work', { n: 1 }, { keep: true }));
      await expect(sut.relay.relay()).rejects.toThrow(/terminat|not queryable|EPIPE|ECONNRESET/);
      expect(killed).toHaveLength(1);
      expect((await lab.root.query('SELECT FROM shared.outbox')).rowCount).toBe(1);
      await sut.workers.start();
      await until(async () => (await lab.root.query('SELECT FROM shared.outbox')).rowCount === 0);
      await until(async () => (await backend.find(id))?.state === 'completed');
      await sleep(200);
      expect(room.worked).toEqual([`acme 1 ${id}`]);
    });
  });
}

describe('outbox while Redis is away', () => {
  let lab: QueueLab;
  let sut: JobProcess;

  beforeAll(async () => {
    lab = await openQueueLab('relayaway');
    // nothing listens there, and it never tries
    const away = new Redis({ lazyConnect: true, retryStrategy: () => null });
    sut = await openJobProcess(lab, [new Room()], (postgres, pool) => {
      const queue = new RedisQueue(away, '{away}', postgres, pool, () => undefined);
      return Object.assign(queue, { close: () => postgres.close() });
    });
  }, 60_000);
  afterAll(async () => {
    await sut.close();
    await lab.close();
  }, 60_000);

  it('should keep what was committed, without counting it as refused', async () => {
    const { id } = await lab.as(lab.a, () => lab.work.transaction(() => sut.queue.add('spec.work', { n: 1 })));
    await lab
      .as(lab.a, () =>
        lab.work.transaction(() => sut.queue.add('spec.work', { n: 2 }).then(() => Promise.reject(new Error('no')))),
      )
      .catch(() => undefined);
    await expect(sut.relay.relay()).rejects.toThrow('no connection to Redis');
    const { rows } = await lab.root.query(`SELECT id, attempts, payload -> 'data' AS data FROM shared.outbox`);
    expect(rows).toEqual([{ id, attempts: 0, data: { n: 1, tenant: lab.a.id } }]);
    expect((await lab.root.query('SELECT FROM bullmq.job')).rowCount).toBe(0);
  });
});
