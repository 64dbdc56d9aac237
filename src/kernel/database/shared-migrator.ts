import type { Client } from 'pg';
import { renderSql } from './roles.js';
import type { SqlFile } from './sql-files.js';
import { laneConnection, withClient, type DatabaseTopology } from './topology.js';

const LEDGER = `CREATE TABLE IF NOT EXISTS shared.schema_migrations (
  version integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now(), duration_ms integer NOT NULL)`;

/**
 * Brings schema `shared` to the newest file: forward only, one transaction a file with its ledger row, one migrator at a time.
 * A file that changed after it was applied is an error: a change is a new file.
 * @returns names of the files it applied
 */
export async function migrateShared(topology: DatabaseTopology, files: SqlFile[]): Promise<string[]> {
  return withClient(laneConnection(topology, 'owner'), async (client) => {
    await client.query("SELECT pg_advisory_lock(hashtext('fluxion:migrate'))");
    await client.query(`SET client_min_messages = warning; ${LEDGER}`);
    const { rows } = await client.query<{ version: number; checksum: string }>(
      'SELECT version, checksum FROM shared.schema_migrations',
    );
    const applied = new Map(rows.map((row) => [row.version, row.checksum]));
    const done: string[] = [];
    for (const file of files) {
      const checksum = applied.get(file.version);
      if (checksum === file.checksum) continue;
      if (checksum) throw new Error(`migrations/${file.name}.sql was changed after it had been applied`);
      await apply(client, file, { ...topology.roles, database: topology.database });
      done.push(file.name);
    }
    return done;
  });
}

async function apply(client: Client, file: SqlFile, values: Record<string, string>): Promise<void> {
  const start = performance.now();
  try {
    await client.query('BEGIN');
    await client.query(renderSql(file.sql, values));
    await client.query('INSERT INTO shared.schema_migrations (version, name, checksum, duration_ms) VALUES ($1, $2, $3, $4)', [
      file.version,
      file.name,
      file.checksum,
      Math.round(performance.now() - start),
    ]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw new Error(`migrations/${file.name}.sql failed: ${(error as Error).message}`, { cause: error });
  }
}
