import { Inject, Injectable } from '@nestjs/common';
import { OnJob, Scheduled } from './on-job.js';
import { QUEUE_BACKEND, type QueueBackend } from './queue-backend.js';

const HOUR = 3_600_000;
/** how long `GET /v1/jobs/{id}` shows a finished job that was kept */
export const KEPT_FOR = 24 * HOUR;
/** how long a failed job stays to be looked at and retried */
export const FAILED_FOR = 14 * 24 * HOUR;

/** Removal by age or count as an option of the job deadlocks on PostgreSQL; one sweep does not. */
@Injectable()
export class JobSweeper {
  constructor(@Inject(QUEUE_BACKEND) private readonly backend: QueueBackend) {}

  @Scheduled({ every: HOUR / 4 })
  @OnJob('jobs.sweep', { queue: 'maintenance', platform: true, attempts: 1 })
  async sweep(): Promise<{ removed: number }> {
    return { removed: (await this.backend.clean('completed', KEPT_FOR)) + (await this.backend.clean('failed', FAILED_FOR)) };
  }
}
