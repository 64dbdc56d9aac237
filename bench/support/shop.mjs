// A company with stores, products and plenty of stock, made by SQL; and the same tables without anything of ours, for the work by hand.
import { fillProducts } from './database.mjs';

/** Tables that a sale writes, and the two it reads. */
const TABLES = [
  'stores',
  'products',
  'inventory',
  'inventory_movements',
  'sales',
  'sale_items',
  'sale_payments',
  'invoice_series',
];

/**
 * @param {import('pg').Client} root
 * @param {{ id: string, schema: string }} tenant
 * @param {{ stores: number, products: number }} size every product has a million units in every store
 */
export async function fillShop(root, tenant, { stores, products }) {
  const { id, schema } = tenant;
  const ids = await fillProducts(root, tenant, products);
  await root.query(`SELECT set_config('app.current_tenant_id', $1, false), set_config('search_path', '${schema}, ext', false)`, [
    id,
  ]);
  const { rows } = await root.query(
    `INSERT INTO stores (code, name) SELECT 'B' || n, 'Tienda ' || n FROM generate_series(1, $1::int) n RETURNING id`,
    [stores],
  );
  await root.query(
    `INSERT INTO inventory_movements (product_id, store_id, movement_type, kind, reference_type, quantity, cost_per_unit)
     SELECT p.id, s.id, 'adjustment', 'opening', 'opening', 1000000, 2.5 FROM products p CROSS JOIN stores s`,
  );
  await root.query('RESET search_path; RESET app.current_tenant_id');
  await analyze(root, schema);
  return { stores: rows.map((row) => row.id), products: ids };
}

/** Schema `raw`: the tenant's rows in tables with the same columns, checks and indexes, but no triggers, row rules or foreign keys. */
export async function copyRaw(root, { schema }) {
  await root.query('CREATE SCHEMA raw');
  for (const table of TABLES) {
    const { rows } = await root.query(
      `SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) AS columns FROM pg_attribute
        WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`,
      [`${schema}.${table}`],
    );
    await root.query(`CREATE TABLE raw.${table} (LIKE ${schema}.${table} INCLUDING ALL)`);
    await root.query(`INSERT INTO raw.${table} (${rows[0].columns}) SELECT ${rows[0].columns} FROM ${schema}.${table}`);
  }
  await analyze(root, 'raw');
}

/** As autovacuum and refresh_statistics() do it: an empty table is left alone. One known to be empty is read whole for every look-up, for ever. */
async function analyze(root, schema) {
  for (const table of TABLES) {
    const { rows } = await root.query(`SELECT FROM ${schema}.${table} LIMIT 1`);
    if (rows.length > 0) await root.query(`ANALYZE ${schema}.${table}`);
  }
}

/**
 * Counts what clients send: statements of a tenant's role or login, the settings and COMMIT included. A prepared BEGIN is counted once only
 * (pg_stat_statements clears the query's number at its first run), so there are as many as COMMITs.
 */
export class StatementCounter {
  constructor(database, tenant) {
    this.root = database.root;
    this.roles = [database.topology.tenant.user, tenant.role];
  }

  async start() {
    await this.root.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements SCHEMA public');
    await this.track('top');
    await this.root.query('SELECT public.pg_stat_statements_reset()');
  }

  /** @returns {Promise<{ calls: number, text: string }[]>} since the start, the most frequent first */
  async stop() {
    const { rows } = await this.root.query(
      `SELECT s.calls::int, regexp_replace(s.query, '\\s+', ' ', 'g') AS text FROM public.pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid
        WHERE r.rolname = ANY ($1) ORDER BY s.calls DESC`,
      [this.roles],
    );
    await this.track('none');
    const counted = rows.filter(({ text }) => text !== 'BEGIN');
    const ended = counted.find(({ text }) => text === 'COMMIT');
    return ended ? [{ ...ended, text: 'BEGIN' }, ...counted] : counted;
  }

  async track(what) {
    await this.root.query(`ALTER SYSTEM SET pg_stat_statements.track = '${what}'`);
    await this.root.query('SELECT pg_reload_conf()');
    // backends read it before their next statement
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}
