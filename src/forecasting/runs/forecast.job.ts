import { Inject, Injectable } from '@nestjs/common';
import { eachTenant } from '../../kernel/jobs/each-tenant.js';
import { UnrecoverableJobError, type JobHandle } from '../../kernel/jobs/job-map.js';
import { DailyForEachTenant, OnJob, Scheduled } from '../../kernel/jobs/on-job.js';
import { TENANT_DIRECTORY, type TenantDirectory } from '../../kernel/jobs/tenant-directory.js';
import { BatchRunner } from './batch-runner.js';
import { BATCHES_AT_ONCE } from './forecast-threads.js';
import { NightlyRuns } from './nightly-runs.js';
import { RunFinisher } from './run-finisher.js';
import { RunLearner } from './run-learner.js';
import { RunPlanner } from './run-planner.js';
import type { ForecastRunResult } from './runs.events.js';

const MINUTES = 60_000;

/** Forecasts when somebody asks for them, and every night: plan, learn, batches, finalise (docs/adr/0011). */
@Injectable()
export class ForecastJobs {
  constructor(
    private readonly planner: RunPlanner,
    private readonly learner: RunLearner,
    private readonly runner: BatchRunner,
    private readonly finisher: RunFinisher,
    private readonly nightly: NightlyRuns,
    @Inject(TENANT_DIRECTORY) private readonly tenants: TenantDirectory,
  ) {}

  @OnJob('forecast.run', { queue: 'forecasts', timeout: 60 * MINUTES })
  plan({ runId }: { runId: string }, job: JobHandle): Promise<{ series: number; batches: number }> {
    return this.orFail(runId, job, () => this.planner.plan(runId));
  }

  @OnJob('forecast.learn', { queue: 'batches', concurrency: BATCHES_AT_ONCE, timeout: 60 * MINUTES })
  learn({ runId }: { runId: string }, job: JobHandle): Promise<void> {
    return this.orFail(runId, job, () => this.learner.learn(runId, job.signal));
  }

  @OnJob('forecast.batch', { queue: 'batches', concurrency: BATCHES_AT_ONCE, timeout: 60 * MINUTES })
  batch({ runId, number }: { runId: string; number: number }, job: JobHandle): Promise<{ series: number }> {
    return this.orFail(runId, job, async () => ({ series: await this.runner.work(runId, number, job.signal) }));
  }

  @OnJob('forecast.finalise', { queue: 'forecasts', timeout: 60 * MINUTES })
  finalise({ runId }: { runId: string }, job: JobHandle): Promise<ForecastRunResult | null> {
    return this.orFail(runId, job, () => this.finisher.finish(runId, job.signal, (error) => isRepeated(job, error)));
  }

  /** Where nothing has changed since the last run, the forecasts stay; stock may have changed all the same. */
  @OnJob('forecast.daily', { queue: 'forecasts', timeout: 30 * MINUTES })
  @DailyForEachTenant('02:30', 'forecastTime')
  async daily({ day }: { day: string }): Promise<{ runId: string | null }> {
    return { runId: await this.nightly.start(day) };
  }

  /** Every job may be lost in one way or another (a queue that was emptied): the plan is not. */
  @Scheduled({ every: 10 * MINUTES })
  @OnJob('forecast.resume', { queue: 'maintenance', platform: true, attempts: 1, timeout: 30 * MINUTES })
  async resume(_data: object, job: JobHandle): Promise<{ resumed: number }> {
    let resumed = 0;
    const work = async () => {
      resumed += await this.nightly.resume();
    };
    await eachTenant(this.tenants, 'forecast.resume', work, job);
    return { resumed };
  }

  /** A job that will not be tried again takes its run with it. */
  private async orFail<T>(runId: string, job: JobHandle, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!isRepeated(job, error)) await this.finisher.fail(runId, { code: 'forecasts.failed', message: messageOf(error) });
      throw error;
    }
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
