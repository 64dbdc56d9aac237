import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';

/** A database that is silent (a cut cable, a host that is gone) must be an error soon, not a wait for ever. */
export const BOUNDS = { connectionTimeoutMillis: 5_000, keepAlive: true, keepAliveInitialDelayMillis: 10_000 } as const;

/** ms after which a statement that the server ends within `timeoutMs` counts as unanswered: those sent side by side wait for each other */
export function unansweredAfter(timeoutMs: number): number {
  return 2 * timeoutMs + 5_000;
}

/** ms that the server has to take its leave of a connection */
const GOODBYE_MS = 1_000;
/** ms that a pool waits for those who still hold a connection of it */
const LAST_HOLDERS_MS = 5_000;

/** Ends a connection without asking the server. */
export function cut(client: pg.Client): void {
  (client as unknown as { connection: { stream: Duplex } }).connection.stream.destroy();
}

/** Cuts the connection when `work` takes longer: what waits for the server rejects then, and pg's end(), which waits for it too, ends. */
export async function within<T>(ms: number, client: pg.Client, work: () => Promise<T>): Promise<T> {
  const timer = setTimeout(() => cut(client), ms);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
  }
}

/** Ends a connection, within a bound and without an error: nobody needs it any more. */
export async function hangUp(client: pg.Client, bound: number = GOODBYE_MS): Promise<void> {
  await within(bound, client, () => client.end()).catch(() => undefined);
}

/** Ends a pool. Who still holds a connection after that time waits for a silent server: the end of the process cuts it. */
export async function endPool(pool: pg.Pool): Promise<void> {
  await Promise.race([pool.end(), sleep(LAST_HOLDERS_MS, undefined, { ref: false })]);
}
