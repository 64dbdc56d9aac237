import { createHash } from 'node:crypto';
import { uuidV7 } from '../database/uuid-v7.js';

const RANDOM = /^[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

function dashed(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/**
 * The id of a job: a random one when none is given, a v4 or v7 uuid as it is, any other text as the cause of the job. The same formula
 * as gate.job_id, so that a cause names the same job from inside and from outside the tenant's scope.
 * @param owner the tenant's id; `platform` without one
 */
export function jobId(owner: string | undefined, queue: string, id: string | undefined): string {
  if (!id) return uuidV7();
  if (RANDOM.test(id)) return id;
  const hex = createHash('md5')
    .update(`${owner ?? 'platform'}/${queue}/${id}`)
    .digest('hex');
  return dashed(`${hex.slice(0, 12)}8${hex.slice(13, 16)}8${hex.slice(17)}`);
}
