import type { JobDto } from './job.dto.js';
import type { JobRecord } from './queue-backend.js';

const PROBLEM = /^([a-z][a-z_]*\.[a-z][a-z_]*)(?:: ([\s\S]+))?$/;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function progressOf(value: unknown): Record<string, unknown> | null {
  if (typeof value === 'number') return value === 0 ? null : { percent: value };
  return isRecord(value) ? value : null;
}

/** A job as its tenant may see it. An unexpected error's own text stays inside: it may name tables or hold values of rows. */
export function jobView(record: JobRecord): JobDto {
  const { id, name, state, progress, result, failedReason, createdAt, startedAt, finishedAt } = record;
  const problem = PROBLEM.exec(failedReason ?? '');
  const error = {
    code: problem?.[1] ?? 'jobs.failed',
    detail: (problem ? (problem[2] ?? problem[1]!) : `Job ${id} failed; the log names the cause.`).slice(0, 2000),
  };
  return {
    id,
    name,
    state: state === 'waiting-children' ? 'waiting' : state,
    progress: progressOf(progress),
    result:
      state !== 'completed' || result === null || result === undefined ? null : isRecord(result) ? result : { value: result },
    error: state === 'failed' ? error : null,
    createdAt: createdAt.toISOString(),
    startedAt: startedAt?.toISOString() ?? null,
    finishedAt: finishedAt?.toISOString() ?? null,
  };
}
