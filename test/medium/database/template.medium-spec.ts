import { openMediumDatabase, type MediumDatabase } from '../../support/medium-database.js';
import { DOCUMENT_TABLES, DOCUMENT_VALUES, GENERATED_COLUMNS, TIME_TABLES } from './document-tables.js';

let db: MediumDatabase;
beforeAll(async () => {
  db = await openMediumDatabase('template');
});
afterAll(() => db.close());

const catalog = async <R extends object>(sql: string): Promise<R[]> => (await db.root.query<R>(sql, [db.acme.schema])).rows;
const TABLES = `SELECT c.oid, c.relname FROM pg_class c WHERE c.relnamespace = $1::regnamespace AND c.relkind IN ('r', 'p')`;

describe('the schema of a fresh tenant', () => {
  it('should have every table and column of the entity diagram', async () => {
    const rows = await catalog<{ relname: string; columns: string[] }>(
      `SELECT t.relname, array_agg(a.attname::text) AS columns FROM (${TABLES}) t
         JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped GROUP BY 1`,
    );
    const found = new Map(rows.map((row) => [row.relname, row.columns]));
    for (const [table, columns] of Object.entries(DOCUMENT_TABLES)) {
      expect({ table, columns: found.get(table) }).toEqual({ table, columns: expect.arrayContaining(columns.split(' ')) });
    }
  });

  it('should keep amounts as numeric and instants with their zone', async () => {
    const rows = await catalog<{ column: string; type: string }>(
      `SELECT t.relname || '.' || a.attname AS column, format_type(a.atttypid, NULL) AS type FROM (${TABLES}) t
         JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped`,
    );
    const amounts = /(quantity|price|cost|amount|subtotal|stock_level|reorder_point|rate|predicted_value)(_|$)/;
    const wrong = rows.filter(
      ({ column, type }) =>
        ['real', 'double precision', 'money', 'timestamp without time zone', 'serial'].includes(type) ||
        (type === 'integer' && amounts.test(column)),
    );
    expect(wrong).toEqual([]);
  });

  it('should refuse values outside the lists of the diagram', async () => {
    const rows = await catalog<{ column: string; checks: string }>(
      `SELECT t.relname || '.' || a.attname AS column, string_agg(pg_get_constraintdef(k.oid), ' ') AS checks FROM (${TABLES}) t
         JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype = 'c' JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = ANY (k.conkey) GROUP BY 1`,
    );
    const checks = new Map(rows.map((row) => [row.column, row.checks]));
    for (const [column, values] of Object.entries(DOCUMENT_VALUES)) {
      for (const value of values.split(' ')) expect(`${column}: ${checks.get(column)}`).toContain(`'${value}'`);
    }
  });

  it('should generate the columns that the documents compute', async () => {
    const rows = await catalog<{ column: string }>(
      `SELECT t.relname || '.' || a.attname AS column FROM (${TABLES}) t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attgenerated = 's'`,
    );
    expect(rows.map((row) => row.column)).toEqual(expect.arrayContaining(GENERATED_COLUMNS));
  });

  it('should fill tenant_id by itself and force row-level security with a check on every table', async () => {
    const rows = await catalog<{ relname: string; policies: string[]; safe: boolean }>(
      `SELECT t.relname, array_agg(p.polname::text) AS policies,
              bool_and(c.relrowsecurity AND c.relforcerowsecurity) AND bool_or(p.polname = 'tenant_isolation_policy' AND p.polcmd = '*' AND p.polwithcheck IS NOT NULL
                AND pg_get_expr(p.polqual, p.polrelid) = '(tenant_id = ''${db.acme.id}''::uuid)' AND p.polroles <> '{0}')
              AND bool_and(EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attname = 'tenant_id' AND a.attnotnull AND a.atthasdef)) AS safe
         FROM (${TABLES}) t JOIN pg_class c ON c.oid = t.oid LEFT JOIN pg_policy p ON p.polrelid = t.oid GROUP BY 1`,
    );
    expect(rows.length).toBeGreaterThan(30);
    expect(rows.filter((row) => !row.safe)).toEqual([]);
  });

  it('should have an index for every foreign key', async () => {
    const rows = await catalog<{ name: string }>(
      `SELECT k.conname AS name FROM (${TABLES}) t JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype = 'f'
        WHERE NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = t.oid AND (i.indkey::int2[])[0] = k.conkey[1])`,
    );
    expect(rows).toEqual([]);
  });

  it('should keep the names of the documents for indexes and triggers', async () => {
    const indexes = await catalog<{ name: string }>(
      `SELECT i.indexrelid::regclass::text AS name FROM (${TABLES}) t JOIN pg_index i ON i.indrelid = t.oid`,
    );
    expect(indexes.map(({ name }) => name.split('.').at(-1))).toEqual(
      expect.arrayContaining(['idx_inventory_low_stock', 'idx_products_tenant_sku', 'idx_movements_time_product']),
    );
    const triggers = await catalog<{ name: string }>(
      `SELECT DISTINCT t.relname || ':' || g.tgname AS name FROM (${TABLES}) t JOIN pg_trigger g ON g.tgrelid = t.oid AND NOT g.tgisinternal`,
    );
    const named = triggers.map(({ name }) => name);
    expect(named).toEqual(
      expect.arrayContaining([
        'inventory_movements:inventory_movement_trigger',
        'inventory:low_stock_alert_trigger',
        'products:low_stock_alert_trigger',
      ]),
    );
    const touched = await catalog<{ relname: string }>(
      `SELECT t.relname FROM (${TABLES}) t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attname = 'updated_at'`,
    );
    for (const { relname } of touched) expect(named).toContain(`${relname}:update_updated_at_trigger`);
  });

  it('should keep time tables by id and time, without foreign keys in or out', async () => {
    const rows = await catalog<{ relname: string; key: string; keys: number }>(
      `SELECT t.relname, (SELECT pg_get_constraintdef(k.oid) FROM pg_constraint k WHERE k.conrelid = t.oid AND k.contype = 'p') AS key,
              (SELECT count(*)::int FROM pg_constraint k WHERE t.oid IN (k.conrelid, k.confrelid) AND k.contype = 'f') AS keys
         FROM (${TABLES}) t WHERE t.relname IN (${TIME_TABLES.map((name) => `'${name}'`).join()}) ORDER BY 1`,
    );
    expect(rows).toEqual([
      { relname: 'events', key: 'PRIMARY KEY (id, created_at)', keys: 0 },
      { relname: 'forecasts', key: 'PRIMARY KEY (id, forecast_date)', keys: 0 },
      { relname: 'inventory_movements', key: 'PRIMARY KEY (id, created_at)', keys: 0 },
    ]);
  });

  it('should pin the search path of every function, ending in pg_temp', async () => {
    const rows = await catalog<{ name: string; config: string[] | null }>(
      `SELECT p.proname AS name, p.proconfig AS config FROM pg_proc p WHERE p.pronamespace = $1::regnamespace`,
    );
    expect(rows.length).toBeGreaterThan(8);
    for (const { name, config } of rows)
      expect({ name, config }).toEqual({ name, config: expect.arrayContaining([`search_path=${db.acme.schema}, ext, pg_temp`]) });
  });

  it('should let a tenant add to its ledgers, never change them', async () => {
    const rights = await catalog<{ table: string; rights: string }>(
      `SELECT t.relname AS table, string_agg(r, ',' ORDER BY r) AS rights FROM (${TABLES}) t, unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE,TRIGGER,REFERENCES}'::text[]) r
        WHERE has_table_privilege('${db.acme.role}', t.oid, r) GROUP BY 1`,
    );
    const of = new Map(rights.map((row) => [row.table, row.rights]));
    expect(of.get('inventory_movements')).toBe('INSERT,SELECT');
    expect(of.get('events')).toBe('INSERT,SELECT');
    expect(of.get('sales')).toBe('INSERT,SELECT,UPDATE');
    expect(of.get('products')).toBe('DELETE,INSERT,SELECT,UPDATE');
    expect([...of.values()].some((list) => /TRUNCATE|TRIGGER|REFERENCES/.test(list))).toBe(false);
  });

  it('should begin with its taxes, reasons, rules and number series', async () => {
    const rows = await db.as(db.acme, () =>
      db.unit.query<{ taxes: string; reasons: number; rules: string; series: string }>(
        `SELECT (SELECT string_agg(c.code || ' ' || r.rate::float8, ', ' ORDER BY r.rate) FROM tax_categories c JOIN tax_rates r ON r.tax_category_id = c.id) AS taxes,
                (SELECT count(*)::int FROM reason_codes) AS reasons,
                (SELECT string_agg(code, ', ' ORDER BY code) FROM alert_rules WHERE is_active) AS rules,
                (SELECT string_agg(document_type, ', ' ORDER BY document_type) FROM invoice_series) AS series`,
      ),
    );
    expect(rows[0]).toEqual({
      taxes: 'exempt 0, reduced 8, general 16, luxury 31',
      reasons: 13,
      rules: 'demand_spike, low_stock, overstock, slow_moving, stockout_before_lead_time',
      series: 'goods_receipt, purchase_order, stock_transfer',
    });
  });
});
