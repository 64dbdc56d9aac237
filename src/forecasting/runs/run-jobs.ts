import { Injectable } from '@nestjs/common';
import { JobQueue } from '../../kernel/jobs/job-queue.js';
import { BatchesRepository, type QueuedBatch } from './batches.repository.js';
import type { RunPhase } from './runs.dto.js';

/**
 * Batches of one run that are handed out at once. Each has a lane, which is the priority of its job: the first batch of every tenant
 * comes before the second of any. So a tenant with hundreds of batches has all workers while it is alone, and keeps one that comes later
 * waiting for no longer than one batch takes.
 */
export const LANES = 32;

/**
 * Hands out the jobs of a run, in the transaction that makes them possible. What has to be done stands in the run and its batches: a job
 * that comes twice finds it done, one that is lost is handed out again.
 */
@Injectable()
export class RunJobs {
  constructor(
    private readonly queue: JobQueue,
    private readonly batches: BatchesRepository,
  ) {}

  /** @param id the job's id too: asked for twice, it is one job */
  async plan(id: string): Promise<void> {
    await this.queue.add('forecast.run', { runId: id }, { id, keep: true });
  }

  /** Behind every tenant's first batch, not before it: it keeps a core busy as one does. */
  async learn(runId: string): Promise<void> {
    await this.queue.add('forecast.learn', { runId }, { priority: 1 });
  }

  async finalise(runId: string): Promise<void> {
    await this.queue.add('forecast.finalise', { runId });
  }

  /** Hands out the first batches of a run. */
  async first(runId: string): Promise<void> {
    await this.add(runId, await this.batches.queueFirst(runId, LANES));
  }

  /** Hands out the next batch in a lane that has become free. */
  async next(runId: string, lane: number): Promise<void> {
    const batch = await this.batches.queueNext(runId, lane);
    if (batch) await this.add(runId, [batch]);
  }

  /** Hands out again what a run waits for. @param minutes batches that were handed out later are left alone */
  async again(runId: string, phase: RunPhase, minutes: number): Promise<void> {
    if (phase === 'plan') await this.queue.add('forecast.run', { runId });
    else if (phase === 'learn') await this.learn(runId);
    else if (phase === 'forecast') await this.add(runId, await this.batches.requeue(runId, minutes));
    else await this.finalise(runId);
  }

  private async add(runId: string, batches: readonly QueuedBatch[]): Promise<void> {
    await this.queue.addBulk(
      batches.map(({ number, lane }) => ({ name: 'forecast.batch', data: { runId, number }, options: { priority: lane } })),
    );
  }
}
