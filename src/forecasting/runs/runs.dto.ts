import { Choice, Count, Flag, Instant, LocalDate, OpenData, Text, Uuid, Uuids } from '../../kernel/http/fields.js';
import { PageQuery } from '../../kernel/http/page.dto.js';

export const RUN_STATUSES = ['queued', 'running', 'completed', 'failed', 'cancelled'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];
const RUN_TRIGGERS = ['manual', 'schedule', 'import'] as const;
export type RunTrigger = (typeof RUN_TRIGGERS)[number];

const RUN_MODES = ['full', 'changed'] as const;
export type RunMode = (typeof RUN_MODES)[number];
const RUN_PHASES = ['plan', 'learn', 'forecast', 'finalise', 'settle', 'ended'] as const;
export type RunPhase = (typeof RUN_PHASES)[number];

export class RunsQuery extends PageQuery {
  @Choice(RUN_STATUSES, { optional: true, enumName: 'ForecastRunStatus' })
  status?: RunStatus;
}

export class StartRunDto {
  /** Days to look ahead; each series at least over its lead time. Absent: the tenant's setting. */
  @Count(1, 366, { optional: true, example: 28 })
  horizonDays?: number;

  /** Only this store. Absent: every store that the caller may touch. */
  @Uuid({ optional: true })
  storeId?: string;

  /** Only these products. */
  @Uuids(1000, { optional: true, min: 1 })
  productIds?: string[];

  /**
   * Only series whose data have changed since their forecast in force was made: sales, calendar, stock-outs, lead time, category; or whose
   * forecast covers the horizon no more. Absent: all.
   */
  @Flag({ optional: true })
  onlyChanged?: boolean;
}

export class StartedRunDto {
  /** Shown by GET /v1/jobs/{id}. */
  @Uuid()
  jobId: string;

  /** Shown by GET /v1/forecasts/runs/{id}. */
  @Uuid()
  runId: string;
}

/** One forecast of many products and stores. */
export class ForecastRunDto {
  @Uuid()
  id: string;

  @Choice(RUN_STATUSES, { enumName: 'ForecastRunStatus' })
  status: RunStatus;

  @Choice(RUN_TRIGGERS, { enumName: 'ForecastRunTrigger' })
  trigger: RunTrigger;

  /** changed: only series whose data have changed since their forecast in force was made. */
  @Choice(RUN_MODES, { enumName: 'ForecastRunMode' })
  mode: RunMode;

  /** What it is at; settle: in force already, alerts and what else follows a run are still to come. */
  @Choice(RUN_PHASES, { enumName: 'ForecastRunPhase' })
  phase: RunPhase;

  @Count(1, 366)
  horizonDays: number;

  /** The last day of history it has seen; the first day that it forecasts is the next one. */
  @LocalDate()
  asOf: string;

  /** What it was held to: storeIds, productIds; empty = everything. */
  @OpenData()
  filters: object;

  @Text(60, { nullable: true, example: 'ensemble-2' })
  modelVersion: string | null;

  /** Products in stores that it forecasts; 0 until it is planned. */
  @Count(0, 2_147_483_647)
  seriesTotal: number;

  @Count(0, 2_147_483_647)
  seriesDone: number;

  /** Of those done, the ones of which nothing could be said. */
  @Count(0, 2_147_483_647)
  seriesFailed: number;

  /** Those whose older forecast stays in force, because nothing has changed for them. */
  @Count(0, 2_147_483_647)
  seriesKept: number;

  /** Why series were forecast anew (of a run of what has changed: reasons), and once completed how good it is: mase (mean over the series of the backtests' error by the week-to-week difference of the cleaned series), scored, models. */
  @OpenData()
  metrics: object;

  @Uuid({ nullable: true })
  jobId: string | null;

  /** Why it failed: code, message. */
  @OpenData({ nullable: true })
  error: object | null;

  @Instant({ nullable: true })
  startedAt: Date | null;

  @Instant({ nullable: true })
  finishedAt: Date | null;

  @Instant()
  createdAt: Date;

  @Instant()
  updatedAt: Date;
}
