/**
 * The queues of the product. A tenant's transaction may name no other. `batches` is for work that keeps a core busy: a process works on
 * few of them at once, whatever else it does.
 */
export const QUEUES = ['alerts', 'forecasts', 'batches', 'imports', 'maintenance', 'events', 'mail'] as const;
export type QueueName = (typeof QUEUES)[number];

/**
 * Every job of the product by name: what it is given and what it answers. A room adds its own:
 *
 *     declare module '../../kernel/jobs/job-map.js' {
 *       interface JobMap { 'forecast.run': { data: { runId: string }; result: { series: number } } }
 *     }
 *
 * Names are `noun.verb`. Data travels as JSON: no Date, no bigint, no NUL character.
 */
export interface JobMap {
  /** removes finished jobs past their time: kept ones after a day, failed ones after two weeks */
  'jobs.sweep': { data: Record<string, never>; result: { removed: number } };
  /** enqueues the daily jobs of the tenants whose time of day has come */
  'schedules.tick': { data: Record<string, never>; result: { enqueued: number } };
}

export type JobName = Extract<keyof JobMap, string>;
export type JobData<N extends JobName> = JobMap[N] extends { data: infer D extends object } ? D : never;
export type JobResult<N extends JobName> = JobMap[N] extends { result: infer R } ? R : void;

/** Wait before the next attempt: `delay` ms, doubled each time when exponential. */
export interface Backoff {
  type: 'fixed' | 'exponential';
  delay: number;
}

export interface AddOptions {
  /**
   * A v4 or v7 uuid is kept. Any other text is a cause: the same cause of the same tenant and queue is one job as long as that job
   * exists, and its id is a v8 uuid made of the three.
   */
  id?: string;
  /** ms before the first attempt */
  delay?: number;
  /** attempts in all, 1 to 20; else the handler's, else 5 */
  attempts?: number;
  backoff?: Backoff;
  /** 1 is first; jobs without one come before all of them */
  priority?: number;
  /** keep the finished job for a day, so that `GET /v1/jobs/{id}` can show it */
  keep?: boolean;
  /** outside a tenant's scope only (platform code): whose job it is. Inside, the database writes the tenant. */
  tenant?: string;
}

/** One job of a bulk; the name decides the type of the data. */
export type JobRequest = { [N in JobName]: { name: N; data: JobData<N>; options?: AddOptions } }[JobName];

/** A job that waits for its children; it reads their results by `JobHandle.childResults()`. */
export type FlowRequest = JobRequest & { children?: FlowRequest[] };

export interface AddedJob {
  id: string;
}

/** What a handler holds of the job it works on. */
export interface JobHandle {
  readonly id: string;
  readonly name: string;
  /** 1 for the first attempt */
  readonly attempt: number;
  readonly attempts: number;
  /** aborted when the time is up or the process stops: finish the batch and throw `signal.reason`; the job is handed back */
  readonly signal: AbortSignal;
  /** a number of percent or a small object; shown by `GET /v1/jobs/{id}` */
  updateProgress(progress: number | object): Promise<void>;
  /** results of the flow's children, in no order */
  childResults<T = unknown>(): Promise<T[]>;
}

/** Thrown by a handler that knows another attempt cannot help: the job fails at once. */
export class UnrecoverableJobError extends Error {
  override readonly name = 'UnrecoverableJobError';
}
