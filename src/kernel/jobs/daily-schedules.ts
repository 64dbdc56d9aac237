import { Inject, Injectable, Logger } from '@nestjs/common';
import type pg from 'pg';
import { dueDates, isTimeOfDay } from './daily-times.js';
import type { JobRequest } from './job-map.js';
import { JobQueue } from './job-queue.js';
import { JobRegistry } from './job-registry.js';
import { OnJob, Scheduled, type DailyTiming } from './on-job.js';
import { QUEUE_POOL } from './queue-lane.js';
import { TENANT_DIRECTORY, type TenantDirectory } from './tenant-directory.js';

const MINUTE = 60_000;
/** a longer gap without a worker than this is not made up for */
const LOOK_BACK = 36 * 60 * MINUTE;
const BULK = 500;

const STARTED = `INSERT INTO shared.schedule_ticks (name, ticked_at) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING ticked_at`;
const DONE = 'UPDATE shared.schedule_ticks SET ticked_at = $2 WHERE name = $1 AND ticked_at < $2';

/**
 * Daily jobs at each tenant's own time of day, with one scheduler for all tenants. The row of a schedule moves on after its jobs are
 * enqueued, and a job's id is made of tenant, schedule and day: a tick that died half-way is repeated without a second job.
 */
@Injectable()
export class DailySchedules {
  private readonly logger = new Logger('Schedules');

  constructor(
    @Inject(QUEUE_POOL) private readonly pool: pg.Pool,
    @Inject(TENANT_DIRECTORY) private readonly tenants: TenantDirectory,
    private readonly registry: JobRegistry,
    private readonly queue: JobQueue,
  ) {}

  @Scheduled({ every: 5 * MINUTE })
  @OnJob('schedules.tick', { queue: 'maintenance', platform: true, attempts: 3 })
  tick(): Promise<{ enqueued: number }> {
    return this.upTo(Date.now());
  }

  /** Works every daily schedule off up to an instant. */
  async upTo(now: number): Promise<{ enqueued: number }> {
    let enqueued = 0;
    for (const { name, daily } of this.registry.all()) {
      if (daily === undefined) continue;
      const { rows } = await this.pool.query<{ ticked_at: Date }>(STARTED, [name, new Date(now)]);
      const from = Math.max(rows[0]!.ticked_at.getTime(), now - LOOK_BACK);
      if (from < now) enqueued += await this.enqueueDue(name, daily, from, now);
      await this.pool.query(DONE, [name, new Date(now)]);
    }
    return { enqueued };
  }

  private async enqueueDue(name: string, { at, setting }: DailyTiming, from: number, to: number): Promise<number> {
    let enqueued = 0;
    let due: JobRequest[] = [];
    const flush = async () => {
      enqueued += (await this.queue.addBulk(due)).length;
      due = [];
    };
    for await (const tenant of this.tenants.active()) {
      const own = setting === undefined ? undefined : tenant.settings[setting];
      const day = this.newestDate(tenant, typeof own === 'string' && isTimeOfDay(own) ? own : at, from, to);
      if (day === undefined) continue;
      due.push({ name, data: { day }, options: { tenant: tenant.id, id: `${name}/${day}` } } as unknown as JobRequest);
      if (due.length === BULK) await flush();
    }
    await flush();
    return enqueued;
  }

  private newestDate(
    tenant: { slug: string; settings: { timezone: string } },
    at: string,
    from: number,
    to: number,
  ): string | undefined {
    try {
      return dueDates(tenant.settings.timezone, at, from, to).toSorted().at(-1);
    } catch (error) {
      this.logger.error(`tenant ${tenant.slug}: ${String(error)}; its daily jobs run by UTC`);
      return dueDates('UTC', at, from, to).toSorted().at(-1);
    }
  }
}
