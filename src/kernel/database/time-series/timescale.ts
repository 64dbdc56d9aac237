import type { Interval } from './interval.js';
import { identifier, ownRows, type TimeTable, type TimeTablePlace } from './time-table.js';

function instant(at: Date, table: TimeTable): string {
  return table.type === 'date' ? `date '${at.toISOString().slice(0, 10)}'` : `timestamptz '${at.toISOString()}'`;
}

function relation(table: TimeTable, place: TimeTablePlace): string {
  return `'${identifier(place.schema)}.${identifier(table.name)}'::regclass`;
}

/**
 * Makes the plain, empty table a hypertable whose chunks lie in the tenant's own chunk schema: grants reach chunks and row policies do
 * not, so tenants have no USAGE there. Our own indexes are all it needs. The trigger comes after: it then belongs to the hypertable.
 * @param extension schema of the extension's functions
 */
export function createHypertable(table: TimeTable, place: TimeTablePlace, extension: string): string[] {
  const statements = [
    `SELECT ${identifier(extension)}.create_hypertable(${relation(table, place)}, '${identifier(table.timeColumn)}'::name, ` +
      `chunk_time_interval => interval '${table.interval}', associated_schema_name => '${identifier(place.chunks)}', ` +
      `associated_table_prefix => '${table.name}', create_default_indexes => false)`,
  ];
  if (table.insertTrigger) {
    statements.push(
      `CREATE TRIGGER ${identifier(table.insertTrigger.name)} AFTER INSERT ON ${identifier(place.schema)}.${table.name} ` +
        `REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION ${place.schema}.${identifier(table.insertTrigger.function)}()`,
    );
  }
  return statements;
}

/** Chunks are made by need; only their width is kept up to date. */
export function setInterval(table: TimeTable, place: TimeTablePlace, extension: string, interval: Interval): string[] {
  return [`SELECT ${identifier(extension)}.set_chunk_time_interval(${relation(table, place)}, interval '${interval}')`];
}

/** Drops whole chunks that end at or before `before`. */
export function dropChunks(table: TimeTable, place: TimeTablePlace, extension: string, before: Date): string[] {
  return [`SELECT ${identifier(extension)}.drop_chunks(${relation(table, place)}, older_than => ${instant(before, table)})`];
}

/**
 * Prepares compression, which TimescaleDB refuses on a table with row-level security: here the wall is a CHECK on the one tenant id
 * besides the tenant's role. Segmenting by nothing and ordering by time keeps a late insert at hundredths of a millisecond.
 */
export function enableCompression(table: TimeTable, place: TimeTablePlace): string[] {
  const name = `${identifier(place.schema)}.${identifier(table.name)}`;
  return [
    `ALTER TABLE ${name} ADD CONSTRAINT tenant_only_check CHECK (${ownRows(place)})`,
    `DROP POLICY IF EXISTS tenant_isolation_policy ON ${name}`,
    `ALTER TABLE ${name} NO FORCE ROW LEVEL SECURITY`,
    `ALTER TABLE ${name} DISABLE ROW LEVEL SECURITY`,
    `ALTER TABLE ${name} SET (timescaledb.compress, timescaledb.compress_segmentby = '', timescaledb.compress_orderby = '${identifier(table.timeColumn)} DESC')`,
  ];
}

/** Compresses the chunks that end at or before `before` and are not compressed yet. */
export function compressChunks(table: TimeTable, place: TimeTablePlace, extension: string, before: Date): string[] {
  const schema = identifier(extension);
  return [
    `SELECT ${schema}.compress_chunk(c, if_not_compressed => true) FROM ${schema}.show_chunks(${relation(table, place)}, older_than => ${instant(before, table)}) c`,
  ];
}
