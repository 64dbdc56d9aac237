/** What keeps the time tables of a database (or of one tenant in it). */
export type Engine = 'native' | 'timescaledb-apache' | 'timescaledb-tsl';

export interface EngineInfo {
  engine: Engine;
  /** version of the extension; null when native */
  version: string | null;
  /** schema that holds the extension's functions; null when native */
  schema: string | null;
}

/** The part of a pg client that this folder needs. */
export interface SqlClient {
  query(sql: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
}

// an installed extension whose library is not loaded has no licence setting (the list of libraries itself is for superusers only)
const DETECT = `
SELECT CASE
    WHEN e.extversion IS NULL OR coalesce(current_setting('timescaledb.license', true), '') = '' THEN 'native'
    WHEN current_setting('timescaledb.license', true) = 'timescale' THEN 'timescaledb-tsl'
    ELSE 'timescaledb-apache' END AS engine,
  e.extversion AS version, n.nspname AS schema
FROM (SELECT) one
LEFT JOIN pg_extension e ON e.extname = 'timescaledb'
LEFT JOIN pg_namespace n ON n.oid = e.extnamespace`;

/** Asks the database once what it has. The answer is stored with each tenant: a tenant keeps the engine it was built on. */
export async function detectEngine(client: SqlClient): Promise<EngineInfo> {
  const { rows } = await client.query(DETECT);
  const [found] = rows as EngineInfo[];
  if (!found || found.engine === 'native') return { engine: 'native', version: null, schema: null };
  return found;
}
