import type { Client } from 'pg';
import { tenantPlace, type TenantPlace } from './roles.js';
import { enterTenant } from './tenant-schema.js';
import { detectEngine, type Engine, type EngineInfo } from './time-series/engine.js';
import { intervalFor, type Interval } from './time-series/interval.js';
import { missingRanges, type Range } from './time-series/native.js';
import { loadTimeTables, type TimeTable } from './time-series/time-table.js';
import { parseBound, TimeSeries } from './time-series/time-series.js';
import { laneConnection, withClient, type DatabaseTopology } from './topology.js';

/** What one round of maintenance did. */
export interface MaintenanceReport {
  /** tenants that were looked at, and those of them that were due */
  tenants: number;
  maintained: number;
  /** names of the partitions made */
  made: string[];
  /** tenants whose turn failed: nothing of it was kept, the next round tries again */
  failed: { schema: string; error: string }[];
}

export interface MaintenanceOptions {
  now?: Date;
  /** ends the round between two tenants */
  signal?: AbortSignal;
}

interface TenantRow {
  id: string;
  schema: string;
  engine: Engine | null;
  /** before when rows are dropped, by time table; null = kept */
  before: Record<string, Date | null>;
}

interface Partition extends Range {
  rows: number;
}

const TENANTS = `
SELECT t.id, t.schema_name::text AS schema, t.engine, p.event_retention::text AS "eventRetention"
  FROM shared.tenants t JOIN shared.plans p ON p.code = t.plan
 WHERE t.status <> 'deleting' ORDER BY t.id`;

// all partitions of the fleet in one look, by oid. A bound names no column: without its relation pg_get_expr takes no lock, so that a table
// that is locked holds nobody else up.
const PARTITIONS = `
SELECT n.nspname AS schema, p.relname AS table, pg_get_expr(c.relpartbound, 0) AS bound, greatest(c.reltuples, 0)::float8 AS rows
  FROM pg_inherits i
  JOIN pg_class p ON p.oid = i.inhparent AND p.relkind = 'p' AND p.relname = ANY ($1)
  JOIN pg_namespace n ON n.oid = p.relnamespace
  JOIN pg_class c ON c.oid = i.inhrelid`;

const LOCK_TIMEOUT_MS = 500;
const ATTEMPTS = 5;
const DAY = 86_400_000;

/**
 * Looks after the time tables of all tenants: partitions ahead, what is past its retention dropped, what may be compressed compressed.
 * Tenants that are not due cost no connection. Each of the others gets a fresh one (DDL bloats a backend's caches), an advisory lock, so
 * that two processes never work on one tenant, and one transaction.
 */
export async function maintainTimeTables(
  topology: DatabaseTopology,
  { now = new Date(), signal }: MaintenanceOptions = {},
): Promise<MaintenanceReport> {
  const tables = await loadTimeTables();
  const owner = laneConnection(topology, 'owner');
  const { info, tenants, partitions } = await withClient(owner, async (client) => ({
    info: await detectEngine(client),
    tenants: await readTenants(client, tables, now),
    partitions: await readPartitions(client, tables),
  }));
  const report: MaintenanceReport = { tenants: tenants.length, maintained: 0, made: [], failed: [] };
  for (const tenant of tenants) {
    signal?.throwIfAborted();
    const plan = planOf(tenant, tables, partitions, now);
    if (plan.length === 0) continue;
    try {
      const made = await retryLocked(() => withClient(owner, (client) => maintain(client, topology, info, tenant, plan, now)));
      report.made.push(...made.map((name) => `${tenant.schema}.${name}`));
      report.maintained++;
    } catch (error) {
      report.failed.push({ schema: tenant.schema, error: error instanceof Error ? error.message : String(error) });
    }
  }
  return report;
}

async function readTenants(client: Client, tables: readonly TimeTable[], now: Date): Promise<TenantRow[]> {
  const { rows } = await client.query<Omit<TenantRow, 'before'> & { eventRetention: string }>(TENANTS);
  const known = new Map<string, Date>();
  const before = async (age: string): Promise<Date> => {
    if (!known.has(age)) {
      const { rows: found } = await client.query<{ at: Date }>('SELECT $1::timestamptz - $2::interval AS at', [now, age]);
      known.set(age, found[0]!.at);
    }
    return known.get(age)!;
  };
  const tenants: TenantRow[] = [];
  for (const { eventRetention, ...tenant } of rows) {
    const limits: TenantRow['before'] = {};
    for (const { name, retention } of tables) {
      const age = retention === null ? null : name === 'events' ? eventRetention : retention;
      limits[name] = age === null ? null : await before(age);
    }
    tenants.push({ ...tenant, before: limits });
  }
  return tenants;
}

async function readPartitions(client: Client, tables: readonly TimeTable[]): Promise<Map<string, Partition[]>> {
  const { rows } = await client.query<{ schema: string; table: string; bound: string; rows: number }>(PARTITIONS, [
    tables.map((table) => table.name),
  ]);
  const found = new Map<string, Partition[]>();
  for (const { schema, table, bound, rows: count } of rows) {
    if (bound === 'DEFAULT') continue;
    const key = `${schema}.${table}`;
    found.set(key, [...(found.get(key) ?? []), { ...parseBound(bound), rows: count }]);
  }
  return found;
}

interface Step {
  table: string;
  interval: Interval;
  /** drop what is older; null = nothing to drop */
  before: Date | null;
}

/** What is to be done for a tenant; nothing when it is in order. With TimescaleDB chunks are not ours to count: always looked at. */
function planOf(tenant: TenantRow, tables: readonly TimeTable[], partitions: Map<string, Partition[]>, now: Date): Step[] {
  const steps = tables.map((table) => {
    const existing = partitions.get(`${tenant.schema}.${table.name}`) ?? [];
    const before = tenant.before[table.name] ?? null;
    const interval = narrower(table.interval, intervalFor(rowsPerYear(existing, now)));
    const native = tenant.engine === null || tenant.engine === 'native';
    const drops = before !== null && existing.some(({ to }) => to !== null && to <= before);
    const due = !native || drops || missingRanges(table, existing, now, interval).length > 0;
    return { step: { table: table.name, interval, before: drops || !native ? before : null }, due };
  });
  return steps.some(({ due }) => due) ? steps.map(({ step }) => step) : [];
}

const WIDTHS: readonly Interval[] = ['1 week', '1 month', '3 months', '1 year'];

function narrower(a: Interval, b: Interval): Interval {
  return WIDTHS[Math.min(WIDTHS.indexOf(a), WIDTHS.indexOf(b))]!;
}

/** Rows that a tenant writes in a year, by the planner's counts of the partitions of the last one. */
export function rowsPerYear(partitions: readonly Partition[], now: Date): number {
  const yearAgo = now.getTime() - 365 * DAY;
  let rows = 0;
  let days = 0;
  for (const { from, to, rows: count } of partitions) {
    if (from === null || to === null || to.getTime() <= yearAgo || from >= now) continue;
    rows += count;
    days += (Math.min(to.getTime(), now.getTime()) - from.getTime()) / DAY;
  }
  // the first days of a new year say little: a month at least
  return days === 0 ? 0 : (rows / Math.max(30, days)) * 365;
}

async function maintain(
  client: Client,
  topology: DatabaseTopology,
  info: EngineInfo,
  tenant: TenantRow,
  plan: readonly Step[],
  now: Date,
): Promise<string[]> {
  const place: TenantPlace = tenantPlace(topology.roles.prefix, tenant.id, tenant.schema);
  // a tenant keeps the engine it was built on
  const engine: EngineInfo = tenant.engine === 'native' ? { engine: 'native', version: null, schema: null } : info;
  const series = new TimeSeries(engine, await loadTimeTables());
  const made: string[] = [];
  await client.query(`BEGIN; SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
  const { rows } = await client.query<{ mine: boolean }>(
    `SELECT pg_try_advisory_xact_lock(hashtextextended('fluxion:time-tables/' || $1, 0)) AS mine`,
    [tenant.id],
  );
  if (rows[0]?.mine) {
    await enterTenant(client, place, 'job:timeseries.maintain');
    for (const { table, interval, before } of plan) {
      made.push(...(await series.ensureAhead(client, place, table, interval, now)));
      if (before !== null) await series.dropOlder(client, place, table, before);
      await series.compressOlder(client, place, table, interval, now);
    }
  }
  await client.query('COMMIT');
  return made;
}

/** Traffic that holds a lock is waited for briefly, and tried again with jitter. */
async function retryLocked<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (Reflect.get(Object(error), 'code') !== '55P03' || attempt === ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 100 * 2 ** attempt));
    }
  }
}
