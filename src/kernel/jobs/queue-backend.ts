import type { Backoff, QueueName } from './job-map.js';

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

export type QueueCounts = Record<JobState, number>;

/** What the two queues have in common. Inside a tenant's scope the three adds join its transaction; the rest is for platform code. */
export interface QueueBackend {
  readonly kind: 'postgres' | 'redis';
  add(entry: JobEntry): Promise<string>;
  addBulk(entries: JobEntry[]): Promise<string[]>;
  addFlow(flow: FlowEntry): Promise<string>;
  /** the job of that id in any queue */
  find(id: string): Promise<JobRecord | undefined>;
  counts(): Promise<Map<QueueName, QueueCounts>>;
  /** removes finished jobs older than `age` ms; the number removed */
  clean(state: 'completed' | 'failed', age: number): Promise<number>;
}
