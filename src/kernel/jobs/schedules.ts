import type { JobsOptions } from 'bullmq';
import type { PlatformSchedule } from './queue-backend.js';

interface KnownSchedule {
  key: string;
  name: string;
  every?: number;
  pattern?: string;
  tz?: string;
  next?: number;
}

/** What of a BullMQ Queue the schedules need. */
export interface ScheduleQueue {
  getJobSchedulers(start?: number, end?: number): Promise<KnownSchedule[]>;
  upsertJobScheduler(
    id: string,
    repeat: { every?: number; pattern?: string; tz?: string },
    template: { name: string; data: object; opts: Omit<JobsOptions, 'jobId' | 'repeat' | 'delay' | 'deduplication'> },
  ): Promise<unknown>;
  removeJobScheduler(id: string): Promise<boolean>;
}

const MINUTE = 60_000;

/** True when the scheduler is there as wished and alive: writing it again would only move its next run. */
export function isCurrent(known: KnownSchedule | undefined, { timing }: PlatformSchedule, now: number): boolean {
  if (!known || (known.next ?? 0) < now - 10 * MINUTE) return false;
  if (timing.every !== undefined) return known.every === timing.every && !known.pattern;
  return known.pattern === timing.cron && (known.tz ?? 'UTC') === (timing.tz ?? 'UTC');
}

/** Makes exactly these schedulers of one queue exist. Several processes may do it at once. */
export async function applySchedules(
  queue: ScheduleQueue,
  schedules: PlatformSchedule[],
  now: number = Date.now(),
): Promise<void> {
  const known = new Map((await queue.getJobSchedulers(0, -1)).map((scheduler) => [scheduler.key, scheduler]));
  for (const schedule of schedules) {
    if (isCurrent(known.get(schedule.name), schedule, now)) continue;
    const { name, timing, attempts, backoff } = schedule;
    const repeat = timing.every === undefined ? { pattern: timing.cron, tz: timing.tz ?? 'UTC' } : { every: timing.every };
    try {
      await queue.upsertJobScheduler(name, repeat, { name, data: {}, opts: { attempts, backoff, removeOnComplete: true } });
    } catch (error) {
      // another process wrote the same scheduler at the same moment: its first run is there (measured with 20 at once)
      if (!(error instanceof Error && /already exists/i.test(error.message))) throw error;
    }
  }
  const wished = new Set(schedules.map((schedule) => schedule.name));
  for (const key of known.keys()) if (!wished.has(key)) await queue.removeJobScheduler(key);
}
