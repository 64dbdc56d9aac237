import { Choice, Instant, OpenData, Part, Text, Uuid } from '../http/fields.js';

/** Why a job failed. */
export class JobErrorDto {
  /**
   * Code of the closed list; `jobs.failed` when there is none.
   * @example imports.unknown_column
   */
  @Text(100)
  code: string;

  /** What happened, in words. */
  @Text(2000)
  detail: string;
}

/** A piece of work that goes on after its request was answered. */
export class JobDto {
  /** @example 01980000-0000-7000-8000-000000000001 */
  @Uuid()
  id: string;

  /** @example forecast.run */
  @Text(100)
  name: string;

  /** A failed job is tried no more. */
  @Choice(['waiting', 'delayed', 'active', 'completed', 'failed'])
  state: 'waiting' | 'delayed' | 'active' | 'completed' | 'failed';

  /** How far it is, as the job itself tells: usually `percent`. */
  @OpenData({ nullable: true })
  progress: Record<string, unknown> | null;

  /** What it answered, once completed. */
  @OpenData({ nullable: true })
  result: Record<string, unknown> | null;

  /** Why it failed, once failed. */
  @Part(JobErrorDto, { nullable: true })
  error: JobErrorDto | null;

  @Instant()
  createdAt: string;

  @Instant({ nullable: true })
  startedAt: string | null;

  @Instant({ nullable: true })
  finishedAt: string | null;
}
