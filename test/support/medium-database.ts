import pg from 'pg';
import { openDataSource } from '../../src/kernel/database/data-source.js';
import { runAsTenant, type Actor, type TenantRef } from '../../src/kernel/database/tenant-context.js';
import { TenantPool } from '../../src/kernel/database/tenant-pool.js';
import { openTopology, rolesSql, withClient, type DatabaseTopology } from '../../src/kernel/database/topology.js';
import { UnitOfWork } from '../../src/kernel/database/unit-of-work.js';
import { databaseUrl } from './database-url.mjs';
import { assertLedgers } from './ledger.mjs';
import { TEMPLATE } from './medium-template.mjs';

/** A clone of the prepared database, for one spec file. */
export interface MediumDatabase {
  url: string;
  topology: DatabaseTopology;
  pool: TenantPool;
  unit: UnitOfWork;
  acme: TenantRef;
  beta: TenantRef;
  /** superuser, no tenant */
  root: pg.Client;
  /** Runs as an actor of the tenant, by default a job. */
  as<T>(tenant: TenantRef, work: () => Promise<T>, actor?: Partial<Actor>): Promise<T>;
  /** @throws when a test has left a level that is not the sum of its movements */
  close(): Promise<void>;
}

const JOB: Actor = { user: null, role: null, stores: null, via: 'job:test' };

/** @param name unique among spec files; letters, digits and _ */
export async function openMediumDatabase(name: string): Promise<MediumDatabase> {
  const server = process.env.TEST_DATABASE_URL;
  if (!server) throw new Error('TEST_DATABASE_URL is not set');
  const database = `medium_${name}_${process.pid}`;
  const admin = { connectionString: databaseUrl(server, 'postgres') };
  await withClient(admin, async (client) => {
    await client.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
    // one clone at a time: CREATE DATABASE refuses a template that somebody is connected to
    await client.query("SELECT pg_advisory_lock(hashtext('medium'))");
    await client.query(`CREATE DATABASE ${database} TEMPLATE ${TEMPLATE}`);
  });
  const url = databaseUrl(server, database);
  const topology = await openTopology({ DATABASE_URL: url });
  const root = new pg.Client({ connectionString: url });
  root.on('error', () => undefined);
  await root.connect();
  // rights on the database itself do not travel with a clone
  await root.query(`SET client_min_messages = warning; ${await rolesSql(topology.roles)}`);
  const pool = new TenantPool({ connection: topology.tenant, max: 12 });
  const dataSource = await openDataSource(pool);
  const tenant = (slug: string) => readTenant(root, slug);
  return {
    url,
    topology,
    pool,
    unit: new UnitOfWork(pool, dataSource),
    acme: await tenant('acme'),
    beta: await tenant('beta'),
    root,
    as: (as, work, actor) => runAsTenant(as, { ...JOB, ...actor }, work),
    async close() {
      await dataSource.destroy();
      await pool.end();
      await root.end();
      try {
        await withClient({ connectionString: url }, assertLedgers);
      } finally {
        await withClient(admin, (client) => client.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`));
      }
    },
  };
}

async function readTenant(root: pg.Client, slug: string): Promise<TenantRef> {
  const { rows } = await root.query<TenantRef>(
    `SELECT id, slug, name, schema_name::text AS schema, role_name::text AS role, status, plan, settings FROM shared.tenants WHERE slug = $1`,
    [slug],
  );
  if (!rows[0]) throw new Error(`no tenant ${slug}`);
  return rows[0];
}
