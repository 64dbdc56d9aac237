import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import { UnrecoverableJobError } from '../../kernel/jobs/job-map.js';
import { addDays } from '../../kernel/time/zone.js';
import { ENGINE_VERSION, type SeriesForecast } from '../engine/series.js';
import { BatchesRepository, type BegunBatch } from './batches.repository.js';
import { RunFlow } from './run-flow.js';
import { metricsOf } from './run-metrics.js';
import { SeriesForecaster } from './series-forecaster.js';
import { RunEndedError, whileOpen } from './run-watch.js';
import { SeriesRepository } from './series.repository.js';

/** A batch whose workers have died so often kills them. */
const MOST_STARTS = 20;

/**
 * Forecasts one batch: one read, one task of a thread, one transaction that stores the forecasts, marks the batch as done, counts it and
 * hands out what comes next. Whoever dies before its COMMIT has done nothing; whoever comes second does nothing.
 */
@Injectable()
export class BatchRunner {
  constructor(
    private readonly unit: UnitOfWork,
    private readonly batches: BatchesRepository,
    private readonly forecaster: SeriesForecaster,
    private readonly series: SeriesRepository,
    private readonly flow: RunFlow,
  ) {}

  /** @returns the number of series forecast: 0 when the batch is done already, or the run has ended. @throws the signal's reason */
  async work(runId: string, number: number, signal: AbortSignal): Promise<number> {
    const batch = await this.batches.begin(runId, number);
    if (!batch) return 0;
    if (batch.starts > MOST_STARTS)
      throw new UnrecoverableJobError(`batch ${number} of run ${runId} was begun ${batch.starts} times`);
    try {
      const open = () => this.flow.mayGoOn(runId);
      if (!(await open())) return 0;
      const forecasts = await whileOpen(signal, open, (stop) => this.forecaster.forecast(batch, stop));
      signal.throwIfAborted();
      return await this.store(runId, number, batch, forecasts);
    } catch (error) {
      if (error instanceof RunEndedError) return 0;
      throw error;
    }
  }

  private async store(runId: string, number: number, batch: BegunBatch, forecasts: SeriesForecast[]): Promise<number> {
    const { pairs, readAt, lane } = batch;
    const stored = pairs.flatMap((pair, i) => (forecasts[i]!.ok ? [{ pair, forecast: forecasts[i]! }] : []));
    const outcome = { readAt, means: forecasts.map(dailyMean), metrics: metricsOf(forecasts) };
    return this.unit.transaction(async () => {
      if (!(await this.batches.finish(runId, number, outcome))) return 0;
      if (stored.length > 0) await this.series.store(runId, addDays(batch.asOf, 1), ENGINE_VERSION, stored);
      // last, since the run's row is held until COMMIT
      await this.flow.count(runId, { series: pairs.length, failed: pairs.length - stored.length, lane });
      return pairs.length;
    });
  }
}

function dailyMean({ ok, mean }: SeriesForecast): string | null {
  return ok && mean.length > 0 ? (mean.reduce((sum, value) => sum + value, 0) / mean.length).toFixed(4) : null;
}
