import { createPostgresBackend, runMigrations } from 'bullmq';
import pg from 'pg';
import type { ClientConfig } from 'pg';
import { laneConnection, type DatabaseTopology } from '../database/topology.js';
import { QUEUES } from './job-map.js';

/** Injection token of the queue's pg.Pool. */
export const QUEUE_POOL = Symbol('QUEUE_POOL');

export type PostgresConnection = Parameters<typeof createPostgresBackend>[1]['connection'];

/** pg_temp last: else a temporary table of the session would be found before the queue's own */
const SEARCH_PATH = 'bullmq,pg_temp';

/** ms; a statement of the queue takes milliseconds, and a LISTEN connection hears its notifications without one */
const ANSWER_MS = 60_000;
/** ms; BullMQ never tries a producer's first connection again: a process that is slow to start must not lose it */
const CONNECT_MS = 30_000;

/** The queue's own connections: direct (session mode, for LISTEN), under the role that owns schema `bullmq`. */
export function queueConnection(topology: DatabaseTopology): ClientConfig {
  // BullMQ reads its columns by pg's own types
  return { ...laneConnection(topology, 'queue', SEARCH_PATH), types: undefined, application_name: 'fluxion queue' };
}

/**
 * One pool for everything BullMQ does here. Each worker keeps one connection for LISTEN; with fewer than 6 beside those it can hang.
 * @param workers true in a process that works on jobs
 */
export function openQueuePool(topology: DatabaseTopology, workers: boolean): pg.Pool {
  const max = (workers ? QUEUES.length : 0) + 6;
  const pool = new pg.Pool({ ...queueConnection(topology), max, query_timeout: ANSWER_MS, connectionTimeoutMillis: CONNECT_MS });
  pool.setMaxListeners(0); // every queue and worker listens
  pool.on('error', () => undefined); // an idle connection that died: the pool replaces it
  // one that dies while it is checked out and no statement runs would end the process otherwise; the next statement rejects
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

const UNPINNED = `SELECT p.oid::regprocedure::text AS name FROM pg_proc p
   WHERE p.pronamespace = 'bullmq'::regnamespace
     AND (NOT coalesce(p.proconfig, '{}') @> ARRAY['search_path=bullmq, pg_temp']
       OR EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a WHERE a.grantee = 0 AND a.privilege_type = 'EXECUTE'))`;

const PIN = `DO $$
DECLARE f regprocedure;
BEGIN
  FOR f IN SELECT oid FROM pg_proc WHERE pronamespace = 'bullmq'::regnamespace LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = bullmq, pg_temp', f);
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
  END LOOP;
END $$`;

/** The queue's functions that a temporary table could fool or that PUBLIC may call; empty when all is well (health check "walls"). */
export async function unpinnedQueueFunctions(client: Pick<pg.Client, 'query'>): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(UNPINNED);
  return rows.map((row) => row.name);
}

/** @throws with the names when a function of schema `bullmq` is not pinned or open to PUBLIC */
export async function checkQueuePinned(client: Pick<pg.Client, 'query'>): Promise<void> {
  const open = await unpinnedQueueFunctions(client);
  if (open.length > 0) throw new Error(`schema bullmq: not pinned or open to PUBLIC: ${open.join(', ')}`);
}

/**
 * Brings schema `bullmq` to the installed BullMQ's version and pins its functions; safe to repeat and to run side by side.
 * @param client a connection of the queue role (see queueConnection): it owns the schema and may not make schemas, so BullMQ's
 *   CREATE SCHEMA IF NOT EXISTS, which asks for that right even when the schema is there, is not sent
 */
export async function migrateQueue(client: Pick<pg.Client, 'query'>): Promise<void> {
  await runMigrations(
    {
      query: (text: string, values?: readonly unknown[]) =>
        text.startsWith('CREATE SCHEMA') ? Promise.resolve({ rows: [] }) : client.query(text, values ? [...values] : undefined),
    } as Parameters<typeof runMigrations>[0],
    'bullmq',
  );
  // runMigrations sets search_path to "bullmq" alone, which every function of it keeps; a second migrator waits for the first
  if ((await unpinnedQueueFunctions(client)).length === 0) return;
  await client.query(`BEGIN; SELECT pg_advisory_xact_lock(hashtext('fluxion:pin-queue')); ${PIN}; COMMIT`);
}
