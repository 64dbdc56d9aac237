import { Logger } from '@nestjs/common';
import pg from 'pg';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { DataSource } from 'typeorm';
import { migrateShared } from '../../../src/kernel/database/shared-migrator.js';
import { readSqlFiles } from '../../../src/kernel/database/sql-files.js';
import { tenantRole } from '../../../src/kernel/database/roles.js';
import { runAsTenant, type Actor, type TenantRef } from '../../../src/kernel/database/tenant-context.js';
import { TenantPool } from '../../../src/kernel/database/tenant-pool.js';
import {
  ensureRoles,
  laneConnection,
  openTopology,
  projectRoot,
  withClient,
  type DatabaseTopology,
} from '../../../src/kernel/database/topology.js';
import { UnitOfWork } from '../../../src/kernel/database/unit-of-work.js';
import { databaseUrl } from '../../support/database-url.mjs';
import type { TenantDirectory } from '../../../src/kernel/jobs/tenant-directory.js';
import { migrateQueue, queueConnection } from '../../../src/kernel/jobs/queue-lane.js';

export const ACTOR: Actor = { user: null, role: null, stores: null, via: 'test' };

/** A database with roles, registry, gate and queue, and two tenants whose only table is `causes`. */
export interface QueueLab {
  url: string;
  topology: DatabaseTopology;
  a: TenantRef;
  b: TenantRef;
  work: UnitOfWork;
  /** a superuser: sees everything */
  root: pg.Client;
  directory: TenantDirectory;
  as<T>(tenant: TenantRef, run: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

function serverUrl(): string {
  const url = process.env['TEST_DATABASE_URL'];
  if (!url) throw new Error('TEST_DATABASE_URL is not set');
  return url;
}

async function addTenant(topology: DatabaseTopology, slug: string): Promise<TenantRef> {
  const id = randomUUID();
  const [schema, role] = [`tenant_${slug}`, tenantRole(topology.roles.prefix, id)];
  await withClient(laneConnection(topology, 'owner'), async (client) => {
    await client.query(`CREATE ROLE ${role} NOLOGIN; GRANT ${topology.roles.tenants} TO ${role}; GRANT ${role} TO ${topology.roles.login};
      CREATE SCHEMA ${schema}; GRANT USAGE ON SCHEMA ${schema} TO ${role};
      CREATE TABLE ${schema}.causes (id uuid PRIMARY KEY, note text); GRANT SELECT, INSERT, UPDATE, DELETE ON ${schema}.causes TO ${role}`);
    await client.query(
      `INSERT INTO shared.tenants (id, slug, name, schema_name, role_name, status) VALUES ($1, $2, $2, $3, $4, 'active')`,
      [id, slug, schema, role],
    );
  });
  const settings = { timezone: 'America/Caracas', currency: 'USD', locale: 'es-VE' };
  return { id, slug, name: slug, schema, role, status: 'active', plan: 'standard', settings };
}

export async function openQueueLab(name: string): Promise<QueueLab> {
  Logger.overrideLogger(false); // failures are what many of these tests are about
  const database = `jobs_${name}_${process.pid}`;
  const admin = databaseUrl(serverUrl(), 'postgres');
  await withClient({ connectionString: admin }, async (client) => {
    await client.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${database} TEMPLATE template0`);
  });
  const url = databaseUrl(serverUrl(), database);
  const topology = await openTopology({ DATABASE_URL: url });
  await ensureRoles(topology);
  await migrateShared(topology, await readSqlFiles(path.join(projectRoot, 'migrations')));
  await withClient(queueConnection(topology), migrateQueue);
  const [a, b] = [await addTenant(topology, 'uno'), await addTenant(topology, 'dos')];
  const pool = new TenantPool({ connection: topology.tenant, max: 10 });
  const root = new pg.Client({ connectionString: url });
  root.on('error', () => undefined);
  await root.connect();
  const tenants = new Map([a, b].map((tenant) => [tenant.id, tenant]));
  return {
    url,
    topology,
    a,
    b,
    root,
    work: new UnitOfWork(pool, {} as DataSource),
    directory: {
      byId: (id) => Promise.resolve(tenants.get(id)),
      active: async function* () {
        yield* tenants.values();
      },
    },
    as: (tenant, run) => runAsTenant(tenant, ACTOR, run),
    async close() {
      await pool.end();
      await root.end();
      await withClient({ connectionString: admin }, (client) => client.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`));
    },
  };
}
