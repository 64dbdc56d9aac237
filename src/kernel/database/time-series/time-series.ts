import type { EngineInfo, SqlClient } from './engine.js';
import { addIntervals, startOf, type Interval } from './interval.js';
import {
  addPartition,
  createNative,
  dropOlderNative,
  missingRanges,
  moveFromDefault,
  partitionName,
  rangeCondition,
  type Range,
} from './native.js';
import type { TimeTable, TimeTablePlace } from './time-table.js';
import { compressChunks, createHypertable, dropChunks, enableCompression, setInterval } from './timescale.js';

/** Rows a chunk must hold before compressing it is worth giving up row-level security for a CHECK. */
const WORTH_COMPRESSING = 100_000;

/**
 * The verbs of the time tables, the same on every engine. Each runs on the caller's short-lived connection as the owner, inside the
 * caller's transaction and under the tenant's settings.
 */
export class TimeSeries {
  constructor(
    private readonly info: EngineInfo,
    private readonly tables: readonly TimeTable[],
  ) {}

  table(name: string): TimeTable {
    const found = this.tables.find((table) => table.name === name);
    if (!found) throw new Error(`${name} is no time table`);
    return found;
  }

  /** Turns the new, empty time tables of a tenant into partitioned tables or hypertables. */
  async create(client: SqlClient, place: TimeTablePlace, now: Date = new Date()): Promise<void> {
    const statements = this.tables.flatMap((table) =>
      this.info.engine === 'native' ? createNative(table, place, now) : createHypertable(table, place, this.extension()),
    );
    await client.query(statements.join(';\n'));
  }

  /**
   * Makes the partitions of the present and the coming intervals; rows that meanwhile fell into the guard move into them.
   * @param interval width of new partitions or chunks, by default the table's
   * @returns names of the partitions made (none with TimescaleDB, which makes chunks by need)
   */
  async ensureAhead(
    client: SqlClient,
    place: TimeTablePlace,
    name: string,
    interval?: Interval,
    now: Date = new Date(),
  ): Promise<string[]> {
    const table = this.table(name);
    const width = interval ?? table.interval;
    if (this.info.engine !== 'native') {
      await run(client, setInterval(table, place, this.extension(), width));
      return [];
    }
    const made: string[] = [];
    for (const range of missingRanges(table, await partitions(client, table, place), now, width)) {
      const guarded = await client.query(
        `SELECT FROM ${place.chunks}.${partitionName(table, 'default')} WHERE ${rangeCondition(table, range)} LIMIT 1`,
      );
      const statements =
        guarded.rows.length > 0
          ? moveFromDefault(table, place, range, await columns(client, table, place))
          : addPartition(table, place, range);
      await run(client, statements);
      made.push(partitionName(table, range));
    }
    return made;
  }

  /** Drops what is wholly older than `before`. A table without retention is kept: dropping would break level = sum of movements. */
  async dropOlder(client: SqlClient, place: TimeTablePlace, name: string, before: Date): Promise<void> {
    const table = this.table(name);
    if (!table.retention) throw new Error(`${name} is kept: it has no retention`);
    await run(
      client,
      this.info.engine === 'native'
        ? dropOlderNative(table, place, await partitions(client, table, place), before)
        : dropChunks(table, place, this.extension(), before),
    );
  }

  /**
   * Compresses what is older than two intervals where the engine can (TimescaleDB's own licence) and the chunks are large.
   * @returns whether anything was compressed
   */
  async compressOlder(
    client: SqlClient,
    place: TimeTablePlace,
    name: string,
    interval?: Interval,
    now: Date = new Date(),
  ): Promise<boolean> {
    if (this.info.engine !== 'timescaledb-tsl') return false;
    const table = this.table(name);
    const width = interval ?? table.interval;
    const { rows } = await client.query(
      `SELECT (SELECT max(c.reltuples) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = t.oid)::float8 AS largest,
         EXISTS (SELECT FROM pg_constraint WHERE conrelid = t.oid AND conname = 'tenant_only_check') AS prepared
       FROM pg_class t WHERE t.oid = to_regclass($1)`,
      [`${place.schema}.${table.name}`],
    );
    const [state] = rows as { largest: number | null; prepared: boolean }[];
    if (!state || (state.largest ?? 0) < WORTH_COMPRESSING) return false;
    if (!state.prepared) await run(client, enableCompression(table, place));
    await run(client, compressChunks(table, place, this.extension(), addIntervals(startOf(now, width), -1, width)));
    return true;
  }

  private extension(): string {
    if (!this.info.schema) throw new Error('TimescaleDB is not installed in this database');
    return this.info.schema;
  }
}

async function run(client: SqlClient, statements: string[]): Promise<void> {
  for (const statement of statements) await client.query(statement);
}

/** The ranged partitions of a table, from the catalog (by oid: information_schema does not scale to a thousand schemas). */
async function partitions(client: SqlClient, table: TimeTable, place: TimeTablePlace): Promise<(Range & { name: string })[]> {
  const { rows } = await client.query(
    `SELECT c.relname AS name, pg_get_expr(c.relpartbound, c.oid) AS bound
       FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
      WHERE i.inhparent = to_regclass($1) AND c.relispartition`,
    [`${place.schema}.${table.name}`],
  );
  return (rows as { name: string; bound: string }[])
    .filter(({ bound }) => bound !== 'DEFAULT')
    .map(({ name, bound }) => ({ name, ...parseBound(bound) }));
}

/** `FOR VALUES FROM ('2026-01-01 00:00:00+00') TO ('2027-01-01 00:00:00+00')` as dates; MINVALUE and MAXVALUE as null. */
export function parseBound(text: string): Range {
  const found = /^FOR VALUES FROM \((MINVALUE|'[^']+')\) TO \((MAXVALUE|'[^']+')\)$/.exec(text);
  if (!found) throw new Error(`unexpected partition bound: ${text}`);
  const [from, to] = [found[1], found[2]].map((side) => (side?.startsWith("'") ? parseInstant(side.slice(1, -1)) : null));
  return { from: from ?? null, to: to ?? null };
}

function parseInstant(text: string): Date {
  const iso = text.includes(' ') ? text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00') : `${text}T00:00:00Z`;
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) throw new Error(`unexpected partition bound: ${text}`);
  return at;
}

async function columns(client: SqlClient, table: TimeTable, place: TimeTablePlace): Promise<string[]> {
  const { rows } = await client.query(
    `SELECT attname AS name FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum`,
    [`${place.schema}.${table.name}`],
  );
  return (rows as { name: string }[]).map(({ name }) => name);
}
