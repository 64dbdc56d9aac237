import type { DiscoveryService } from '@nestjs/core';
import type pg from 'pg';
import { AfterRun } from '../../../src/forecasting/runs/after-run.js';
import { BatchRunner } from '../../../src/forecasting/runs/batch-runner.js';
import { BatchesRepository } from '../../../src/forecasting/runs/batches.repository.js';
import { ChangedSeriesRepository } from '../../../src/forecasting/runs/changed-series.repository.js';
import { ForecastThreads } from '../../../src/forecasting/runs/forecast-threads.js';
import { ForecastJobs } from '../../../src/forecasting/runs/forecast.job.js';
import { InForceRepository } from '../../../src/forecasting/runs/in-force.repository.js';
import { KnowledgeRepository } from '../../../src/forecasting/runs/knowledge.repository.js';
import { NightlyRuns } from '../../../src/forecasting/runs/nightly-runs.js';
import { RunFinisher } from '../../../src/forecasting/runs/run-finisher.js';
import { RunFlow } from '../../../src/forecasting/runs/run-flow.js';
import { RunJobs } from '../../../src/forecasting/runs/run-jobs.js';
import { RunLearner } from '../../../src/forecasting/runs/run-learner.js';
import { RunPlanner } from '../../../src/forecasting/runs/run-planner.js';
import { PlanSources } from '../../../src/forecasting/runs/plan-sources.js';
import { toldState } from '../../../src/forecasting/runs/run-states.js';
import { RunsRepository } from '../../../src/forecasting/runs/runs.repository.js';
import { RunsService } from '../../../src/forecasting/runs/runs.service.js';
import { SeriesForecaster } from '../../../src/forecasting/runs/series-forecaster.js';
import { SeriesRepository } from '../../../src/forecasting/runs/series.repository.js';
import { RegistryDatabase } from '../../../src/kernel/database/registry-database.js';
import type { TenantRef } from '../../../src/kernel/database/tenant-context.js';
import type { JobHandle } from '../../../src/kernel/jobs/job-map.js';
import { JobNames } from '../../../src/kernel/jobs/job-names.js';
import { JobQueue } from '../../../src/kernel/jobs/job-queue.js';
import { JobRegistry } from '../../../src/kernel/jobs/job-registry.js';
import { PostgresQueue } from '../../../src/kernel/jobs/postgres-queue.js';
import { openQueuePool } from '../../../src/kernel/jobs/queue-lane.js';
import { addDays, localDateOf } from '../../../src/kernel/time/zone.js';
import { openMediumDatabase, type MediumDatabase } from '../../support/medium-database.js';
import { AlertLab, cursors } from './alert-lab.js';
import { ReplenishmentServices } from './replenishment-services.js';

export interface ForecastRow {
  product_id: string;
  store_id: string;
  date: string;
  horizon: number;
  mean: number;
  quantiles: number[];
}

/** A job of a run as it stands in the queue. */
export interface RunJob {
  id: string;
  name: 'forecast.run' | 'forecast.learn' | 'forecast.batch' | 'forecast.finalise';
  data: { runId: string; number: number };
  priority: number;
}

/** The forecast runs' services over a shop with sales; a test works on the jobs itself. */
export class RunLab extends AlertLab {
  readonly threads = new ForecastThreads();
  readonly runs: RunsRepository;
  readonly series: SeriesRepository;
  readonly batches: BatchesRepository;
  readonly knowledge: KnowledgeRepository;
  readonly changes: ChangedSeriesRepository;
  readonly runsService: RunsService;
  readonly runJobs: RunJobs;
  readonly nightly: NightlyRuns;
  readonly after: AfterRun;
  readonly forecastJobs: ForecastJobs;
  readonly replenishment: ReplenishmentServices;
  private readonly pool: pg.Pool;
  private readonly backend: PostgresQueue;
  private readonly registry = new JobRegistry({ getProviders: () => [] } as unknown as DiscoveryService);

  constructor(db: MediumDatabase) {
    super(db);
    this.pool = openQueuePool(db.topology, false);
    this.backend = new PostgresQueue(this.pool, db.unit, () => undefined);
    this.runs = new RunsRepository(db.unit);
    this.series = new SeriesRepository(db.unit);
    const queue = new JobQueue(this.backend, this.registry);
    this.batches = new BatchesRepository(db.unit);
    this.knowledge = new KnowledgeRepository(db.unit);
    this.changes = new ChangedSeriesRepository(db.unit);
    this.runJobs = new RunJobs(queue, this.batches);
    this.replenishment = new ReplenishmentServices(db.unit, queue);
    this.runsService = new RunsService(db.unit, this.runs, this.series, this.runJobs, cursors);
    this.after = new AfterRun(this.service, this.replenishment.suggestions, this.reviews);
    this.nightly = new NightlyRuns(this.runsService, this.runs, this.changes, this.knowledge, this.runJobs, this.after);
    this.forecastJobs = this.makeJobs();
  }

  static override async open(name: string): Promise<RunLab> {
    const lab = new RunLab(await openMediumDatabase(name));
    lab.registry.register([lab.forecastJobs, lab.replenishment.jobs]);
    const database = new RegistryDatabase(lab.db.topology, 1);
    await new JobNames(lab.registry, database, lab.backend).publish();
    await database.end();
    lab.store = await lab.newStore();
    return lab;
  }

  /** What a process that works on runs consists of. */
  private makeJobs(): ForecastJobs {
    const { unit } = this.db;
    const flow = new RunFlow(this.runs, this.runJobs, this.directory);
    const forecaster = new SeriesForecaster(this.series, this.threads, this.knowledge);
    const sources = new PlanSources(this.series, this.changes, this.knowledge);
    return new ForecastJobs(
      new RunPlanner(unit, this.runs, this.batches, sources, this.runJobs),
      new RunLearner(unit, this.runs, this.batches, this.knowledge, forecaster, flow),
      new BatchRunner(unit, this.batches, forecaster, this.series, flow),
      new RunFinisher(unit, this.runs, this.batches, new InForceRepository(unit), this.after),
      this.nightly,
      this.directory,
    );
  }

  async close(): Promise<void> {
    await this.threads.close();
    await this.backend.close();
    await this.pool.end();
    await this.db.close();
  }

  get today(): string {
    return localDateOf(new Date(), this.db.acme.settings.timezone);
  }

  /** Daily sales of a product in a store for `days` days up to yesterday; 0 is a day without a sale. */
  async sell(product: string, days: number, quantity: (daysAgo: number) => number, store: string = this.store): Promise<void> {
    const rows = Array.from({ length: days }, (_, i) => days - i)
      .map((ago) => ({ date: addDays(this.today, -ago), quantity: quantity(ago) }))
      .filter((row) => row.quantity !== 0);
    await this.query(
      `WITH days AS (SELECT ext.uuid_v7() AS id, d, q FROM unnest($3::date[], $4::numeric[]) AS x (d, q)),
            made AS (INSERT INTO sales (id, store_id, business_date, source, created_at)
                     SELECT id, $1::uuid, d, 'import', d + time '16:00' FROM days RETURNING id)
       INSERT INTO sale_items (sale_id, line_number, product_id, quantity, unit_price, net_total, moves_stock, created_at)
       SELECT days.id, 1, $2::uuid, q, 1, q, false, d + time '16:00' FROM days JOIN made USING (id)`,
      [store, product, rows.map((row) => row.date), rows.map((row) => row.quantity)],
    );
  }

  /** Many products with a short history in one store; a tenth of them sells only now and then. @returns their ids */
  async stock(products: number, days: number, store: string = this.store, tenant: TenantRef = this.db.acme): Promise<string[]> {
    const at = `tenant_id, '${store}'::uuid, d::date`;
    const { rows } = await this.db.root.query<{ id: string }>(
      `WITH made AS (INSERT INTO ${tenant.schema}.products (tenant_id, sku, name, reorder_point, tax_category_id)
         SELECT '${tenant.id}', ext.uuid_v7()::text, 'P' || n, 0, (SELECT id FROM ${tenant.schema}.tax_categories WHERE is_default)
           FROM generate_series(1, ${products}) n RETURNING id, tenant_id),
       numbered AS (SELECT *, row_number() OVER (ORDER BY id) AS n FROM made),
       days AS (SELECT ext.uuid_v7() AS sale, d, '${tenant.id}'::uuid AS tenant_id FROM generate_series($1::date - ${days}, $1::date - 1, '1 day') d),
       sold AS (INSERT INTO ${tenant.schema}.sales (id, tenant_id, store_id, business_date, source, created_at)
         SELECT sale, ${at}, 'import', d + time '16:00' FROM days RETURNING id),
       lines AS (INSERT INTO ${tenant.schema}.sale_items (tenant_id, sale_id, line_number, product_id, quantity, unit_price, net_total, moves_stock, created_at)
         SELECT m.tenant_id, sale, m.n, m.id, q, 1, q, false, d
           FROM days CROSS JOIN numbered m CROSS JOIN LATERAL (SELECT 1 + (m.n * 7 + extract(doy FROM d)::int * (1 + m.n % 3)) % 5 AS q) x
          WHERE m.n % 10 <> 0 OR (extract(doy FROM d)::int + m.n) % 9 = 0)
       SELECT id FROM made`,
      [this.today],
    );
    return rows.map((row) => row.id);
  }

  /** Asks for a run and works on its jobs. */
  async forecast(
    body: { storeId?: string; productIds?: string[]; horizonDays?: number; onlyChanged?: boolean } = {},
  ): Promise<string> {
    const { runId } = await this.run(() => this.runsService.start(body));
    await this.drain();
    return runId;
  }

  /** Takes the job that a worker would take next out of the queue. */
  async take(): Promise<RunJob | undefined> {
    const { rows } = await this.db.root.query<RunJob>(
      `DELETE FROM bullmq.job WHERE id = (SELECT id FROM bullmq.job WHERE name LIKE 'forecast.%' AND state = 'waiting' AND data ->> 'tenant' = $1
         ORDER BY queue = 'batches', priority, seq LIMIT 1) RETURNING id, name, data, priority`,
      [this.db.acme.id],
    );
    return rows[0];
  }

  /** Jobs of a run that wait, without taking them. */
  async waiting(runId: string): Promise<RunJob[]> {
    const { rows } = await this.db.root.query<RunJob>(
      `SELECT id, name, data, priority FROM bullmq.job WHERE data ->> 'runId' = $1 AND state = 'waiting' ORDER BY priority, seq`,
      [runId],
    );
    return rows;
  }

  perform({ id, name, data }: RunJob, changes: Partial<JobHandle> = {}): Promise<unknown> {
    const handle = this.handle(id, { name, ...changes });
    const jobs = this.forecastJobs;
    return this.run((): Promise<unknown> => {
      if (name === 'forecast.run') return jobs.plan(data, handle);
      if (name === 'forecast.learn') return jobs.learn(data, handle);
      return name === 'forecast.batch' ? jobs.batch(data, handle) : jobs.finalise(data, handle);
    });
  }

  /** Works on all jobs that wait, and on those that they hand out. @returns their names */
  async drain(changes: Partial<JobHandle> = {}): Promise<string[]> {
    const done: string[] = [];
    for (let job = await this.take(); job; job = await this.take()) {
      await this.perform(job, changes);
      done.push(job.name);
    }
    return done;
  }

  /** Works on jobs until one of that name would be the next; it stays in the queue. */
  async drainUpTo(name: RunJob['name'], runId: string): Promise<void> {
    while (!(await this.waiting(runId)).some((job) => job.name === name)) {
      const job = await this.take();
      if (!job) throw new Error(`no job ${name}`);
      await this.perform(job);
    }
  }

  /** What GET /v1/jobs/{id} would show of a run. */
  async shown(runId: string) {
    return toldState((await this.run(() => this.runs.find(runId)))!);
  }

  handle(id: string, changes: Partial<JobHandle> = {}): JobHandle {
    return {
      id,
      name: 'forecast.run',
      attempt: 1,
      attempts: 5,
      signal: new AbortController().signal,
      updateProgress: () => Promise.resolve(),
      childResults: () => Promise.resolve([]),
      ...changes,
    };
  }

  async forecastsOf(runId: string, product?: string): Promise<ForecastRow[]> {
    return this.query<ForecastRow>(
      `SELECT product_id, store_id, to_char(forecast_date, 'YYYY-MM-DD') AS date, horizon, predicted_value::float8 AS mean,
              ARRAY[q10, q50, q90, q95, q99]::float8[] AS quantiles
         FROM forecasts WHERE run_id = $1 AND forecast_type = 'demand' AND ($2::uuid IS NULL OR product_id = $2) ORDER BY store_id, product_id, forecast_date`,
      [runId, product ?? null],
    );
  }

  async runRow(id: string): Promise<Record<string, unknown>> {
    const [row] = await this.query<Record<string, unknown>>('SELECT * FROM forecast_runs WHERE id = $1', [id]);
    return row!;
  }
}
