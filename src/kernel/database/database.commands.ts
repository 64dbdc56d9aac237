import path from 'node:path';
import { parse } from 'pg-connection-string';
import type { Command } from '../runtime/commands.js';
import { UsageError } from '../runtime/start-options.js';
import { databaseRoles } from './roles.js';
import { migrateShared } from './shared-migrator.js';
import { readSqlFiles } from './sql-files.js';
import { ensureRoles, openTopology, projectRoot, rolesSql } from './topology.js';

/** `db roles`: what a database's superuser runs once, before production starts. */
export const dbRoles: Command = {
  name: 'db roles',
  usage: '[--database NAME]',
  summary: 'prints the SQL that makes the roles, schemas and extensions of a database',
  options: { database: { type: 'string' } },
  async run({ options, print }) {
    const given = typeof options.database === 'string' ? options.database : undefined;
    const database = given ?? parse(databaseUrl()).database;
    if (!database) throw new UsageError('DATABASE_URL names no database: add --database NAME');
    print(await rolesSql(databaseRoles(database)));
  },
};

/** `db migrate`: the step of a deployment before the new processes start. */
export const dbMigrate: Command = {
  name: 'db migrate',
  summary: 'brings schema shared to the newest version',
  async run({ print }) {
    const direct = process.env.DATABASE_DIRECT_URL;
    const topology = await openTopology({ DATABASE_URL: databaseUrl(), ...(direct ? { DATABASE_DIRECT_URL: direct } : {}) });
    await ensureRoles(topology);
    const done = await migrateShared(topology, await readSqlFiles(path.join(projectRoot, 'migrations')));
    print(done.length > 0 ? `applied ${done.join(', ')}` : 'nothing to apply');
  },
};

function databaseUrl(): string {
  const url = process.env.DATABASE_DIRECT_URL || process.env.DATABASE_URL;
  if (!url) throw new UsageError('set DATABASE_URL (DATA_DIR/runtime.json of a running Fluxion has it as databaseUrl)');
  return url;
}
