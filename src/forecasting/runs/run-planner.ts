import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import { ENGINE_VERSION } from '../engine/series.js';
import { BatchesRepository } from './batches.repository.js';
import { PlanSources } from './plan-sources.js';
import { RunJobs } from './run-jobs.js';
import { RunsRepository } from './runs.repository.js';
import { BATCH, equalParts } from './series-batches.js';

/** Decides what a run has to do. */
@Injectable()
export class RunPlanner {
  constructor(
    private readonly unit: UnitOfWork,
    private readonly runs: RunsRepository,
    private readonly batches: BatchesRepository,
    private readonly sources: PlanSources,
    private readonly jobs: RunJobs,
  ) {}

  /** Plans a run and hands out its first jobs, all or nothing; one that is planned stays as it is. @returns what there is to do */
  async plan(runId: string): Promise<{ series: number; batches: number }> {
    const run = await this.runs.find(runId);
    if (run?.status !== 'queued') return { series: run?.seriesTotal ?? 0, batches: run?.batchesTotal ?? 0 };
    await this.batches.dropEnded();
    const plan = run.mode === 'full' ? await this.sources.everything(run) : await this.sources.changed(run);
    const { batches, sample, knowledgeRunId, kept, reasons } = plan;
    const series = batches.reduce((sum, batch) => sum + batch.length, 0);
    const phase = batches.length === 0 ? 'finalise' : sample.length > 0 ? 'learn' : 'forecast';
    return this.unit.transaction(async () => {
      const metrics = reasons ? { reasons } : {};
      const begun = {
        phase,
        modelVersion: ENGINE_VERSION,
        series,
        kept,
        batches: batches.length,
        knowledgeRunId,
        metrics,
      } as const;
      if (!(await this.runs.begin(runId, begun))) return { series, batches: batches.length };
      await this.batches.insert(runId, 'series', batches);
      await this.batches.insert(runId, 'sample', sample.length > 0 ? equalParts(sample, BATCH.most) : []);
      if (phase === 'finalise') await this.jobs.finalise(runId);
      else if (phase === 'learn') await this.jobs.learn(runId);
      else await this.jobs.first(runId);
      return { series, batches: batches.length };
    });
  }
}
