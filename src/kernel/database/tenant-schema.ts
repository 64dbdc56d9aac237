import type { Client } from 'pg';
import { renderSql, type TenantPlace } from './roles.js';
import type { TimeTables } from './time-tables.js';
import type { Template } from './template.js';
import type { DatabaseTopology } from './topology.js';

/** Values for the placeholders of template files. */
export function templateValues(topology: DatabaseTopology, place: TenantPlace): Record<string, string> {
  return { ...topology.roles, ...place };
}

/** The settings under which DDL and data steps of one tenant run: names mean its tables, new rows are its own, the audit says who. */
export async function enterTenant(client: Client, place: Pick<TenantPlace, 'id' | 'schema'>, via: string): Promise<void> {
  await client.query(
    "SELECT set_config('search_path', $1, true), set_config('app.current_tenant_id', $2, true), set_config('app.actor', $3, true)",
    [`${place.schema}, ext`, place.id, JSON.stringify({ user: null, role: null, stores: null, via })],
  );
}

const MAKE_PLACE = `
DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{{role}}') THEN CREATE ROLE {{role}} NOLOGIN; END IF; END $$;
GRANT {{tenants}} TO {{role}};
GRANT {{role}} TO {{login}};
CREATE SCHEMA {{schema}};
CREATE SCHEMA {{chunks}};
GRANT USAGE ON SCHEMA {{schema}} TO {{role}};
`;

/** Makes role, schemas and everything of the template inside the caller's transaction. `timeTables` turns the time tables into partitions or chunks. */
export async function buildTenantSchema(
  client: Client,
  topology: DatabaseTopology,
  template: Template,
  place: TenantPlace,
  timeTables: TimeTables,
): Promise<void> {
  const values = templateValues(topology, place);
  await client.query(renderSql(MAKE_PLACE, values));
  await enterTenant(client, place, 'cli');
  // one multi-statement string: a round trip a statement costs half as much again
  await client.query(renderSql(timeTables.render(template.files.map((file) => file.sql).join('\n')), values));
  await timeTables.install(client, place);
  await client.query(renderSql(template.afterEachTable, values));
  await client.query(
    `INSERT INTO shared.tenant_migrations (tenant_id, version, name, checksum, duration_ms)
     SELECT $1, v, n, c, 0 FROM unnest($2::int[], $3::text[], $4::text[]) AS f (v, n, c)`,
    [place.id, template.files.map((f) => f.version), template.files.map((f) => f.name), template.files.map((f) => f.checksum)],
  );
}

/** Renames a tenant's schemas and re-issues the pinned search_path of its functions, which still says the old name, in the caller's transaction. */
export async function renameTenantSchema(client: Client, from: string, to: string): Promise<void> {
  await client.query(`ALTER SCHEMA ${from} RENAME TO ${to}; ALTER SCHEMA ${from}_chunks RENAME TO ${to}_chunks`);
  await client.query(`DO $$ DECLARE f regprocedure; BEGIN
    FOR f IN SELECT d.objid FROM pg_depend d JOIN pg_proc p ON p.oid = d.objid
      WHERE d.refclassid = 'pg_namespace'::regclass AND d.refobjid = '${to}'::regnamespace AND d.classid = 'pg_proc'::regclass AND p.proconfig IS NOT NULL
    LOOP EXECUTE format('ALTER FUNCTION %s SET search_path = ${to}, ext, pg_temp', f); END LOOP; END $$`);
}

/** Drops a tenant's schemas and role in the caller's transaction. */
export async function dropTenantSchema(client: Client, topology: DatabaseTopology, place: TenantPlace): Promise<void> {
  await client.query(
    renderSql(
      'DROP SCHEMA IF EXISTS {{schema}} CASCADE; DROP SCHEMA IF EXISTS {{chunks}} CASCADE',
      templateValues(topology, place),
    ),
  );
  await client.query(renderSql('DROP OWNED BY {{role}}; DROP ROLE IF EXISTS {{role}}', templateValues(topology, place)));
}
