import type { Client } from 'pg';
import type { TenantPlace } from './roles.js';

/** How this database keeps time tables; the time-series layer implements it. */
export interface TimeTables {
  readonly engine: 'native' | 'timescaledb-apache' | 'timescaledb-tsl';
  /** version of the extension, or of PostgreSQL where there is none */
  readonly engineVersion: string;
  /** makes CREATE TABLE statements of the template fit the engine */
  render(sql: string): string;
  /** turns the time tables of a new schema into partitions or chunks, in the caller's transaction */
  install(client: Client, place: TenantPlace): Promise<void>;
}
