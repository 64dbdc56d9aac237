import { Injectable, Logger } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import { AfterRun, type RunStep } from './after-run.js';
import { BatchesRepository } from './batches.repository.js';
import { InForceRepository } from './in-force.repository.js';
import { mergeMetrics } from './run-metrics.js';
import { resultOf } from './run-states.js';
import type { ForecastRunResult } from './runs.events.js';
import { RunsRepository, type RunState } from './runs.repository.js';

/** Ends a run whose batches are all done: puts it in force, once, and then does what follows from it. */
@Injectable()
export class RunFinisher {
  private readonly logger = new Logger('Forecasts');

  constructor(
    private readonly unit: UnitOfWork,
    private readonly runs: RunsRepository,
    private readonly batches: BatchesRepository,
    private readonly inForce: InForceRepository,
    private readonly after: AfterRun,
  ) {}

  /**
   * A process that dies in between goes on with the step that is not done; a second time it does nothing.
   * @param mayRepeat whether the job will be tried again after an error: if not, a step that fails is noted as failed, and the next follow
   * @returns null when the run is gone
   */
  async finish(runId: string, signal: AbortSignal, mayRepeat: (error: unknown) => boolean): Promise<ForecastRunResult | null> {
    await this.complete(runId);
    const run = await this.runs.find(runId);
    if (!run) return null;
    if (run.phase !== 'settle') return resultOf(run);
    for (const step of this.after.steps) {
      signal.throwIfAborted();
      if (run.steps[step.name]) continue;
      run.steps[step.name] = await this.answerOf(step, run, signal, mayRepeat);
      await this.runs.noteStep(runId, step.name, run.steps[step.name]!);
    }
    await this.runs.settle(runId);
    return resultOf(run);
  }

  /** Ends an open run that cannot be brought to its end. */
  async fail(runId: string, error: { code: string; message: string }): Promise<void> {
    await this.runs.end(runId, 'failed', error);
  }

  private async complete(runId: string): Promise<void> {
    await this.unit.transaction(async () => {
      const run = await this.runs.find(runId);
      if (run?.phase !== 'finalise') return;
      const metrics = { ...run.metrics, ...mergeMetrics(await this.batches.metrics(runId)) };
      if (!(await this.runs.complete(runId, metrics))) return;
      await this.inForce.put(run);
      await this.batches.dropEnded();
    });
  }

  private async answerOf(
    step: RunStep,
    run: RunState,
    signal: AbortSignal,
    mayRepeat: (error: unknown) => boolean,
  ): Promise<Record<string, unknown>> {
    try {
      return await step.run(run, signal);
    } catch (error) {
      if (mayRepeat(error)) throw error;
      this.logger.error(`run ${run.id}, step ${step.name}: ${String(error)}`, error instanceof Error ? error.stack : undefined);
      return { failed: true };
    }
  }
}
