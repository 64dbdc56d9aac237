import { setTimeout as delay } from 'node:timers/promises';
import type { ApiSession } from './api-session.js';

const EVERY_MS = 200;
/** A crossing is an alert well within this time; after it there is none to wait for. */
const SOON_MS = 5_000;

/**
 * Waits until the tenant's administrator sees an alert; or, once everything is taken in and still nothing is low, a while longer.
 * @param takenIn resolves when all stock and sales are in
 * @returns whether there is an alert
 */
export async function firstAlert(session: ApiSession, takenIn: Promise<void>, signal: AbortSignal): Promise<boolean> {
  let until = Infinity;
  takenIn.then(
    () => (until = Date.now() + SOON_MS),
    () => (until = 0),
  );
  while (Date.now() < until) {
    const { data } = await session.request<{ data: unknown[] }>('GET', '/v1/alerts?limit=1');
    if (data.length > 0) return true;
    await delay(EVERY_MS, undefined, { signal });
  }
  return false;
}
