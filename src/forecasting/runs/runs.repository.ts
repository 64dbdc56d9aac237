import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import { registerConstraints } from '../../kernel/errors/constraints.js';
import type { ForecastRunDto, RunStatus, RunTrigger } from './runs.dto.js';
import type { RunFilters } from './series.repository.js';

registerConstraints({ forecast_runs_one_open: { code: 'forecasts.run_in_progress' } });

const COLUMNS = `id, status, trigger, horizon_days AS "horizonDays", to_char(as_of, 'YYYY-MM-DD') AS "asOf", filters,
  model_version AS "modelVersion", series_total AS "seriesTotal", series_done AS "seriesDone", series_failed AS "seriesFailed", metrics,
  job_id AS "jobId", error, started_at AS "startedAt", finished_at AS "finishedAt", created_at AS "createdAt", updated_at AS "updatedAt"`;

/** The last pair whose forecasts are stored. */
export interface Checkpoint {
  storeId: string;
  productId: string;
}

/** What the backtests of a run's series said: the mean scaled error of `scored` series, and how often each model was the heaviest. */
export interface RunMetrics {
  mase: number;
  scored: number;
  models: Record<string, number>;
}

export interface RunState extends Omit<ForecastRunDto, 'filters' | 'metrics'> {
  filters: RunFilters;
  metrics: Partial<RunMetrics>;
  checkpoint: Checkpoint | null;
}

export interface NewRun {
  id: string;
  trigger: RunTrigger;
  /** null: the tenant's setting */
  horizonDays: number | null;
  asOf: string;
  filters: RunFilters;
}

/** A step of a run, from one stored pair to the next. */
export interface Advance {
  from: Checkpoint | null;
  to: Checkpoint;
  done: number;
  failed: number;
  metrics: RunMetrics;
}

@Injectable()
export class RunsRepository {
  constructor(private readonly unit: UnitOfWork) {}

  /** Ends runs that nobody works on any more, so that they do not hold up new ones for ever. */
  async abandonStale(): Promise<void> {
    await this.unit.execute(
      `UPDATE forecast_runs SET status = 'failed', finished_at = now(), error = '{"code": "forecasts.abandoned", "message": "no progress for an hour"}'
        WHERE status IN ('queued', 'running') AND updated_at < now() - interval '1 hour'`,
    );
  }

  /** @throws forecasts.run_in_progress while another one is open */
  async insert({ id, trigger, horizonDays, asOf, filters }: NewRun): Promise<void> {
    await this.unit.execute(
      `INSERT INTO forecast_runs (id, job_id, trigger, horizon_days, as_of, filters)
       VALUES ($1::uuid, $1::uuid::text, $2, coalesce($3::int, (SELECT (value #>> '{}')::int FROM settings WHERE key = 'forecasting.horizon_days'), 28), $4, $5)`,
      [id, trigger, horizonDays, asOf, JSON.stringify(filters)],
    );
  }

  list(limit: number, status: RunStatus | null, before: [createdAt: string, id: string] | null): Promise<ForecastRunDto[]> {
    return this.unit.query<ForecastRunDto>(
      `SELECT ${COLUMNS} FROM forecast_runs
        WHERE ($1::text IS NULL OR status = $1) AND ($2::timestamptz IS NULL OR (date_trunc('milliseconds', created_at), id) < ($2, $3::uuid))
        ORDER BY date_trunc('milliseconds', created_at) DESC, id DESC LIMIT $4`,
      [status, before?.[0] ?? null, before?.[1] ?? null, limit],
    );
  }

  async find(id: string): Promise<RunState | undefined> {
    const [row] = await this.unit.query<RunState>(`SELECT ${COLUMNS}, checkpoint FROM forecast_runs WHERE id = $1`, [id]);
    return row;
  }

  /** Marks the beginning, or the resumption, of a run. @returns false when it has ended */
  async start(id: string, modelVersion: string, total: number): Promise<boolean> {
    const { rowCount } = await this.unit.execute(
      `UPDATE forecast_runs SET status = 'running', started_at = coalesce(started_at, now()), model_version = $2, series_total = $3
        WHERE id = $1 AND status IN ('queued', 'running')`,
      [id, modelVersion, total],
    );
    return rowCount === 1;
  }

  /** Moves the checkpoint on. @returns false when the run has ended, or somebody else has moved it */
  async advance(id: string, { from, to, done, failed, metrics }: Advance): Promise<boolean> {
    const { rowCount } = await this.unit.execute(
      `UPDATE forecast_runs SET checkpoint = $3, series_done = series_done + $4, series_failed = series_failed + $5, metrics = $6
        WHERE id = $1 AND status = 'running' AND checkpoint IS NOT DISTINCT FROM $2`,
      [id, from && JSON.stringify(from), JSON.stringify(to), done, failed, JSON.stringify(metrics)],
    );
    return rowCount === 1;
  }

  async finish(id: string, status: 'completed' | 'failed' | 'cancelled', error: object | null = null): Promise<void> {
    await this.unit.execute(
      `UPDATE forecast_runs SET status = $2::text, error = $3, checkpoint = NULL, finished_at = clock_timestamp(),
              series_total = CASE WHEN $2::text = 'completed' THEN series_done ELSE series_total END
        WHERE id = $1 AND status IN ('queued', 'running')`,
      [id, status, error && JSON.stringify(error)],
    );
  }

  /** Whether sales were written down that the newest complete run cannot have seen. */
  async hasNewSales(): Promise<boolean> {
    const [row] = await this.unit.query<{ sold: boolean }>(
      `SELECT sold_since(coalesce((SELECT max(started_at) FROM forecast_runs WHERE status = 'completed' AND filters = '{}'), '-infinity')) AS sold`,
    );
    return row?.sold ?? false;
  }

  /** Forgets runs whose forecasts are dropped by now. */
  async dropOlder(days: number): Promise<void> {
    await this.unit.execute(`DELETE FROM forecast_runs WHERE finished_at < now() - make_interval(days => $1)`, [days]);
  }
}
