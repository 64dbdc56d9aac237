// A database for a bench or soak: the product's own launcher and settings (so it waits for the disk), prepared as at a start, with tenants.
import pg from 'pg';
import { startTestDatabase } from '../../scripts/test.mjs';
import { databaseUrl } from '../../test/support/database-url.mjs';
import { migrateQueue } from '../../dist/kernel/jobs/queue-lane.js';
import { prepareDatabase } from '../../dist/kernel/database/prepare.js';
import { TenantFactory } from '../../dist/kernel/database/tenant-factory.js';
import { ProcessTree } from './cpu.mjs';

const TENANT_SETTINGS = { timezone: 'America/Caracas', currency: 'USD', secondCurrency: 'VES', locale: 'es-VE' };
const DATABASE = 'fluxion_bench';

/**
 * @param {{ tenants?: number, settings?: Record<string, string> }} options number of tenants made at once
 */
export async function openBenchDatabase({ tenants = 0, settings = {} } = {}) {
  const server = await startTestDatabase({ shared_preload_libraries: 'pg_stat_statements', max_connections: '200', ...settings });
  try {
    const admin = new pg.Client({ connectionString: databaseUrl(server.url, 'postgres') });
    await admin.connect();
    // loaded for those who count; it costs nothing until they do
    await admin.query("ALTER SYSTEM SET pg_stat_statements.track = 'none'");
    await admin.query('SELECT pg_reload_conf()');
    await admin.query(`CREATE DATABASE ${DATABASE} TEMPLATE template0`);
    await admin.end();
    const url = databaseUrl(server.url, DATABASE);
    const { topology } = await prepareDatabase({ DATABASE_URL: url }, migrateQueue);
    const root = new pg.Client({ connectionString: url });
    root.on('error', () => undefined);
    await root.connect();
    const processes = new ProcessTree(server.pid);
    const database = {
      url,
      topology,
      root,
      tenants: [],
      pid: server.pid,
      /** CPU microseconds of the server's processes */
      cpu: () => processes.read(),
      async stop() {
        await root.end().catch(() => undefined);
        await server.stop({ remove: true });
      },
    };
    for (let i = 0; i < tenants; i++) database.tenants.push(await addTenant(database, `bench${i}`));
    return database;
  } catch (error) {
    await server.stop({ remove: true });
    throw error;
  }
}

async function addTenant({ topology, root }, slug) {
  const admin = { email: `admin@${slug}.example`, fullName: 'Bench', passwordHash: 'none' };
  await new TenantFactory(topology).create({ slug, name: slug, settings: TENANT_SETTINGS }, admin);
  return readTenant(root, slug);
}

/** The TenantRef of a company. */
export async function readTenant(root, slug) {
  const { rows } = await root.query(
    `SELECT id, slug, name, schema_name::text AS schema, role_name::text AS role, status, plan, settings FROM shared.tenants WHERE slug = $1`,
    [slug],
  );
  return rows[0];
}

/** Products P000001, P000002 ... of a tenant, with labels; returns their ids. */
export async function fillProducts(root, { schema, id }, count) {
  const { rows } = await root.query(
    `WITH setting AS MATERIALIZED (SELECT set_config('app.current_tenant_id', $2, false), set_config('search_path', '${schema}, ext', false)),
     made AS (
       INSERT INTO ${schema}.products (tenant_id, sku, name, description, barcode, cost_price, selling_price, reorder_point, tax_category_id)
       SELECT $2::uuid, 'P' || lpad(n::text, 6, '0'), 'Producto de prueba ' || n, 'Descripción del producto ' || n, '77' || lpad(n::text, 11, '0'),
              2.5, 3.25, 0, (SELECT t.id FROM ${schema}.tax_categories t WHERE t.is_default)
         FROM generate_series(1, $1::int) n, setting RETURNING id)
     SELECT array_agg(id) AS ids FROM made`,
    [count, id],
  );
  await root.query(`RESET search_path; ANALYZE ${schema}.products; ANALYZE ${schema}.product_barcodes`);
  return rows[0].ids;
}
