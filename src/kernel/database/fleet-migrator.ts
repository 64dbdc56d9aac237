import type { Client } from 'pg';
import { renderSql, tenantPlace, type TenantPlace } from './roles.js';
import type { Template } from './template.js';
import { enterTenant, templateValues } from './tenant-schema.js';
import type { TimeTables } from './time-tables.js';
import { laneConnection, withClient, type DatabaseTopology } from './topology.js';

interface Pending {
  id: string;
  schema: string;
  status: string;
  versions: number[];
}

export interface FleetReport {
  migrated: number;
  failed: { schema: string; error: string }[];
}

// who has which file is the ledger's to say; the canary comes first, tenants in use last
const PLAN = `
SELECT t.id, t.schema_name::text AS schema, t.status, array_agg(v.version ORDER BY v.version) AS versions
  FROM shared.tenants t
 CROSS JOIN unnest($1::int[]) AS v (version)
  LEFT JOIN shared.tenant_migrations m ON m.tenant_id = t.id AND m.version = v.version
 WHERE m.tenant_id IS NULL AND t.status <> 'deleting'
 GROUP BY t.id
 ORDER BY array_position('{template,spare,provisioning,inactive,suspended,active}', t.status), t.id`;
const CHANGED = `
SELECT DISTINCT m.name FROM shared.tenant_migrations m JOIN unnest($1::int[], $2::text[]) AS f (version, checksum) USING (version)
 WHERE m.checksum <> f.checksum`;

const LOCK_TIMEOUT_MS = 500;
const ATTEMPTS = 8;

/**
 * Brings every tenant schema to the newest template file: one anti-join plans it, each tenant's files and its ledger rows share a
 * transaction (a kill leaves it before or after), a lock that traffic holds is waited for briefly and tried again with jitter.
 * The template's own schema goes first: when it fails nothing else is touched.
 */
export async function migrateFleet(
  topology: DatabaseTopology,
  template: Template,
  timeTables: TimeTables,
  options: { parallel?: number; onProgress?: (done: number, total: number) => void } = {},
): Promise<FleetReport> {
  return withClient(laneConnection(topology, 'owner'), async (client) => {
    await client.query("SELECT pg_advisory_lock(hashtext('fluxion:fleet'))");
    const versions = template.files.map((file) => file.version);
    const changed = await client.query<{ name: string }>(CHANGED, [versions, template.files.map((file) => file.checksum)]);
    if (changed.rows[0]) throw new Error(`tenant-template/${changed.rows[0].name}.sql was changed after it had been applied`);
    const { rows: plan } = await client.query<Pending>(PLAN, [versions]);
    const report: FleetReport = { migrated: 0, failed: [] };
    const run = async (pending: Pending) => {
      const error = await migrateOne(topology, template, timeTables, pending);
      if (error) report.failed.push({ schema: pending.schema, error });
      else report.migrated++;
      options.onProgress?.(report.migrated + report.failed.length, plan.length);
    };
    const [canary, ...rest] = plan;
    if (canary) await run(canary);
    if (report.failed.length === 0) await inParallel(rest, options.parallel ?? 4, run);
    return report;
  });
}

async function inParallel<T>(items: T[], lanes: number, work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (const item of queue) await work(item);
    }),
  );
}

async function migrateOne(
  topology: DatabaseTopology,
  template: Template,
  timeTables: TimeTables,
  pending: Pending,
): Promise<string | undefined> {
  const place = tenantPlace(topology.roles.prefix, pending.id, pending.schema);
  for (let attempt = 1; ; attempt++) {
    try {
      await withClient(laneConnection(topology, 'owner'), (client) =>
        applyFiles(client, topology, template, timeTables, place, pending.versions),
      );
      return undefined;
    } catch (error) {
      const lockTimeout = (error as { code?: string }).code === '55P03';
      if (!lockTimeout || attempt === ATTEMPTS) return (error as Error).message;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 100 * 2 ** attempt));
    }
  }
}

async function applyFiles(
  client: Client,
  topology: DatabaseTopology,
  template: Template,
  timeTables: TimeTables,
  place: TenantPlace,
  versions: number[],
): Promise<void> {
  const values = templateValues(topology, place);
  await client.query(`BEGIN; SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}; SET LOCAL client_min_messages = warning`);
  await enterTenant(client, place, 'cli');
  for (const file of template.files.filter(({ version }) => versions.includes(version))) {
    const start = performance.now();
    await client.query(renderSql(timeTables.render(file.sql), values));
    await timeTables.install(client, place, tablesOf(file.sql));
    await client.query(
      'INSERT INTO shared.tenant_migrations (tenant_id, version, name, checksum, duration_ms) VALUES ($1, $2, $3, $4, $5)',
      [place.id, file.version, file.name, file.checksum, Math.round(performance.now() - start)],
    );
  }
  await client.query(renderSql(template.afterEachTable, values));
  await client.query('UPDATE shared.tenants SET template_version = $2, template_fingerprint = $3 WHERE id = $1', [
    place.id,
    template.version,
    template.fingerprint,
  ]);
  await client.query('COMMIT');
}

/** Time tables that a file makes; those of earlier files are partitioned already. */
function tablesOf(sql: string): string[] {
  return [...sql.matchAll(/CREATE TABLE (\w+)/g)].map((match) => match[1]!);
}
