import { openMediumDatabase, type MediumDatabase } from '../../support/medium-database.js';
import { StockLab } from './stock-lab.js';

let db: MediumDatabase;
let lab: StockLab;
beforeAll(async () => {
  db = await openMediumDatabase('row_rules');
  lab = new StockLab(db);
});
afterAll(() => db.close());

const category = async (code: string, parent: string | null = null): Promise<string> =>
  (
    await lab.query<{ id: string }>('INSERT INTO categories (code, name, parent_id) VALUES ($1, $1, $2) RETURNING id', [
      code,
      parent,
    ])
  )[0]!.id;
const hang = (child: string, parent: string | null) =>
  lab.query('UPDATE categories SET parent_id = $2 WHERE id = $1', [child, parent]);
const addUser = (email: string) =>
  lab
    .query<{ id: string }>('SELECT gate.save_user(NULL, $1) AS id', [JSON.stringify({ email, full_name: 'x' })])
    .then((rows) => rows[0]!.id);
const seenBy = (role: 'admin' | 'user' | 'manager', user: string) =>
  db
    .as(db.acme, () => db.unit.query<{ id: string }>('SELECT id FROM users'), { user, role })
    .then((rows) => rows.map(({ id }) => id));
const prefer = (user: string, id: string) =>
  db.as(db.acme, () => db.unit.execute(`UPDATE users SET preferences = '{"locale":"en"}' WHERE id = $1`, [id]), {
    user,
    role: 'user' as const,
  });
const events = (id: string) =>
  lab.query<Record<string, unknown>>(
    `SELECT event_type, user_id, old_data, new_data, metadata, host(ip_address) AS ip, user_agent FROM events WHERE entity_id = $1 ORDER BY id`,
    [id],
  );
const estimatedClients = async () =>
  (
    await db.root.query<{ n: number }>(
      `SELECT reltuples::int AS n FROM pg_class WHERE oid = '${db.acme.schema}.clients'::regclass`,
    )
  ).rows[0]!.n;
const CYCLE = { code: '23514', constraint: 'categories_no_cycle' };

describe('the category tree', () => {
  it('should refuse a cycle of any length', async () => {
    const a = await category('a');
    const b = await category('b', a);
    const c = await category('c', b);
    await expect(hang(a, a)).rejects.toMatchObject(CYCLE);
    await expect(hang(a, c)).rejects.toMatchObject(CYCLE);
    await hang(c, a);
    await hang(b, c);
    await expect(hang(c, b)).rejects.toMatchObject(CYCLE);
  });

  it('should refuse two rows of one statement that name each other', async () => {
    const both = `WITH x AS (SELECT ext.uuid_v7() AS i, ext.uuid_v7() AS j)
      INSERT INTO categories (id, parent_id, code, name) SELECT i, j, 'm', 'm' FROM x UNION ALL SELECT j, i, 'n', 'n' FROM x`;
    await expect(lab.query(both)).rejects.toMatchObject(CYCLE);
  });

  it('should refuse one of two moves at the same time that would close a circle together', async () => {
    const [x, y] = [await category('x'), await category('y')];
    for (let round = 0; round < 10; round++) {
      await Promise.all([hang(x, null), hang(y, null)]);
      const both = await Promise.allSettled([hang(x, y), hang(y, x)]);
      const refused = both.filter((one) => one.status === 'rejected');
      expect(refused).toHaveLength(1);
      expect(refused[0]!.reason).toMatchObject(CYCLE);
    }
  });

  it('should be no deeper than the setting says', async () => {
    let parent = await category('level-1');
    for (let level = 2; level <= 10; level++) parent = await category(`level-${level}`, parent);
    await expect(category('level-11', parent)).rejects.toMatchObject({ constraint: 'categories_max_depth' });
  });
});

describe('users', () => {
  it('should be seen by themselves, by admins and by jobs, and changed by no other user', async () => {
    const [ana, luis] = [await addUser('ana@x.example'), await addUser('luis@x.example')];
    expect(await seenBy('user', luis)).toEqual([luis]);
    expect(await seenBy('manager', luis)).toEqual([luis]);
    expect(await seenBy('admin', luis)).toEqual(expect.arrayContaining([ana, luis]));
    expect((await prefer(luis, ana)).rowCount).toBe(0);
    expect((await prefer(luis, luis)).rowCount).toBe(1);
  });

  it('should be found by e-mail in any case, through the index', async () => {
    const id = await addUser('Maria@Bodega.example');
    expect(await lab.query('SELECT id FROM users WHERE email = $1', ['maria@bodega.EXAMPLE'])).toEqual([{ id }]);
    await expect(addUser('MARIA@bodega.example')).rejects.toMatchObject({ constraint: 'tenant_users_email_key' });
  });
});

describe('the audit stream', () => {
  it('should say who changed what, from where, and leave out what did not change', async () => {
    const user = '01890000-0000-7000-8000-00000000000a';
    const actor = { user, role: 'manager' as const, via: 'http', request: 'r-1', ip: '10.1.2.3', agent: 'curl' };
    const id = await lab.newProduct({ selling_price: 2 });
    await db.as(db.acme, () => db.unit.execute('UPDATE products SET selling_price = 3 WHERE id = $1', [id]), actor);
    await db.as(db.acme, () => db.unit.execute('UPDATE products SET selling_price = 3 WHERE id = $1', [id]), actor);
    await db.as(db.acme, () => db.unit.execute('DELETE FROM products WHERE id = $1', [id]), actor);
    const [created, updated, deleted, ...more] = await events(id);
    expect(more).toEqual([]);
    expect(created).toMatchObject({
      event_type: 'product.created',
      user_id: null,
      old_data: null,
      metadata: { via: 'job:test' },
    });
    expect(updated).toEqual({
      event_type: 'product.updated',
      user_id: user,
      old_data: { selling_price: 2 },
      new_data: { selling_price: 3 },
      metadata: { via: 'http', role: 'manager', request: 'r-1' },
      ip: '10.1.2.3',
      user_agent: 'curl',
    });
    expect(deleted).toMatchObject({ event_type: 'product.deleted', new_data: null });
  });

  it('should note what people decide about a level, not its quantities', async () => {
    lab.store = await lab.newStore();
    const product = await lab.newProduct();
    await lab.move({ product, quantity: 5 });
    await lab.query('UPDATE inventory SET reorder_point = 4 WHERE product_id = $1', [product]);
    const [row] = await lab.query<{ id: string }>('SELECT id FROM inventory WHERE product_id = $1', [product]);
    const noted = await events(row!.id);
    expect(noted).toHaveLength(1);
    expect(noted[0]).toMatchObject({ event_type: 'inventory.updated', new_data: { reorder_point: 4 } });
  });

  it('should make one event of a statement that inserts many rows', async () => {
    await lab.query(`INSERT INTO suppliers (code, business_name) SELECT 'BULK' || i, 'x' FROM generate_series(1, 101) i`);
    const [event, ...more] = await lab.query<{ metadata: { rows: number; ids: string[] } }>(
      `SELECT metadata FROM events WHERE event_type = 'supplier.created'`,
    );
    expect(more).toEqual([]);
    expect(event!.metadata.rows).toBe(101);
    expect(event!.metadata.ids).toHaveLength(101);
  });

  it('should name the entity in the singular', async () => {
    await category('groceries');
    await lab.query(
      `INSERT INTO exchange_rates (base_currency, quote_currency, rate, valid_from) VALUES ('USD', 'VES', 40, now())`,
    );
    const types = await lab.query<{ type: string }>('SELECT DISTINCT entity_type AS type FROM events');
    expect(types.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['category', 'exchange_rate', 'product', 'store', 'user']),
    );
  });
});

describe('taxes', () => {
  it('should keep the rate of a product at what is in force', async () => {
    const id = await lab.newProduct();
    const rate = async () =>
      (await lab.query<{ tax_rate: string }>('SELECT tax_rate FROM products WHERE id = $1', [id]))[0]!.tax_rate;
    expect(await rate()).toBe('16.0000');
    const add = (percent: number, from: string) =>
      lab.query(
        `INSERT INTO tax_rates (tax_category_id, rate, valid_from) SELECT id, $1, ${from} FROM tax_categories WHERE code = 'general'`,
        [percent],
      );
    await add(20, 'current_date + 1');
    expect(await rate()).toBe('16.0000');
    await add(12, 'current_date');
    expect(await rate()).toBe('12.0000');
    await lab.query(`UPDATE products SET tax_category_id = (SELECT id FROM tax_categories WHERE code = 'exempt') WHERE id = $1`, [
      id,
    ]);
    expect(await rate()).toBe('0.0000');
  });
});

describe('refresh_statistics', () => {
  it('should analyze what has rows and never was, as the tenant', async () => {
    await lab.query(`INSERT INTO clients (name) SELECT 'client ' || i FROM generate_series(1, 300) i`);
    expect(await estimatedClients()).toBe(-1);
    const [first] = await lab.query<{ n: number }>('SELECT refresh_statistics() AS n');
    expect(first!.n).toBeGreaterThan(0);
    expect(await estimatedClients()).toBe(300);
    expect(await lab.query('SELECT refresh_statistics() AS n')).toEqual([{ n: 0 }]);
  });
});

describe('the product search', () => {
  it('should find words in Spanish without regard to accents and number, and parts of a code', async () => {
    const id = await lab.newProduct({ sku: 'ATN-00177', barcode: '7591234567895', name: 'Atún Margarita en trozos' });
    const by = (sql: string) =>
      lab.query<{ id: string }>(`SELECT id FROM products WHERE ${sql}`).then((rows) => rows.map((row) => row.id));
    expect(await by(`search_document @@ websearch_to_tsquery('ext.spanish_unaccent', 'atun trozo')`)).toEqual([id]);
    expect(await by(`search_text LIKE '%' || lower(ext.immutable_unaccent('Atún Márg')) || '%'`)).toEqual([id]);
    expect(await by(`search_text LIKE '%-00177%'`)).toEqual([id]);
    expect(await by(`search_text LIKE '%1234567895%'`)).toEqual([id]);
  });

  it('should use its indexes under row-level security', async () => {
    await lab.query(`INSERT INTO products (sku, name) SELECT 'IDX' || i, md5(i::text) FROM generate_series(1, 3000) i`);
    // as autovacuum does it: new entries of the search indexes leave their waiting lists, which a plan has to read through
    await db.root.query(`VACUUM ANALYZE ${db.acme.schema}.products`);
    const plan = async (condition: string) =>
      JSON.stringify(await lab.query(`EXPLAIN SELECT id FROM products WHERE ${condition}`));
    expect(await plan(`search_text LIKE '%c4ca4238%'`)).toContain('idx_products_search_text');
    expect(await plan(`search_document @@ 'c4ca4238a0b923820dcc509a6f75849b'::tsquery`)).toContain(
      'idx_products_search_document',
    );
    expect(await plan(`sku = 'IDX7'`)).toContain('idx_products_tenant_sku');
  });
});
