import { Injectable } from '@nestjs/common';
import { assertStoreAllowed, isStoreAllowed, storeScope } from '../../kernel/auth/store-scope.js';
import { tenantScope } from '../../kernel/database/tenant-context.js';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import { uuidV7 } from '../../kernel/database/uuid-v7.js';
import { notFound, ProblemError } from '../../kernel/errors/problem-error.js';
import { CursorCodec } from '../../kernel/http/cursor-codec.js';
import type { Page } from '../../kernel/http/page.js';
import { addDays, localDateOf } from '../../kernel/time/zone.js';
import { RunJobs } from './run-jobs.js';
import type { ForecastRunDto, RunsQuery, StartedRunDto, StartRunDto } from './runs.dto.js';
import { RunsRepository, type NewRun, type RunState } from './runs.repository.js';
import { historySpan } from './series-input.js';
import { SeriesRepository, type RunFilters } from './series.repository.js';

const LIST = 'listForecastRuns';

@Injectable()
export class RunsService {
  constructor(
    private readonly unit: UnitOfWork,
    private readonly runs: RunsRepository,
    private readonly series: SeriesRepository,
    private readonly jobs: RunJobs,
    private readonly cursors: CursorCodec,
  ) {}

  /**
   * Asks for a run: row and job in one transaction. Somebody who is held to some stores gets a run of those.
   * @throws forecasts.run_in_progress while another one is open; forecasts.too_little_history when what was named never sold
   */
  async start({ horizonDays, storeId, productIds, onlyChanged }: StartRunDto): Promise<StartedRunDto> {
    assertStoreAllowed(storeId);
    const storeIds = storeId ? [storeId] : storeScope();
    const filters: RunFilters = { ...(storeIds && { storeIds }), ...(productIds && { productIds }) };
    const mode = onlyChanged === true ? 'changed' : 'full';
    return this.unit.transaction(async () => {
      const run = await this.open({ trigger: 'manual', mode, horizonDays: horizonDays ?? null, spareDays: 0, filters });
      if (Object.keys(filters).length > 0 && (await this.series.pairs(historySpan(run.asOf), filters)).length === 0)
        throw new ProblemError('forecasts.too_little_history');
      return { jobId: run.id, runId: run.id };
    });
  }

  /** Opens a run from the history up to yesterday. @throws forecasts.run_in_progress while another one is open */
  open(run: Omit<NewRun, 'id' | 'asOf'>): Promise<{ id: string; asOf: string }> {
    return this.unit.transaction(async () => {
      const id = uuidV7();
      const asOf = this.yesterday();
      await this.runs.abandonStale();
      await this.runs.insert({ ...run, id, asOf });
      await this.jobs.plan(id);
      return { id, asOf };
    });
  }

  /** The last local day that is over. */
  yesterday(): string {
    return addDays(localDateOf(new Date(), tenantScope().tenant.settings.timezone), -1);
  }

  /**
   * Stops a run: batches that are worked on are given up within seconds, and none of its forecasts come into force. One that has ended
   * stays as it is.
   * @throws auth.all_stores_required for a run of stores that are not the caller's
   */
  async cancel(id: string): Promise<ForecastRunDto> {
    const run = await this.runs.find(id);
    if (!run) throw notFound();
    const { storeIds } = run.filters;
    if (storeScope() !== null && !storeIds?.every(isStoreAllowed)) throw new ProblemError('auth.all_stores_required');
    await this.runs.end(id, 'cancelled');
    return this.get(id);
  }

  async list({ cursor, limit, status }: RunsQuery): Promise<Page<ForecastRunDto>> {
    const before = this.cursors.after(LIST, cursor) as [string, string] | undefined;
    const rows = await this.runs.list(limit + 1, status ?? null, before ?? null);
    return this.cursors.page(LIST, rows, limit, (last) => [last.createdAt.toISOString(), last.id]);
  }

  async get(id: string): Promise<ForecastRunDto> {
    const run = await this.runs.find(id);
    if (!run) throw notFound();
    return shown(run);
  }
}

function shown(run: RunState): ForecastRunDto {
  const { spareDays: _spare, batchesTotal: _total, batchesDone: _done, knowledgeRunId: _knowledge, steps: _steps, ...rest } = run;
  return rest;
}
