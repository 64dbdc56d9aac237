import path from 'node:path';
import type { Client } from 'pg';
import { migrateFleet } from './fleet-migrator.js';
import { migrateShared } from './shared-migrator.js';
import { readSqlFiles } from './sql-files.js';
import { TenantFactory } from './tenant-factory.js';
import {
  ensureRoles,
  laneConnection,
  openTopology,
  projectRoot,
  withClient,
  type DatabaseTopology,
  type DatabaseUrls,
} from './topology.js';

export interface PrepareOptions extends DatabaseUrls {
  REDIS_URL?: string | undefined;
}

export interface PrepareReport {
  topology: DatabaseTopology;
  /** names of the files applied to schema `shared` */
  applied: string[];
  /** tenant schemas brought to the newest version */
  migrated: number;
}

/**
 * Brings a database to this version: roles (where we may make them), schema `shared`, the queue's schema, schema `template`, every tenant.
 * Safe to repeat, to run side by side and to kill at any point.
 * @param migrateQueue the queue's own migrations, on a connection of its role
 * @throws when a tenant's schema could not be migrated; the others are done
 */
export async function prepareDatabase(
  options: PrepareOptions,
  migrateQueue: (client: Client) => Promise<void>,
): Promise<PrepareReport> {
  const topology = await openTopology(options);
  await ensureRoles(topology);
  const applied = await migrateShared(topology, await readSqlFiles(path.join(projectRoot, 'migrations')));
  await withClient(laneConnection(topology, 'queue'), migrateQueue);
  await chooseQueueBackend(topology, options.REDIS_URL ? 'redis' : 'postgres');
  const factory = new TenantFactory(topology);
  await factory.ensureTemplateSchema();
  const { template, timeTables } = await factory.blueprint();
  const { migrated, failed } = await migrateFleet(topology, template, timeTables);
  if (failed.length > 0) throw new Error(`not migrated: ${failed.map(({ schema, error }) => `${schema} (${error})`).join('; ')}`);
  return { topology, applied, migrated };
}

/** The gate asks the registry where jobs go. */
async function chooseQueueBackend(topology: DatabaseTopology, backend: 'postgres' | 'redis'): Promise<void> {
  await withClient(laneConnection(topology, 'owner'), (client) =>
    client.query(
      "UPDATE shared.system_config SET value = to_jsonb($1::text) WHERE key = 'queue_backend' AND value <> to_jsonb($1::text)",
      [backend],
    ),
  );
}
