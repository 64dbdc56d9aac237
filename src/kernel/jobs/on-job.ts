import type { Backoff, JobData, JobHandle, JobName, JobResult, QueueName } from './job-map.js';

export interface OnJobOptions {
  queue: QueueName;
  /** jobs of the queue that one process works on at once; the largest wish among the queue's handlers counts, default WORKER_CONCURRENCY */
  concurrency?: number;
  /** ms that one attempt may take, default 5 minutes; then its signal aborts and the attempt fails */
  timeout?: number;
  /** attempts when the caller names none, default 5 */
  attempts?: number;
  /** default exponential from 500 ms */
  backoff?: Backoff;
  /** `true`: a job of the platform; no tenant may enqueue it and none is in scope. Default `false`: needs a tenant. */
  platform?: boolean;
}

export type ScheduleTiming =
  { every: number; cron?: undefined; tz?: undefined } | { every?: undefined; cron: string; tz?: string };

export interface DeclaredHandler {
  name: string;
  method: string;
  /** class name, for messages */
  owner: string;
  prototype: object;
  options: OnJobOptions;
  schedule?: ScheduleTiming;
  daily?: DailyTiming;
}

/** A time of each tenant's day. */
export interface DailyTiming {
  /** HH:mm */
  at: string;
  /** the tenant's setting that holds another time, HH:mm */
  setting?: string;
}

type Handler<N extends JobName> = (data: JobData<N>, job: JobHandle) => Promise<JobResult<N>>;

/** Every decorated method, noted when its class is defined; the registry compares it with what the application provides. */
const declared = new Map<object, DeclaredHandler[]>();
const schedules = new Map<object, { method: string; timing: ScheduleTiming | { daily: DailyTiming } }[]>();

export function declaredHandlers(): DeclaredHandler[] {
  return [...declared.values()].flat().map((handler) => {
    const timing = schedules.get(handler.prototype)?.find((entry) => entry.method === handler.method)?.timing;
    if (!timing) return handler;
    return 'daily' in timing ? { ...handler, daily: timing.daily } : { ...handler, schedule: timing };
  });
}

export function handlersOf(prototype: object | null): DeclaredHandler[] {
  return declaredHandlers().filter((handler) => handler.prototype === prototype);
}

export function scheduledWithoutJob(): string[] {
  return [...schedules].flatMap(([prototype, entries]) =>
    entries
      .filter((entry) => !declared.get(prototype)?.some((handler) => handler.method === entry.method))
      .map((entry) => `${prototype.constructor.name}.${entry.method}`),
  );
}

/**
 * Marks the one method that works on jobs of `name`. It runs at least once for each job (again after a crash), so it is idempotent;
 * inside the tenant's scope unless `platform`. The start fails when a declared job has no provider or two.
 */
export function OnJob<N extends JobName>(name: N, options: OnJobOptions) {
  return <M extends Handler<N>>(target: object, method: string, _descriptor: TypedPropertyDescriptor<M>): void => {
    const list = declared.get(target) ?? [];
    list.push({ name, method, owner: target.constructor.name, prototype: target, options });
    declared.set(target, list);
  };
}

/**
 * Beside `@OnJob` of a platform job without data: one scheduler for the whole platform enqueues it, whatever the number of processes.
 * @param timing `every` ms, or a cron pattern of 5 or 6 fields in `tz` (default UTC)
 */
export function Scheduled(timing: ScheduleTiming) {
  return (target: object, method: string): void => note(target, method, timing);
}

/**
 * Beside `@OnJob` of a tenant's job whose data is `{ day: string }` (YYYY-MM-DD): every active tenant gets one each day at that time
 * of its own time zone, within five minutes. After hours without a worker the newest missed day is made up for.
 * @param at HH:mm
 * @param setting name of the tenant's setting that holds another time; a change counts from the next tick on, so that the day of the
 *   change may see two jobs or none
 */
export function DailyForEachTenant(at: string, setting?: string) {
  return <M extends (data: { day: string }, job: JobHandle) => Promise<unknown>>(
    target: object,
    method: string,
    _descriptor: TypedPropertyDescriptor<M>,
  ): void => note(target, method, { daily: { at, ...(setting !== undefined && { setting }) } });
}

function note(target: object, method: string, timing: ScheduleTiming | { daily: DailyTiming }): void {
  const list = schedules.get(target) ?? [];
  list.push({ method, timing });
  schedules.set(target, list);
}
