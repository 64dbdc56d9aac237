import type { Actor, TenantRef } from './tenant-context.js';

const REQUEST_MS = 15_000;
const JOB_MS = 300_000;

/** Longest run of one statement in ms: short for people who wait, long for jobs; `settings.statementTimeoutMs` of the tenant lowers it. */
export function statementTimeout(tenant: TenantRef, actor: Actor): number {
  const limit = actor.via.startsWith('job:') || actor.via === 'cli' ? JOB_MS : REQUEST_MS;
  const own = tenant.settings.statementTimeoutMs;
  return typeof own === 'number' && own > 0 ? Math.min(own, limit) : limit;
}
