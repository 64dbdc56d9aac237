import { Injectable } from '@nestjs/common';
import type { JobName } from './job-map.js';
import type { JobRecord } from './queue-backend.js';

/** What a room knows better than the queue: how far the work is that a job has begun. */
export type ToldState = Partial<Pick<JobRecord, 'state' | 'progress' | 'result' | 'failedReason' | 'startedAt' | 'finishedAt'>>;

type Teller = (jobId: string) => Promise<ToldState | undefined>;

/**
 * Jobs that begin work which other jobs go on with: whoever asks for such a job is told how far the work is, not that its first step is
 * done. A room registers them at start; its own rows are the truth.
 */
@Injectable()
export class JobStates {
  private readonly tellers = new Map<string, Teller>();

  /** @param tell in the tenant's scope; undefined when nothing is known of that work */
  register(name: JobName, tell: Teller): void {
    this.tellers.set(name, tell);
  }

  /** The job as the room tells it. */
  async of(record: JobRecord): Promise<JobRecord> {
    return { ...record, ...(await this.tellers.get(record.name)?.(record.id)) };
  }
}
