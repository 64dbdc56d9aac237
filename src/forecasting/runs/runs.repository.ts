import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import { registerConstraints } from '../../kernel/errors/constraints.js';
import type { ForecastRunDto, RunMode, RunPhase, RunStatus, RunTrigger } from './runs.dto.js';
import type { RunFilters } from './series.repository.js';

registerConstraints({ forecast_runs_one_open: { code: 'forecasts.run_in_progress' } });

const COLUMNS = `id, status, trigger, mode, phase, horizon_days AS "horizonDays", to_char(as_of, 'YYYY-MM-DD') AS "asOf", filters,
  model_version AS "modelVersion", series_total AS "seriesTotal", series_done AS "seriesDone", series_failed AS "seriesFailed",
  series_kept AS "seriesKept", metrics, job_id AS "jobId", error, started_at AS "startedAt", finished_at AS "finishedAt",
  created_at AS "createdAt", updated_at AS "updatedAt"`;
const STATE = `${COLUMNS}, spare_days AS "spareDays", batches_total AS "batchesTotal", batches_done AS "batchesDone",
  knowledge_run_id AS "knowledgeRunId", steps`;
/** A run waits its turn behind those of other tenants, and its jobs are handed out again where they were lost: more than that is hopeless. */
const STALE_HOURS = 6;
const HORIZON = `coalesce((SELECT (value #>> '{}')::int FROM settings WHERE key = 'forecasting.horizon_days'), 28)`;
const OPEN = `status IN ('queued', 'running')`;

/** What the backtests of a run's series said: the mean scaled error of `scored` series, and how often each model was the heaviest. */
export interface RunMetrics {
  mase: number;
  scored: number;
  models: Record<string, number>;
  /** why series were forecast anew, with their number; of a run of what has changed */
  reasons?: Record<string, number>;
}

export interface RunState extends Omit<ForecastRunDto, 'filters' | 'metrics'> {
  filters: RunFilters;
  metrics: Partial<RunMetrics>;
  spareDays: number;
  batchesTotal: number;
  batchesDone: number;
  knowledgeRunId: string | null;
  /** answers of the steps after the run, by name */
  steps: Record<string, Record<string, unknown>>;
}

export interface NewRun {
  id: string;
  trigger: RunTrigger;
  mode: RunMode;
  /** null: the tenant's setting */
  horizonDays: number | null;
  spareDays: number;
  asOf: string;
  filters: RunFilters;
}

/** What a plan says of its run. */
export interface PlannedRun {
  phase: 'learn' | 'forecast' | 'finalise';
  modelVersion: string;
  series: number;
  kept: number;
  batches: number;
  knowledgeRunId: string | null;
  metrics: Partial<RunMetrics>;
}

@Injectable()
export class RunsRepository {
  constructor(private readonly unit: UnitOfWork) {}

  /** Ends runs that nobody works on any more, so that they do not hold up new ones for ever. */
  async abandonStale(): Promise<void> {
    await this.unit.execute(
      `UPDATE forecast_runs SET status = 'failed', phase = 'ended', finished_at = now(),
              error = jsonb_build_object('code', 'forecasts.abandoned', 'message', 'no progress for ${STALE_HOURS} hours')
        WHERE ${OPEN} AND updated_at < now() - interval '${STALE_HOURS} hours'`,
    );
  }

  /** @throws forecasts.run_in_progress while another one is open */
  async insert({ id, trigger, mode, horizonDays, spareDays, asOf, filters }: NewRun): Promise<void> {
    await this.unit.execute(
      `INSERT INTO forecast_runs (id, job_id, trigger, mode, horizon_days, spare_days, as_of, filters)
       VALUES ($1::uuid, $1::uuid::text, $2, $3, coalesce($4::int, ${HORIZON}), $5, $6, $7)`,
      [id, trigger, mode, horizonDays, spareDays, asOf, JSON.stringify(filters)],
    );
  }

  /** Days that the daily run looks ahead: the tenant's setting. */
  async horizonDays(): Promise<number> {
    const [row] = await this.unit.query<{ days: number }>(`SELECT ${HORIZON} AS days`);
    return row!.days;
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
    const [row] = await this.unit.query<RunState>(`SELECT ${STATE} FROM forecast_runs WHERE id = $1`, [id]);
    return row;
  }

  /** Whether somebody may still work on it. */
  async isOpen(id: string): Promise<boolean> {
    const { rowCount } = await this.unit.execute(
      `SELECT FROM forecast_runs WHERE id = $1 AND ${OPEN}`,
      [id],
      'forecast_run_open',
    );
    return rowCount === 1;
  }

  /** Begins the run with its plan. @returns false when it has a plan already, or has ended */
  async begin(id: string, plan: PlannedRun): Promise<boolean> {
    const { rowCount } = await this.unit.execute(
      `UPDATE forecast_runs SET status = 'running', phase = $2, started_at = now(), model_version = $3, series_total = $4, series_kept = $5,
              batches_total = $6, knowledge_run_id = $7, metrics = $8
        WHERE id = $1 AND status = 'queued'`,
      [
        id,
        plan.phase,
        plan.modelVersion,
        plan.series,
        plan.kept,
        plan.batches,
        plan.knowledgeRunId,
        JSON.stringify(plan.metrics),
      ],
    );
    return rowCount === 1;
  }

  /** Goes on from learning to forecasting. @returns false when that is done, or the run has ended */
  async learned(id: string): Promise<boolean> {
    const { rowCount } = await this.unit.execute(
      `UPDATE forecast_runs SET phase = 'forecast', knowledge_run_id = id WHERE id = $1 AND phase = 'learn'`,
      [id],
    );
    return rowCount === 1;
  }

  /** Counts a batch that is done; whoever calls last has moved the run on. @returns undefined when the run has ended */
  async advance(id: string, series: number, failed: number): Promise<{ last: boolean } | undefined> {
    const [row] = await this.unit.query<{ last: boolean }>(
      `UPDATE forecast_runs SET series_done = series_done + $2, series_failed = series_failed + $3, batches_done = batches_done + 1,
              phase = CASE WHEN batches_done + 1 = batches_total THEN 'finalise' ELSE phase END
        WHERE id = $1 AND phase = 'forecast'
       RETURNING phase = 'finalise' AS last`,
      [id, series, failed],
    );
    return row;
  }

  /** @returns false when the run is not at its end, or is completed already */
  async complete(id: string, metrics: RunMetrics): Promise<boolean> {
    const { rowCount } = await this.unit.execute(
      `UPDATE forecast_runs SET status = 'completed', phase = 'settle', finished_at = clock_timestamp(), metrics = $2
        WHERE id = $1 AND phase = 'finalise'`,
      [id, JSON.stringify(metrics)],
    );
    return rowCount === 1;
  }

  async noteStep(id: string, name: string, answer: object): Promise<void> {
    await this.unit.execute(`UPDATE forecast_runs SET steps = steps || jsonb_build_object($2::text, $3::jsonb) WHERE id = $1`, [
      id,
      name,
      JSON.stringify(answer),
    ]);
  }

  async settle(id: string): Promise<void> {
    await this.unit.execute(`UPDATE forecast_runs SET phase = 'ended' WHERE id = $1 AND phase = 'settle'`, [id]);
  }

  /** Ends an open run. @returns false when it has ended already */
  async end(id: string, status: 'failed' | 'cancelled', error: object | null = null): Promise<boolean> {
    const { rowCount } = await this.unit.execute(
      `UPDATE forecast_runs SET status = $2, phase = 'ended', error = $3, finished_at = clock_timestamp() WHERE id = $1 AND ${OPEN}`,
      [id, status, error && JSON.stringify(error)],
    );
    return rowCount === 1;
  }

  /** Runs that are not at their end and have not moved for some minutes. */
  still(minutes: number): Promise<{ id: string; phase: RunPhase }[]> {
    return this.unit.query(
      `SELECT id, phase FROM forecast_runs WHERE phase <> 'ended' AND updated_at < now() - make_interval(mins => $1)`,
      [minutes],
    );
  }

  /** When the newest run of everything was completed, as a local day; null: never. */
  async lastFullDay(): Promise<string | null> {
    const [row] = await this.unit.query<{ day: string | null }>(
      `SELECT to_char(max(as_of), 'YYYY-MM-DD') AS day FROM forecast_runs WHERE status = 'completed' AND mode = 'full' AND filters = '{}'`,
    );
    return row?.day ?? null;
  }

  /** Forgets runs whose forecasts are dropped by now. */
  async dropOlder(days: number): Promise<void> {
    await this.unit.execute(`DELETE FROM forecast_runs WHERE finished_at < now() - make_interval(days => $1)`, [days]);
  }
}
