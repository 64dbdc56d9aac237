import { Injectable } from '@nestjs/common';
import { assertStoreAllowed, storeScope } from '../../kernel/auth/store-scope.js';
import { tenantScope } from '../../kernel/database/tenant-context.js';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import { uuidV7 } from '../../kernel/database/uuid-v7.js';
import { notFound, ProblemError } from '../../kernel/errors/problem-error.js';
import { CursorCodec } from '../../kernel/http/cursor-codec.js';
import type { Page } from '../../kernel/http/page.js';
import { JobQueue } from '../../kernel/jobs/job-queue.js';
import { addDays, localDateOf } from '../../kernel/time/zone.js';
import type { ForecastRunDto, RunsQuery, RunTrigger, StartedRunDto, StartRunDto } from './runs.dto.js';
import { RunsRepository } from './runs.repository.js';
import { historySpan } from './series-input.js';
import { SeriesRepository, type RunFilters } from './series.repository.js';

const LIST = 'listForecastRuns';
/** runs are kept as long as their forecasts */
const KEPT_DAYS = 400;

@Injectable()
export class RunsService {
  constructor(
    private readonly unit: UnitOfWork,
    private readonly runs: RunsRepository,
    private readonly series: SeriesRepository,
    private readonly queue: JobQueue,
    private readonly cursors: CursorCodec,
  ) {}

  /**
   * Asks for a run: row and job in one transaction. Somebody who is held to some stores gets a run of those.
   * @throws forecasts.run_in_progress while another one is open; forecasts.too_little_history when what was named never sold
   */
  async start({ horizonDays, storeId, productIds }: StartRunDto): Promise<StartedRunDto> {
    assertStoreAllowed(storeId);
    const storeIds = storeId ? [storeId] : storeScope();
    const filters: RunFilters = { ...(storeIds && { storeIds }), ...(productIds && { productIds }) };
    return this.unit.transaction(async () => {
      const run = await this.open('manual', horizonDays ?? null, filters);
      if (Object.keys(filters).length > 0 && (await this.series.pairs(historySpan(run.asOf), filters)).length === 0)
        throw new ProblemError('forecasts.too_little_history');
      return { jobId: run.id, runId: run.id };
    });
  }

  /** The nightly run, where something was sold since the last one. @returns null when there is none to make */
  async startNightly(): Promise<string | null> {
    await this.runs.dropOlder(KEPT_DAYS);
    if (!(await this.runs.hasNewSales())) return null;
    try {
      return (await this.unit.transaction(() => this.open('schedule', null, {}))).id;
    } catch (error) {
      // somebody asked for one a moment ago: that is tonight's
      if (isInProgress(error)) return null;
      throw error;
    }
  }

  async list({ cursor, limit, status }: RunsQuery): Promise<Page<ForecastRunDto>> {
    const before = this.cursors.after(LIST, cursor) as [string, string] | undefined;
    const rows = await this.runs.list(limit + 1, status ?? null, before ?? null);
    return this.cursors.page(LIST, rows, limit, (last) => [last.createdAt.toISOString(), last.id]);
  }

  async get(id: string): Promise<ForecastRunDto> {
    const run = await this.runs.find(id);
    if (!run) throw notFound();
    const { checkpoint: _, ...shown } = run;
    return shown;
  }

  private async open(
    trigger: RunTrigger,
    horizonDays: number | null,
    filters: RunFilters,
  ): Promise<{ id: string; asOf: string }> {
    const id = uuidV7();
    const asOf = addDays(localDateOf(new Date(), tenantScope().tenant.settings.timezone), -1);
    await this.runs.abandonStale();
    await this.runs.insert({ id, trigger, horizonDays, asOf, filters });
    // the run's id is the job's: asked for twice, it is one job
    await this.queue.add('forecast.run', { runId: id }, { id, keep: true });
    return { id, asOf };
  }
}

function isInProgress(error: unknown): boolean {
  return Reflect.get(Object(error), 'constraint') === 'forecast_runs_one_open';
}
