import { Injectable } from '@nestjs/common';
import { UnrecoverableJobError, type JobHandle } from '../../kernel/jobs/job-map.js';
import { DailyForEachTenant, OnJob } from '../../kernel/jobs/on-job.js';
import { AlertReviewService } from '../alerts/alert-review.service.js';
import { AlertsService } from '../alerts/alerts.service.js';
import { SuggestionsService } from '../replenishment/suggestions.service.js';
import { ForecastRunner } from './forecast-runner.js';
import type { ForecastRunResult } from './runs.events.js';
import { RunsRepository } from './runs.repository.js';
import { RunsService } from './runs.service.js';

const HOUR = 3_600_000;

/** Forecasts when somebody asks for them, and every night. */
@Injectable()
export class ForecastJobs {
  constructor(
    private readonly runner: ForecastRunner,
    private readonly runs: RunsRepository,
    private readonly service: RunsService,
    private readonly alerts: AlertReviewService,
    private readonly lowStock: AlertsService,
    private readonly suggestions: SuggestionsService,
  ) {}

  /** Works on a run, then compares stock with what it says and has the suggestions computed. */
  @OnJob('forecast.run', { queue: 'forecasts', timeout: 2 * HOUR, attempts: 5 })
  async run({ runId }: { runId: string }, job: JobHandle): Promise<ForecastRunResult> {
    try {
      await this.runner.work(runId, {
        signal: job.signal,
        stored: (done, total) =>
          job.updateProgress({ percent: Math.floor((100 * done) / Math.max(1, total)), seriesDone: done, seriesTotal: total }),
      });
    } catch (error) {
      if (!isRepeated(job, error))
        await this.runs.finish(runId, 'failed', { code: 'forecasts.failed', message: messageOf(error) });
      throw error;
    }
    const run = await this.runs.find(runId);
    if (!run) throw new UnrecoverableJobError(`run ${runId} is gone`);
    if (run.status === 'completed') {
      await this.lowStock.refresh();
      await this.suggestions.refreshAfter(runId);
    }
    const { raised, resolved } = run.status === 'completed' ? await this.alerts.review() : { raised: 0, resolved: 0 };
    return { runId, status: run.status, series: run.seriesDone - run.seriesFailed, failed: run.seriesFailed, raised, resolved };
  }

  /** Where nothing was sold since the last run, the forecasts stay; stock may have changed all the same. */
  @OnJob('forecast.daily', { queue: 'forecasts' })
  @DailyForEachTenant('02:30')
  async daily(): Promise<{ runId: string | null }> {
    const runId = await this.service.startNightly();
    if (runId === null) {
      await this.alerts.review();
      await this.lowStock.refresh();
    }
    return { runId };
  }
}

/** Whether the job will be tried again: another attempt is left, or the process stops and hands it back. */
function isRepeated({ attempt, attempts, signal }: JobHandle, error: unknown): boolean {
  if (error instanceof UnrecoverableJobError) return false;
  const handedBack = signal.aborted && Reflect.get(Object(signal.reason), 'name') === 'ProcessStoppingError';
  return handedBack || attempt < attempts;
}

/** What a client may read of a failure: an error's own text may name tables or hold values of rows. */
function messageOf(error: unknown): string {
  const name: unknown = Reflect.get(Object(error), 'name');
  return `The run failed (${typeof name === 'string' ? name : 'Error'}); the log names the cause.`;
}
