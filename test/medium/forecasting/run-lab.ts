import type { DiscoveryService } from '@nestjs/core';
import type pg from 'pg';
import { ForecastRunner } from '../../../src/forecasting/runs/forecast-runner.js';
import { ForecastThreads } from '../../../src/forecasting/runs/forecast-threads.js';
import { ForecastJobs } from '../../../src/forecasting/runs/forecast.job.js';
import { RunsRepository } from '../../../src/forecasting/runs/runs.repository.js';
import { RunsService } from '../../../src/forecasting/runs/runs.service.js';
import { SeriesRepository } from '../../../src/forecasting/runs/series.repository.js';
import { RegistryDatabase } from '../../../src/kernel/database/registry-database.js';
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

/** The forecast runs' services over a shop with sales; a test works on the jobs itself. */
export class RunLab extends AlertLab {
  readonly threads = new ForecastThreads();
  readonly runs: RunsRepository;
  readonly series: SeriesRepository;
  readonly runner: ForecastRunner;
  readonly runsService: RunsService;
  readonly forecastJobs: ForecastJobs;
  readonly replenishment: ReplenishmentServices;
  readonly progress: object[] = [];
  private readonly pool: pg.Pool;
  private readonly backend: PostgresQueue;
  private readonly registry = new JobRegistry({ getProviders: () => [] } as unknown as DiscoveryService);

  constructor(db: MediumDatabase) {
    super(db);
    this.pool = openQueuePool(db.topology, false);
    this.backend = new PostgresQueue(this.pool, db.unit, () => undefined);
    this.runs = new RunsRepository(db.unit);
    this.series = new SeriesRepository(db.unit);
    this.runner = new ForecastRunner(db.unit, this.runs, this.series, this.threads, this.directory);
    const queue = new JobQueue(this.backend, this.registry);
    this.replenishment = new ReplenishmentServices(db.unit, queue);
    this.runsService = new RunsService(db.unit, this.runs, this.series, queue, cursors);
    this.forecastJobs = new ForecastJobs(
      this.runner,
      this.runs,
      this.runsService,
      this.reviews,
      this.service,
      this.replenishment.suggestions,
    );
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

  /** Asks for a run and works on its job. */
  async forecast(body: { storeId?: string; productIds?: string[]; horizonDays?: number } = {}): Promise<string> {
    const { runId } = await this.run(() => this.runsService.start(body));
    await this.workOn(runId);
    return runId;
  }

  workOn(runId: string, changes: Partial<JobHandle> = {}) {
    return this.run(() => this.forecastJobs.run({ runId }, this.handle(runId, changes)));
  }

  handle(id: string, changes: Partial<JobHandle> = {}): JobHandle {
    return {
      id,
      name: 'forecast.run',
      attempt: 1,
      attempts: 5,
      signal: new AbortController().signal,
      updateProgress: (progress) => {
        this.progress.push(progress as object);
        return Promise.resolve();
      },
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
