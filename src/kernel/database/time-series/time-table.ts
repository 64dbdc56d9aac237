import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { projectRoot } from '../topology.js';
import type { Engine } from './engine.js';
import type { Interval } from './interval.js';

/** One table of `tenant-template/time-tables.json`. */
export interface TimeTable {
  name: string;
  timeColumn: string;
  type: 'timestamptz' | 'date';
  /** width of a partition or chunk for a small tenant; see `intervalFor` */
  interval: Interval;
  /** partitions kept ready after the present one */
  ahead: number;
  /** partitions before the present one that a new tenant gets */
  behind: number;
  /** one open-ended partition for everything earlier: imported history needs no partition a year */
  history: boolean;
  /** age after which rows are dropped, as an SQL interval; null = kept */
  retention: string | null;
  /** statement trigger that every partition needs a copy of: it fires only for the table that a statement names */
  insertTrigger: { name: string; function: string } | null;
}

/** Where a tenant's tables and their partitions or chunks are. */
export interface TimeTablePlace {
  id: string;
  schema: string;
  chunks: string;
}

/** Reads the list of time tables of the template. */
export async function loadTimeTables(folder: string = path.join(projectRoot, 'tenant-template')): Promise<TimeTable[]> {
  const list = JSON.parse(await readFile(path.join(folder, 'time-tables.json'), 'utf8')) as Record<
    string,
    Omit<TimeTable, 'name'>
  >;
  return Object.entries(list).map(([name, table]) => ({ name, ...table }));
}

/**
 * The template's text for an engine. A time table ends with the comment `partition by range (column)`: where PostgreSQL itself
 * partitions, the comment becomes code; TimescaleDB takes the plain table.
 */
export function forEngine(sql: string, engine: Engine): string {
  if (engine !== 'native') return sql;
  return sql.replaceAll(/\/\* partition by range \((\w+)\) \*\//g, 'PARTITION BY RANGE ($1)');
}

/** An identifier of our own making, or an error: nothing else is ever put into DDL. */
export function identifier(name: string): string {
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(name)) throw new Error(`not an identifier: ${name}`);
  return name;
}

/** The condition that a row belongs to the place's tenant, as a constant (see tenant-template/after-each-table.sql). */
export function ownRows({ id }: TimeTablePlace): string {
  if (!/^[0-9a-f-]{36}$/.test(id)) throw new Error(`not a tenant id: ${id}`);
  return `tenant_id = '${id}'`;
}
