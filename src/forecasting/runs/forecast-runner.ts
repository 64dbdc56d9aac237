import { Inject, Injectable } from '@nestjs/common';
import { tenantScope } from '../../kernel/database/tenant-context.js';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import { TENANT_DIRECTORY, type TenantDirectory } from '../../kernel/jobs/tenant-directory.js';
import { addDays } from '../../kernel/time/zone.js';
import { ENGINE_VERSION, type SeriesForecast } from '../engine/series.js';
import { FORECAST_THREADS, ForecastThreads } from './forecast-threads.js';
import { RunsRepository, type Checkpoint, type RunMetrics, type RunState } from './runs.repository.js';
import { batchesOf, type SeriesPair } from './series-batches.js';
import { historySpan, horizonOf, seriesInputs } from './series-input.js';
import { SeriesRepository } from './series.repository.js';

/** What a runner needs of its job. */
export interface RunProgress {
  signal: AbortSignal;
  /** after each batch that is stored */
  stored(done: number, total: number): Promise<void>;
}

interface Computed {
  pairs: SeriesPair[];
  forecasts: SeriesForecast[];
}

/**
 * Works on a run: batch by batch read, forecast in threads, stored. A batch and the checkpoint behind it are one transaction, so that a
 * run whose process was killed goes on with the first batch that is not stored, and a second process on the same run stores nothing twice.
 */
@Injectable()
export class ForecastRunner {
  constructor(
    private readonly unit: UnitOfWork,
    private readonly runs: RunsRepository,
    private readonly series: SeriesRepository,
    private readonly threads: ForecastThreads,
    @Inject(TENANT_DIRECTORY) private readonly tenants: TenantDirectory,
  ) {}

  /** Brings the run to its end, or as far as the signal allows. A run that has ended already stays as it is. @throws the signal's reason */
  async work(runId: string, progress: RunProgress): Promise<void> {
    const run = await this.runs.find(runId);
    if (!run || !isOpen(run)) return;
    const pairs = await this.series.pairs(historySpan(run.asOf), run.filters);
    const left = run.checkpoint ? pairs.filter((pair) => isAfter(pair, run.checkpoint!)) : pairs;
    if (!(await this.runs.start(runId, ENGINE_VERSION, run.seriesDone + left.length))) return;
    let state: RunState = { ...run, seriesTotal: run.seriesDone + left.length };
    const batches = batchesOf(left);
    // as many batches at once as there are threads; stored one after another, in order
    for (let at = 0; at < batches.length; at += FORECAST_THREADS) {
      progress.signal.throwIfAborted();
      if (!(await this.mayGoOn())) return this.runs.finish(runId, 'cancelled');
      const computed = await Promise.all(
        batches.slice(at, at + FORECAST_THREADS).map((batch) => this.compute(run, batch, progress.signal)),
      );
      for (const batch of computed) {
        const next = await this.store(state, batch);
        if (next === null) return;
        state = next;
        await progress.stored(state.seriesDone, state.seriesTotal);
      }
    }
    await this.runs.finish(runId, 'completed');
  }

  /** A tenant that was suspended while its run goes on is worked for no longer. */
  private async mayGoOn(): Promise<boolean> {
    const tenant = await this.tenants.byId(tenantScope().tenant.id);
    return tenant?.status === 'active';
  }

  private async compute(run: RunState, pairs: SeriesPair[], signal: AbortSignal): Promise<Computed> {
    const span = historySpan(run.asOf);
    const longest = Math.max(...pairs.map((pair) => horizonOf(pair, run.horizonDays)));
    const rows = await this.series.read(pairs, span, addDays(run.asOf, longest), tenantScope().tenant.settings.timezone);
    const forecasts = await this.threads.forecast(seriesInputs(pairs, rows, span, run.horizonDays), { signal });
    return { pairs, forecasts };
  }

  /** @returns the run after the batch, or null when it is not ours any more: ended, or moved on by somebody else */
  private async store(state: RunState, { pairs, forecasts }: Computed): Promise<RunState | null> {
    const last = pairs.at(-1)!;
    const checkpoint: Checkpoint = { storeId: last.storeId, productId: last.productId };
    const stored = pairs.flatMap((pair, i) => (forecasts[i]!.ok ? [{ pair, forecast: forecasts[i]! }] : []));
    const failed = pairs.length - stored.length;
    const metrics = addMetrics(state.metrics, forecasts);
    return this.unit.transaction(async () => {
      const step = { from: state.checkpoint, to: checkpoint, done: pairs.length, failed, metrics };
      if (!(await this.runs.advance(state.id, step))) return null;
      if (stored.length > 0) await this.series.store(state.id, addDays(state.asOf, 1), ENGINE_VERSION, stored);
      return {
        ...state,
        checkpoint,
        metrics,
        seriesDone: state.seriesDone + pairs.length,
        seriesFailed: state.seriesFailed + failed,
      };
    });
  }
}

export const isOpen = ({ status }: Pick<RunState, 'status'>): boolean => status === 'queued' || status === 'running';

// as the database orders uuids: by their bytes, which is the order of their texts
function isAfter(pair: SeriesPair, { storeId, productId }: Checkpoint): boolean {
  return pair.storeId > storeId || (pair.storeId === storeId && pair.productId > productId);
}

/** The run's figures with those of one more batch. */
export function addMetrics(before: Partial<RunMetrics>, forecasts: readonly SeriesForecast[]): RunMetrics {
  let { mase = 0, scored = 0 } = before;
  const models = { ...before.models };
  for (const { ok, model, diagnostics } of forecasts) {
    if (!ok) continue;
    models[model] = (models[model] ?? 0) + 1;
    if (!Number.isFinite(diagnostics.mase)) continue;
    scored++;
    mase += (diagnostics.mase - mase) / scored;
  }
  return { mase: Math.round(mase * 10_000) / 10_000, scored, models };
}
