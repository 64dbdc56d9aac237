import { FlowProducer, Job, Queue, Worker, type JobsOptions } from 'bullmq';
import type { Redis } from 'ioredis';
import type pg from 'pg';
import { currentScope } from '../database/tenant-context.js';
import { ProblemError } from '../errors/problem-error.js';
import { QUEUES, type QueueName } from './job-map.js';
import { jobOptions, flowNode, noCounts, tenantOf, type PostgresQueue } from './postgres-queue.js';
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
import { applySchedules } from './schedules.js';

/** An entry as the gate leaves it in the outbox; the root of a flow comes first, its children name it. */
export interface OutboxEntry {
  queue: QueueName;
  id: string;
  name: string;
  data: object;
  opts: JobsOptions;
  priority: number;
  delay: number;
  attempts: number;
  timestamp: number;
  parentQueue?: string;
  parentId?: string;
}

/** Redis is away: nothing is wrong with the rows. */
export class QueueUnavailableError extends ProblemError {
  override readonly name = 'QueueUnavailableError';

  constructor(why: string = 'no connection to Redis') {
    super('http.unavailable');
    this.message = why; // for the log: a client gets the problem's own words
  }
}

/** ms; a command waits as long as Redis is away, which is right for workers, but no request, no locked row and no stop may wait for that */
const ANSWER_MS = 5_000;

/** @throws QueueUnavailableError when Redis is silent. It may still do what it was told: repeated under the same ids, that adds nothing. */
async function answered<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new QueueUnavailableError('no answer from Redis')), ANSWER_MS);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

type FlowNode = ReturnType<typeof flowNode>;

function optionsOf(entry: OutboxEntry): JobsOptions {
  const { opts, id, attempts, delay, priority, timestamp } = entry;
  return { ...opts, jobId: id, attempts, timestamp, ...(delay > 0 && { delay }), ...(priority > 0 && { priority }) };
}

/** The tree of a flat flow. */
export function flowTree(entries: OutboxEntry[]): FlowNode {
  const nodes = new Map<string, FlowNode>();
  let root: FlowNode | undefined;
  for (const entry of entries) {
    const node: FlowNode = { name: entry.name, queueName: entry.queue, data: entry.data, opts: optionsOf(entry), children: [] };
    nodes.set(`${entry.queue}:${entry.id}`, node);
    if (entry.parentId) nodes.get(`${entry.parentQueue}:${entry.parentId}`)?.children.push(node);
    else root ??= node;
  }
  if (!root) throw new Error('a flow without a root');
  return root;
}

const UNRELAYED = `SELECT type AS name, payload ->> 'queue' AS queue, tenant_id::text AS tenant FROM shared.outbox WHERE id::text = $1 AND kind = 'job'`;

/**
 * Jobs in Redis. What a tenant's transaction enqueues goes through the gate into shared.outbox, commits with its cause and is moved
 * here by the relay; platform code adds at once.
 */
export class RedisQueue implements QueueBackend {
  readonly kind = 'redis';
  private readonly queues: Map<QueueName, Queue>;
  private readonly flows: FlowProducer;

  /**
   * @param prefix of every key; in braces, so that a Redis Cluster keeps a queue on one node
   * @param tenantSide the producers on the gate
   */
  constructor(
    private readonly redis: Redis,
    private readonly prefix: string,
    private readonly tenantSide: PostgresQueue,
    private readonly pool: pg.Pool,
    private readonly onError: (error: Error) => void,
  ) {
    const options = { connection: redis, prefix };
    this.queues = new Map(QUEUES.map((name) => [name, new Queue(name, options)]));
    this.flows = new FlowProducer(options);
    for (const queue of this.queues.values()) queue.on('error', onError);
    this.flows.on('error', onError);
  }

  /** Redis itself may come later. */
  ready(): Promise<void> {
    return this.tenantSide.ready();
  }

  async add(entry: JobEntry): Promise<string> {
    if (currentScope()?.tenant) return this.tenantSide.add(entry);
    const job = await answered(this.queues.get(entry.queue)!.add(entry.name, entry.data, jobOptions(entry)));
    return job.id!;
  }

  async addBulk(entries: JobEntry[]): Promise<string[]> {
    if (currentScope()?.tenant) return this.tenantSide.addBulk(entries);
    const ids: string[] = [];
    for (const entry of entries) ids.push(await this.add(entry));
    return ids;
  }

  async addFlow(flow: FlowEntry): Promise<string> {
    if (currentScope()?.tenant) return this.tenantSide.addFlow(flow);
    const { job } = await answered(this.flows.add(flowNode(flow)));
    return job.id!;
  }

  /** Takes over what a commit left in the outbox. A repetition adds nothing: the ids are the same. */
  async takeOver(jobs: OutboxEntry[], flows: OutboxEntry[][]): Promise<void> {
    if (this.redis.status !== 'ready') throw new QueueUnavailableError();
    const trees = flows.map(flowTree); // a broken one is refused before anything is added
    for (const [name, queue] of this.queues) {
      const part = jobs.filter((entry) => entry.queue === name);
      if (part.length > 0)
        await answered(queue.addBulk(part.map((entry) => ({ name: entry.name, data: entry.data, opts: optionsOf(entry) }))));
    }
    for (const tree of trees) await answered(this.flows.add(tree));
  }

  async find(id: string): Promise<JobRecord | undefined> {
    // the relay may hand the job over between the two looks: then it is in Redis by now
    return (await this.findRelayed(id)) ?? (await this.findUnrelayed(id)) ?? (await this.findRelayed(id));
  }

  private async findRelayed(id: string): Promise<JobRecord | undefined> {
    const found = await answered(Promise.all([...this.queues.values()].map((queue) => Job.fromId(queue, id))));
    const job = found.find((candidate) => candidate !== undefined);
    return job && recordOf(job, await answered(job.getState()));
  }

  private async findUnrelayed(id: string): Promise<JobRecord | undefined> {
    const { rows } = await this.pool.query<{ name: string; queue: string; tenant: string }>(UNRELAYED, [id]);
    const row = rows[0];
    const none = { progress: 0, result: null, failedReason: undefined, startedAt: undefined, finishedAt: undefined };
    return row && { ...row, ...none, id, state: 'waiting', createdAt: new Date() };
  }

  async counts(): Promise<Map<QueueName, QueueCounts>> {
    const all = await Promise.all(
      [...this.queues].map(async ([name, queue]): Promise<[QueueName, QueueCounts]> => {
        const counts = await answered(queue.getJobCounts());
        const waiting = (counts.waiting ?? 0) + (counts.prioritized ?? 0) + (counts.paused ?? 0);
        return [name, { ...noCounts(), ...counts, waiting }];
      }),
    );
    return new Map(all);
  }

  async clean(state: 'completed' | 'failed', age: number): Promise<number> {
    let removed = 0;
    for (const queue of this.queues.values()) {
      for (let part = 1000; part === 1000; removed += part) part = (await answered(queue.clean(age, 1000, state))).length;
    }
    return removed;
  }

  async ping(): Promise<void> {
    if (this.redis.status !== 'ready') throw new QueueUnavailableError();
    await answered(this.redis.ping());
  }

  openWorker(queue: QueueName, work: Work, concurrency: number): Worker {
    return new Worker(queue, work, { connection: this.redis, prefix: this.prefix, concurrency, ...WORKER_TIMES });
  }

  async schedule(schedules: PlatformSchedule[]): Promise<void> {
    for (const [name, queue] of this.queues)
      await applySchedules(
        queue,
        schedules.filter((schedule) => schedule.queue === name),
      );
  }

  async close(): Promise<void> {
    await answered(Promise.all([...this.queues.values(), this.flows].map((producer) => producer.close()))).catch(this.onError);
    await this.tenantSide.close();
    await answered(this.redis.quit()).catch(this.onError);
    this.redis.disconnect(); // one that did not answer would be tried again for ever
  }
}

const STATES: Record<string, JobState> = { waiting: 'waiting', prioritized: 'waiting', delayed: 'delayed', active: 'active' };

const date = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms));

function recordOf(job: Job, state: string): JobRecord {
  return {
    id: job.id!,
    name: job.name,
    queue: job.queueName,
    tenant: tenantOf({ data: Object(job.data) }),
    state: STATES[state] ?? (state as JobState),
    progress: job.progress,
    result: job.returnvalue ?? null,
    failedReason: job.failedReason,
    createdAt: new Date(job.timestamp),
    startedAt: date(job.processedOn),
    finishedAt: date(job.finishedOn),
  };
}
