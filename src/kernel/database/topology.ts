import { createHash, createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import type { ClientConfig } from 'pg';
import { BOUNDS, hangUp } from './bounds.js';
import { plainTypes } from './plain-types.js';
import { databaseRoles, renderSql, rolePrefix, type DatabaseRoles } from './roles.js';

/** Injection token of the DatabaseTopology of this process. */
export const DATABASE_TOPOLOGY = Symbol('DATABASE_TOPOLOGY');

/** How this process reaches its database: one lane for tenants, one (session mode) for everything above them. */
export interface DatabaseTopology {
  database: string;
  roles: DatabaseRoles;
  /** the login of tenant traffic */
  tenant: ClientConfig;
  /** session mode: DDL, registry, queue, LISTEN */
  direct: ClientConfig;
  /** development: one superuser serves, start-up makes the roles itself */
  superuser: boolean;
  /** sends named statements; false behind a pooler that loses them */
  prepared: boolean;
}

export interface DatabaseUrls {
  DATABASE_URL: string;
  DATABASE_DIRECT_URL?: string;
  DATABASE_PREPARED?: boolean;
}

export type Lane = 'owner' | 'registry' | 'queue';

/** Folder of the project: SQL files are read from it, in a checkout, in the image and from the bundle alike. */
export const projectRoot = folderOf('package.json', import.meta.dirname);

/** The nearest folder upwards that holds such a file. */
function folderOf(name: string, from: string): string {
  if (existsSync(path.join(from, name))) return from;
  const parent = path.dirname(from);
  if (parent === from) throw new Error(`there is no ${name} above ${import.meta.dirname}`);
  return folderOf(name, parent);
}

function parse(url: string): ClientConfig {
  const { user, password, host, port, database, ssl } = new pg.Client({ connectionString: url }) as pg.Client & ClientConfig;
  return { user, password: password ?? undefined, host, port, database, ssl: ssl || undefined, ...BOUNDS };
}

// roles.sql leaves its mark there: a renamed or cloned database keeps the role names that its grants carry
const MARK = "obj_description(to_regnamespace('ext')::oid, 'pg_namespace')";

/** Connects once, asks who we are, and gives the lanes. */
export async function openTopology(urls: DatabaseUrls): Promise<DatabaseTopology> {
  const direct = parse(urls.DATABASE_DIRECT_URL ?? urls.DATABASE_URL);
  const database = direct.database ?? 'postgres';
  const { superuser, mark } = await withClient(direct, async (client) => {
    const { rows } = await client.query<{ superuser: boolean; mark: string | null }>(
      `SELECT rolsuper AS superuser, ${MARK} AS mark FROM pg_roles WHERE rolname = current_user`,
    );
    return rows[0] ?? { superuser: false, mark: null };
  });
  const roles = databaseRoles(/^fluxion roles (flx_[0-9a-f]{8})/.exec(mark ?? '')?.[1] ?? rolePrefix(database));
  const given = parse(urls.DATABASE_URL);
  const tenant =
    superuser && given.user === direct.user ? { ...given, user: roles.login, password: loginPassword(direct, roles) } : given;
  return { database, roles, direct, tenant, superuser, prepared: urls.DATABASE_PREPARED ?? true };
}

/** Connection of a lane above the tenants: the direct login under the lane's role. */
export function laneConnection(topology: DatabaseTopology, lane: Lane, searchPath?: string): ClientConfig {
  const options = [`-c role=${topology.roles[lane]}`, ...(searchPath ? [`-c search_path=${searchPath}`] : [])].join(' ');
  return { ...topology.direct, options, types: plainTypes };
}

/** Runs `work` on a short-lived connection: DDL bloats a backend's caches, so it never shares one with traffic. */
export async function withClient<T>(connection: ClientConfig, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(connection);
  client.on('error', () => undefined); // the pending statement rejects by itself
  await client.connect();
  try {
    return await work(client);
  } finally {
    await hangUp(client);
  }
}

/** SQL that makes the roles, schemas and extensions of one database; a superuser runs it. */
export async function rolesSql(roles: DatabaseRoles): Promise<string> {
  return renderSql(await readFile(path.join(projectRoot, 'migrations/roles.sql'), 'utf8'), { ...roles });
}

// the same for every process that holds the superuser's URL, so that none has to pass it to another
function loginPassword(direct: ClientConfig, roles: DatabaseRoles): string {
  const secret = typeof direct.password === 'string' ? direct.password : '';
  return createHmac('sha256', `fluxion:${secret}`).update(roles.login).digest('hex');
}

/** Development: makes or updates the roles when the file or the login's password changed. Otherwise only checks that they are there. */
export async function ensureRoles(topology: DatabaseTopology): Promise<void> {
  const sql = await rolesSql(topology.roles);
  const password = loginPassword(topology.direct, topology.roles);
  const digest = createHash('sha256').update(sql).update(password).digest('hex').slice(0, 16);
  const mark = `fluxion roles ${topology.roles.prefix} ${digest}`;
  await withClient(topology.direct, async (client) => {
    const current = async () => (await client.query<{ mark: string | null }>(`SELECT ${MARK} AS mark`)).rows[0]?.mark;
    const before = await current();
    if (before === mark) return;
    if (!topology.superuser) {
      if (before) return;
      throw new Error('the roles of this database are missing: let its superuser run the SQL that `npx fluxion db roles` prints');
    }
    await client.query("SELECT pg_advisory_lock(hashtext('fluxion:roles'))");
    if ((await current()) === mark) return;
    await client.query(`BEGIN; SET LOCAL client_min_messages = warning; ${sql};
      ALTER ROLE ${topology.roles.login} LOGIN PASSWORD '${password}'; COMMENT ON SCHEMA ext IS '${mark}'; COMMIT`);
  });
}
