import { parse } from 'pg-connection-string';
import type { Command } from '../runtime/commands.js';
import { UsageError } from '../runtime/start-options.js';
import { migrateQueue } from '../jobs/queue-lane.js';
import { prepareDatabase } from './prepare.js';
import { databaseRoles, rolePrefix } from './roles.js';
import { findDrift } from './schema-document/drift.js';
import { ensureRoles, openTopology, rolesSql, withClient } from './topology.js';

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
    print(await rolesSql(databaseRoles(rolePrefix(database))));
  },
};

/** `db setup`: `db roles` done by us, for whoever may give the superuser's address to a deployment (docker compose does). */
export const dbSetup: Command = {
  name: 'db setup',
  usage: 'SUPERUSER_URL',
  summary: 'makes the roles, and gives the users of DATABASE_URL and DATABASE_DIRECT_URL their passwords',
  takesRest: true,
  async run({ rest, print }) {
    const [superuser] = rest;
    if (rest.length !== 1 || superuser === undefined)
      throw new UsageError('db setup needs one address: that of a superuser in the database');
    const topology = await openTopology({ DATABASE_URL: superuser });
    if (!topology.superuser) throw new UsageError('the user of that address is no superuser');
    await ensureRoles(topology);
    const logins = [loginOf('DATABASE_URL', topology.roles.login), loginOf('DATABASE_DIRECT_URL', topology.roles.owner)];
    await withClient(topology.direct, async (client) => {
      for (const { user, password } of logins) {
        await client.query(`ALTER ROLE ${client.escapeIdentifier(user)} LOGIN PASSWORD ${client.escapeLiteral(password)}`);
      }
    });
    print(`roles of ${topology.database} are ready: ${logins.map(({ user }) => user).join(', ')} may log in`);
  },
};

/** `db migrate`: the step of a deployment before the new processes start. */
export const dbMigrate: Command = {
  name: 'db migrate',
  summary: 'brings schema shared, the queues and every tenant to the newest version',
  async run({ print }) {
    const { DATABASE_DIRECT_URL: direct, REDIS_URL } = process.env;
    const urls = { DATABASE_URL: databaseUrl(), ...(direct ? { DATABASE_DIRECT_URL: direct } : {}) };
    const { applied, migrated } = await prepareDatabase({ ...urls, REDIS_URL: REDIS_URL || undefined }, migrateQueue);
    print(`schema shared: ${applied.length > 0 ? applied.join(', ') : 'nothing to apply'}; tenants migrated: ${migrated}`);
  },
};

/** `db audit`: whether every tenant's schema still is what the template makes. */
export const dbAudit: Command = {
  name: 'db audit',
  summary: 'compares every tenant with schema template, and its people with the log-in directory; exit code 1 on any difference',
  async run({ print }) {
    const { direct } = await openTopology({ DATABASE_URL: databaseUrl() });
    const drifts = await withClient(direct, findDrift);
    for (const { schema, differences } of drifts) for (const difference of differences) print(`${schema}: ${difference}`);
    const differing = drifts.filter(({ differences }) => differences.length > 0).length;
    print(`tenants looked at: ${drifts.length}; differing from the template: ${differing}`);
    return differing > 0 ? 1 : 0;
  },
};

/** User and password of a variable, which must name the one role that it is for. */
function loginOf(variable: 'DATABASE_URL' | 'DATABASE_DIRECT_URL', role: string): { user: string; password: string } {
  const { user, password } = parse(process.env[variable] ?? '');
  if (user !== role || !password) throw new UsageError(`${variable} must be the address of ${role} with its password`);
  return { user, password };
}

function databaseUrl(): string {
  const url = process.env.DATABASE_DIRECT_URL || process.env.DATABASE_URL;
  if (!url) throw new UsageError('set DATABASE_URL (DATA_DIR/runtime.json of a running Fluxion has it as databaseUrl)');
  return url;
}
