import type { Actor, TenantRef } from './tenant-context.js';

const REQUEST_MS = 15_000;
const JOB_MS = 300_000;

/** Longest run of one statement in ms: long for jobs; short for people who wait, and shorter by `settings.statementTimeoutMs` (the plan's). */
export function statementTimeout(tenant: TenantRef, actor: Actor): number {
  if (actor.via.startsWith('job:') || actor.via === 'cli') return JOB_MS;
  const own = tenant.settings.statementTimeoutMs;
  return typeof own === 'number' && own > 0 ? Math.min(own, REQUEST_MS) : REQUEST_MS;
}
