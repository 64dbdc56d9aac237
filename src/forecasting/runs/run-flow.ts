import { Inject, Injectable } from '@nestjs/common';
import { tenantScope } from '../../kernel/database/tenant-context.js';
import { TENANT_DIRECTORY, type TenantDirectory } from '../../kernel/jobs/tenant-directory.js';
import { RunJobs } from './run-jobs.js';
import { RunEndedError } from './run-watch.js';
import { RunsRepository } from './runs.repository.js';

/** Moves a run from one phase to the next: called in the transaction that stores what the phase has made. */
@Injectable()
export class RunFlow {
  constructor(
    private readonly runs: RunsRepository,
    private readonly jobs: RunJobs,
    @Inject(TENANT_DIRECTORY) private readonly tenants: TenantDirectory,
  ) {}

  /** Whether a run may be worked on. That of a tenant that is no longer active ends as cancelled. */
  async mayGoOn(runId: string): Promise<boolean> {
    const tenant = await this.tenants.byId(tenantScope().tenant.id);
    if (tenant?.status === 'active') return this.runs.isOpen(runId);
    await this.runs.end(runId, 'cancelled');
    return false;
  }

  /** The run has learned: its batches are handed out. @returns false when they are already, or the run has ended */
  async learned(runId: string): Promise<boolean> {
    if (!(await this.runs.learned(runId))) return false;
    await this.jobs.first(runId);
    return true;
  }

  /**
   * Counts a batch that is done and hands out what comes next: the lane's next batch, or after the last one the end of the run.
   * @throws RunEndedError so that nothing is stored for a run that has ended
   */
  async count(runId: string, { series, failed, lane }: { series: number; failed: number; lane: number }): Promise<void> {
    const progress = await this.runs.advance(runId, series, failed);
    if (!progress) throw new RunEndedError();
    if (progress.last) await this.jobs.finalise(runId);
    else await this.jobs.next(runId, lane);
  }
}
