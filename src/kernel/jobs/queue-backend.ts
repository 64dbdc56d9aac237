import type { Job, Worker } from 'bullmq';
import type { Backoff, QueueName } from './job-map.js';
import type { ScheduleTiming } from './on-job.js';

/** Injection token of the QueueBackend. */
export const QUEUE_BACKEND = Symbol('QUEUE_BACKEND');

/** A job as the backends take it: everything decided. */
export interface JobEntry {
  queue: QueueName;
  name: string;
  /** as the caller gave it; a tenant's cause becomes an id in the database */
  id: string | undefined;
  data: object;
  delay: number;
  attempts: number;
  backoff: Backoff;
  priority: number;
  keep: boolean;
}

export interface FlowEntry extends JobEntry {
  children: FlowEntry[];
}

export type JobState = 'waiting' | 'delayed' | 'active' | 'completed' | 'failed' | 'waiting-children';

export interface JobRecord {
  id: string;
  name: string;
  queue: string;
  tenant: string | undefined;
  state: JobState;
  progress: unknown;
  result: unknown;
  failedReason: string | undefined;
  createdAt: Date;
  startedAt: Date | undefined;
  finishedAt: Date | undefined;
}

/** A platform job without data that is enqueued by the clock, once for the whole platform. */
export interface PlatformSchedule {
  queue: QueueName;
  name: string;
  timing: ScheduleTiming;
  attempts: number;
  backoff: Backoff;
}

export type QueueCounts = Record<JobState, number>;

export type Work = (job: Job, token: string | undefined, signal: AbortSignal | undefined) => Promise<unknown>;

/**
 * A job of a killed process is taken up again once its lock has expired and two passes have seen it: 10 s at worst by these times,
 * which leaves a busy machine some of the 15 s within which an alert has to stand.
 */
export const WORKER_TIMES = { lockDuration: 5000, stalledInterval: 2500, maxStalledCount: 20, drainDelay: 15 } as const;

/** What the two queues have in common. Inside a tenant's scope the three adds join its transaction; the rest is for platform code. */
export interface QueueBackend {
  readonly kind: 'postgres' | 'redis';
  /** @throws when a producer has no connection to PostgreSQL, and so never will have one */
  ready(): Promise<void>;
  add(entry: JobEntry): Promise<string>;
  addBulk(entries: JobEntry[]): Promise<string[]>;
  addFlow(flow: FlowEntry): Promise<string>;
  /** the job of that id in any queue */
  find(id: string): Promise<JobRecord | undefined>;
  counts(): Promise<Map<QueueName, QueueCounts>>;
  /** removes finished jobs older than `age` ms; the number removed */
  clean(state: 'completed' | 'failed', age: number): Promise<number>;
  /** starts to work on a queue; the caller closes the worker */
  openWorker(queue: QueueName, work: Work, concurrency: number): Worker;
  /** makes exactly these schedulers exist, platform-wide; a repetition changes nothing */
  schedule(schedules: PlatformSchedule[]): Promise<void>;
  /** @throws when the queue cannot be reached */
  ping(): Promise<void>;
  close(): Promise<void>;
}
