import { Global, Injectable, Module, type INestApplicationContext } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { randomUUID } from 'node:crypto';
import { ConfigModule } from '../../../src/kernel/config/config.module.js';
import { readConfig } from '../../../src/kernel/config/config.js';
import { DatabaseModule } from '../../../src/kernel/database/database.module.js';
import { Events } from '../../../src/kernel/events/events.js';
import type { EventPayload } from '../../../src/kernel/events/event-map.js';
import { EventsModule } from '../../../src/kernel/events/events.module.js';
import { OnEvent } from '../../../src/kernel/events/on-event.js';
import { DailySchedules } from '../../../src/kernel/jobs/daily-schedules.js';
import type { JobData } from '../../../src/kernel/jobs/job-map.js';
import { JobQueue } from '../../../src/kernel/jobs/job-queue.js';
import { JobWorkers } from '../../../src/kernel/jobs/job-workers.js';
import { JobsController } from '../../../src/kernel/jobs/jobs.controller.js';
import { JobsModule } from '../../../src/kernel/jobs/jobs.module.js';
import { DailyForEachTenant, OnJob } from '../../../src/kernel/jobs/on-job.js';
import { QUEUE_BACKEND, type QueueBackend } from '../../../src/kernel/jobs/queue-backend.js';
import { TENANT_DIRECTORY } from '../../../src/kernel/jobs/tenant-directory.js';
import { HealthRegistry } from '../../../src/kernel/telemetry/health.registry.js';
import { Metrics } from '../../../src/kernel/telemetry/metrics.js';
import { TelemetryModule } from '../../../src/kernel/telemetry/telemetry.module.js';
import { until } from './job-lab.js';
import { openQueueLab, type QueueLab } from './queue-lab.js';

declare module '../../../src/kernel/events/event-map.js' {
  interface EventMap {
    'spec.wired': { n: number };
  }
}
declare module '../../../src/kernel/jobs/job-map.js' {
  interface JobMap {
    'spec.wiring': { data: { n: number }; result: { n: number } };
    'spec.daily': { data: { day: string } };
  }
}

@Injectable()
class Wired {
  static readonly heard: number[] = [];

  @OnEvent('spec.wired')
  hear({ n }: EventPayload<'spec.wired'>): Promise<void> {
    Wired.heard.push(n);
    return Promise.resolve();
  }

  @OnJob('spec.wiring', { queue: 'forecasts' })
  wiring({ n }: JobData<'spec.wiring'>): Promise<{ n: number }> {
    return Promise.resolve({ n });
  }

  @OnJob('spec.daily', { queue: 'forecasts' })
  @DailyForEachTenant('02:30', 'specTime')
  async daily(): Promise<void> {}
}

const lab: { current?: QueueLab } = {};

@Global()
@Module({
  providers: [Wired, { provide: TENANT_DIRECTORY, useFactory: () => lab.current!.directory }],
  exports: [TENANT_DIRECTORY],
})
class RoomModule {}

describe('JobsModule and EventsModule', () => {
  let app: INestApplicationContext;
  let db: QueueLab;

  beforeAll(async () => {
    db = lab.current = await openQueueLab('module');
    const { topology } = db;
    const module = await Test.createTestingModule({
      imports: [
        ConfigModule.of(readConfig({ NODE_ENV: 'test', SHUTDOWN_TIMEOUT: '2' })),
        TelemetryModule,
        DatabaseModule.register({ topology, poolSize: 4 }),
        JobsModule.register({ workers: true }),
        EventsModule,
        RoomModule,
      ],
    }).compile();
    app = await module.init();
  }, 60_000);
  afterAll(async () => {
    await app.close();
    await db.close();
  }, 60_000);

  it('should tell the gate which jobs tenants may enqueue, and no platform job', async () => {
    const { rows } = await db.root.query<{ name: string }>(
      "SELECT name FROM shared.job_names WHERE name LIKE 'spec.%' OR name LIKE 'jobs.%'",
    );
    expect(rows.map((row) => row.name).toSorted()).toEqual(['spec.daily', 'spec.wiring']);
  });

  it('should enqueue each daily job once a local day, also after hours without a worker', async () => {
    const daily = app.get(DailySchedules);
    const jobs = async () =>
      (await db.root.query("SELECT data ->> 'day' AS day, data ->> 'tenant' AS tenant FROM bullmq.job WHERE name = 'spec.daily'"))
        .rows;
    const at = (iso: string) => daily.upTo(Date.parse(iso));
    // 02:30 in Caracas is 06:30 UTC
    expect(await at('2026-05-01T06:00:00Z')).toEqual({ enqueued: 0 });
    expect(await at('2026-05-01T06:31:00Z')).toEqual({ enqueued: 2 });
    expect(await at('2026-05-01T06:36:00Z')).toEqual({ enqueued: 0 });
    const days = (day: string) => [db.a, db.b].map(({ id }) => ({ day, tenant: id }));
    expect(await jobs()).toEqual(expect.arrayContaining(days('2026-05-01')));
    // a tick that died before its row moved on is repeated: the same jobs
    await db.root.query("UPDATE shared.schedule_ticks SET ticked_at = '2026-05-01T06:00:00Z' WHERE name = 'spec.daily'");
    await at('2026-05-01T06:37:00Z');
    expect(await jobs()).toHaveLength(2);
    expect(await at('2026-05-02T09:00:00Z')).toEqual({ enqueued: 2 });
    expect(await jobs()).toEqual(expect.arrayContaining(days('2026-05-02')));
    await db.root.query('TRUNCATE bullmq.job CASCADE');
  });

  it('should enqueue a daily job at the time that the tenant has set', async () => {
    const { a } = db;
    const own = (time: unknown) => Object.assign(a.settings, { specTime: time });
    const tenants = async () =>
      (await db.root.query("DELETE FROM bullmq.job WHERE name = 'spec.daily' RETURNING data ->> 'tenant' AS tenant")).rows.map(
        (row: { tenant: string }) => row.tenant,
      );
    const at = (iso: string) => app.get(DailySchedules).upTo(Date.parse(iso));
    own('05:00');
    await at('2026-05-03T06:31:00Z');
    expect(await tenants()).toEqual([db.b.id]);
    await at('2026-05-03T09:01:00Z');
    expect(await tenants()).toEqual([a.id]);
    own('whenever');
    await at('2026-05-04T06:31:00Z');
    expect((await tenants()).toSorted()).toEqual([a.id, db.b.id].toSorted());
    own(undefined);
  });

  it('should work, schedule, hear events, and show a job to its tenant alone', async () => {
    await app.get(JobWorkers).start();
    const { rows } = await db.root.query<{ id: string }>('SELECT scheduler_id AS id FROM bullmq.scheduler ORDER BY 1');
    expect(rows.map((row) => row.id)).toEqual(['jobs.sweep', 'schedules.tick', 'timeseries.maintain']);
    const { id } = await db.as(db.a, () => app.get(JobQueue).add('spec.wiring', { n: 7 }, { keep: true }));
    await db.as(db.a, () => app.get(Events).emit('spec.wired', { n: 8 }));
    await until(() => Wired.heard.includes(8));
    await until(async () => (await app.get<QueueBackend>(QUEUE_BACKEND).find(id))?.state === 'completed');
    const show = (job: string) => app.get(JobsController).getJob(job);
    expect(await db.as(db.a, () => show(id))).toMatchObject({ id, state: 'completed', result: { n: 7 }, error: null });
    const foreign = await db.as(db.b, () => show(id)).catch((error: unknown) => error);
    const unknown = await db.as(db.b, () => show(randomUUID())).catch((error: unknown) => error);
    expect(foreign).toMatchObject({ code: 'http.not_found', status: 404 });
    expect(foreign).toEqual(unknown);
  });

  it('should report its health and its figures', async () => {
    expect((await app.get(HealthRegistry).look()).checks).toMatchObject({ queue: 'ok' });
    const text = await app.get(Metrics).text();
    expect(text).toMatch(/fluxion_jobs_total\{name="spec.wiring",outcome="completed"\} 1/);
    expect(text).toMatch(/fluxion_jobs_waiting\{queue="forecasts"\} 0/);
  });
});
