import type { Client } from 'pg';
import type { TenantPlace } from './roles.js';
import { detectEngine, type Engine } from './time-series/engine.js';
import { forEngine, loadTimeTables } from './time-series/time-table.js';
import { TimeSeries } from './time-series/time-series.js';

/** How this database keeps time tables. */
export interface TimeTables {
  readonly engine: Engine;
  /** version of the extension, or null where there is none */
  readonly engineVersion: string | null;
  /** makes CREATE TABLE statements of the template fit the engine */
  render(sql: string): string;
  /** turns new, empty time tables (all, or those of the names) into partitions or chunks, in the caller's transaction */
  install(client: Client, place: TenantPlace, names?: string[]): Promise<void>;
}

/** Asks the database what it has and gives the verbs that provisioning needs. */
export async function openTimeTables(client: Client): Promise<TimeTables> {
  const info = await detectEngine(client);
  const tables = await loadTimeTables();
  return {
    engine: info.engine,
    engineVersion: info.version,
    render: (sql) => forEngine(sql, info.engine),
    install: async (into, place, names) => {
      const wanted = names ? tables.filter((table) => names.includes(table.name)) : tables;
      if (wanted.length > 0) await new TimeSeries(info, wanted).create(into, place);
    },
  };
}
