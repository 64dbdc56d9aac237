import { Logger } from '@nestjs/common';
import { createPostgresBackend, FlowProducer, Queue, Worker, type JobsOptions, type PostgresQueueBackend } from 'bullmq';
import type pg from 'pg';
import { currentScope } from '../database/tenant-context.js';
import { ProblemError } from '../errors/problem-error.js';
import { jobId } from './job-id.js';
import { QUEUES, type QueueName } from './job-map.js';
import {
  WORKER_TIMES,
  type FlowEntry,
  type JobEntry,
  type JobRecord,
  type JobState,
  type PlatformSchedule,
  type QueueBackend,
  type QueueCounts,
  type Work,
} from './queue-backend.js';
import type { PostgresConnection } from './queue-lane.js';
import { applySchedules } from './schedules.js';
import { QueueRouter, type TenantStatements } from './queue-router.js';

type BullQueue = Queue<unknown, unknown, string, unknown, unknown, string, PostgresQueueBackend, PostgresConnection>;

export function tenantOf(entry: { data: object }): string | undefined {
  const tenant: unknown = Reflect.get(entry.data, 'tenant');
  return typeof tenant === 'string' ? tenant : undefined;
}

/** BullMQ's options of an entry. Count and age of removeOn* deadlock on PostgreSQL: only true and false. */
export function jobOptions(entry: JobEntry): JobsOptions {
  // inside a tenant's scope the gate makes the id of a cause; BullMQ itself would take a number of a counter
  const id = currentScope()?.tenant
    ? (entry.id ?? jobId(undefined, entry.queue, undefined))
    : jobId(tenantOf(entry), entry.queue, entry.id);
  if (/:|^\d+$/.test(id)) throw new Error(`job ${entry.name}: a cause may not hold ":" nor be a number alone`);
  return {
    jobId: id,
    attempts: entry.attempts,
    backoff: entry.backoff,
    removeOnComplete: !entry.keep,
    removeOnFail: false,
    ...(entry.delay > 0 && { delay: entry.delay }),
    ...(entry.priority > 0 && { priority: entry.priority }),
  };
}

interface FlowNode {
  name: string;
  queueName: string;
  data: object;
  opts: Omit<JobsOptions, 'parent'>;
  children: FlowNode[];
}

export function flowNode(entry: FlowEntry): FlowNode {
  return {
    name: entry.name,
    queueName: entry.queue,
    data: entry.data,
    opts: jobOptions(entry),
    children: entry.children.map(flowNode),
  };
}

const FIND = `SELECT id, name, queue, data ->> 'tenant' AS tenant, state::text, progress, return_value AS result, failed_reason AS "failedReason",
  to_timestamp(added_at_ms / 1000.0) AS "createdAt", to_timestamp(processed_at_ms / 1000.0) AS "startedAt", to_timestamp(finished_at_ms / 1000.0) AS "finishedAt"
  FROM job WHERE queue = ANY ($1) AND id = $2 LIMIT 1`;

interface FoundRow {
  id: string;
  name: string;
  queue: string;
  tenant: string | null;
  state: JobState;
  progress: unknown;
  result: unknown;
  failedReason: string | null;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
}

/** Logs what a queue's connection reports, the same text once a minute at most. */
export function queueErrorLog(): (error: Error) => void {
  const logger = new Logger('Queue');
  const last = new Map<string, number>();
  return ({ message }) => {
    if (Date.now() - (last.get(message) ?? 0) < 60_000) return;
    if (last.size > 100) last.clear();
    last.set(message, Date.now());
    logger.error(message);
  };
}

export function noCounts(): QueueCounts {
  return { waiting: 0, delayed: 0, active: 0, completed: 0, failed: 0, 'waiting-children': 0 };
}

/** Jobs in PostgreSQL. Its producers stand on the router, so that in a tenant's scope they join the transaction. */
export class PostgresQueue implements QueueBackend {
  readonly kind = 'postgres';
  private readonly queues: Map<QueueName, BullQueue>;
  private readonly flows: FlowProducer<PostgresQueueBackend, PostgresConnection>;
  private closed = false;

  constructor(
    private readonly pool: pg.Pool,
    private readonly tenants: TenantStatements,
    onError: (error: Error) => void,
  ) {
    const connection = new QueueRouter(pool, tenants) as unknown as PostgresConnection;
    this.queues = new Map(QUEUES.map((name) => [name, new Queue(name, { connection }, createPostgresBackend)]));
    this.flows = new FlowProducer({ connection }, createPostgresBackend);
    for (const queue of this.queues.values()) queue.on('error', onError);
    this.flows.on('error', onError);
  }

  async ready(): Promise<void> {
    await Promise.all([...this.queues.values(), this.flows].map((producer) => producer.waitUntilReady()));
  }

  queue(name: QueueName): BullQueue {
    return this.queues.get(name)!;
  }

  async add(entry: JobEntry): Promise<string> {
    this.assertOpen();
    const job = await this.queue(entry.queue).add(entry.name, entry.data, jobOptions(entry));
    return job.id!;
  }

  /** Not FlowProducer.addBulk: it answers a refused bulk like an accepted one. */
  async addBulk(entries: JobEntry[]): Promise<string[]> {
    this.assertOpen();
    const queues = [...new Set(entries.map((entry) => entry.queue))];
    const ids = new Map<JobEntry, string>();
    const addAll = async () => {
      for (const queue of queues) {
        const part = entries.filter((entry) => entry.queue === queue);
        const jobs = await this.queue(queue).addBulk(
          part.map((entry) => ({ name: entry.name, data: entry.data, opts: jobOptions(entry) })),
        );
        part.forEach((entry, i) => ids.set(entry, jobs[i]!.id!));
      }
    };
    await (currentScope()?.tenant && queues.length > 1 ? this.tenants.transaction(addAll) : addAll());
    return entries.map((entry) => ids.get(entry)!);
  }

  async addFlow(flow: FlowEntry): Promise<string> {
    this.assertOpen();
    const { job } = await this.flows.add(flowNode(flow));
    return job.id!;
  }

  async find(id: string): Promise<JobRecord | undefined> {
    const { rows } = await this.pool.query<FoundRow>(FIND, [QUEUES, id]);
    const row = rows[0];
    if (!row) return undefined;
    return {
      ...row,
      tenant: row.tenant ?? undefined,
      failedReason: row.failedReason ?? undefined,
      startedAt: row.startedAt ?? undefined,
      finishedAt: row.finishedAt ?? undefined,
    };
  }

  async counts(): Promise<Map<QueueName, QueueCounts>> {
    const counts = new Map(QUEUES.map((queue) => [queue, noCounts()]));
    const { rows } = await this.pool.query<{ queue: QueueName; state: JobState; n: number }>(
      'SELECT queue, state::text, count(*)::int AS n FROM job GROUP BY queue, state',
    );
    for (const { queue, state, n } of rows) {
      const of = counts.get(queue);
      if (of) of[state] = n;
    }
    return counts;
  }

  async clean(state: 'completed' | 'failed', age: number): Promise<number> {
    let removed = 0;
    for (const queue of this.queues.values()) {
      for (let part = 1000; part === 1000; removed += part) part = (await queue.clean(age, 1000, state)).length;
    }
    return removed;
  }

  async ping(): Promise<void> {
    await this.pool.query('SELECT FROM job LIMIT 1');
  }

  openWorker(queue: QueueName, work: Work, concurrency: number): Worker {
    const options = { connection: this.pool as unknown as PostgresConnection, concurrency, ...WORKER_TIMES };
    return new Worker(queue, work, options, createPostgresBackend) as unknown as Worker;
  }

  async schedule(schedules: PlatformSchedule[]): Promise<void> {
    for (const [name, queue] of this.queues)
      await applySchedules(
        queue,
        schedules.filter((schedule) => schedule.queue === name),
      );
  }

  /**
   * A closed producer never answers. A request whose client left may still be at work when the process stops: it has to fail, so that its
   * transaction ends and gives its connection back.
   */
  private assertOpen(): void {
    if (this.closed) throw new ProblemError('http.unavailable');
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.queues.values(), this.flows].map((producer) => producer.close()));
  }
}
