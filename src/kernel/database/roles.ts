import { createHash } from 'node:crypto';

/** The fixed roles of one database. Their names carry the database, so that two databases of a cluster share none. */
export interface DatabaseRoles {
  /** what all names begin with */
  prefix: string;
  /** owns every schema; CREATEROLE, no superuser */
  owner: string;
  /** login of tenant traffic: NOINHERIT, member of the tenants' roles and of nothing else */
  login: string;
  /** reads and writes schema `shared` (sign-up, log-in, keys) */
  registry: string;
  /** owns schema `bullmq` */
  queue: string;
  /** owns the look-ups of the gate */
  gate: string;
  /** group of all tenant roles */
  tenants: string;
}

/** `flx_` and eight hex digits of md5(database name). */
export function rolePrefix(database: string): string {
  return `flx_${createHash('md5').update(database).digest('hex').slice(0, 8)}`;
}

/** @param prefix of the database, see `rolePrefix`; a renamed or cloned database keeps the one that its grants carry */
export function databaseRoles(prefix: string): DatabaseRoles {
  const named = (role: keyof DatabaseRoles) => `${prefix}_${role}`;
  return {
    prefix,
    owner: named('owner'),
    login: named('login'),
    registry: named('registry'),
    queue: named('queue'),
    gate: named('gate'),
    tenants: named('tenants'),
  };
}

/** Role of one tenant: made of its id, so that a claim or a rename of the schema touches no role. */
export function tenantRole(prefix: string, tenantId: string): string {
  return `${prefix}_${tenantId.replaceAll('-', '')}`;
}

/** `tenant_` and the slug with - as _; the chunk schema is the same with `_chunks`. */
export function tenantSchema(slug: string): string {
  return `tenant_${slug.replaceAll('-', '_')}`;
}

/** Names of one tenant's place in the database. */
export interface TenantPlace {
  id: string;
  schema: string;
  /** partitions and chunks of its time tables; tenants have no USAGE there */
  chunks: string;
  role: string;
}

export function tenantPlace(prefix: string, id: string, schema: string): TenantPlace {
  return { id, schema, chunks: `${schema}_chunks`, role: tenantRole(prefix, id) };
}

/** Replaces `{{name}}` placeholders; a missing one is an error, never an empty string in DDL. */
export function renderSql(sql: string, values: Record<string, string>): string {
  return sql.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`no value for the placeholder {{${name}}}`);
    return value;
  });
}
