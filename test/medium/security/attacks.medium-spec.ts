import { openMediumDatabase, type MediumDatabase } from '../../support/medium-database.js';

/** Everything a tenant's role might try with a statement of its own choice. Each is refused, or leads to nothing of another tenant's. */
let db: MediumDatabase;
let partition: string;

beforeAll(async () => {
  db = await openMediumDatabase('attacks');
  for (const tenant of [db.acme, db.beta]) {
    await db.as(tenant, () =>
      db.unit.transaction(async () => {
        await db.unit.execute(`INSERT INTO stores (code, name) VALUES ('S1', 'secret of ${tenant.slug}')`);
        await db.unit.execute(`INSERT INTO products (sku, name) VALUES ('P1', 'secret of ${tenant.slug}')`);
        await db.unit.execute(`INSERT INTO inventory_movements (product_id, store_id, movement_type, kind, quantity)
          SELECT p.id, s.id, 'in', 'opening', 10 FROM products p, stores s`);
      }),
    );
  }
  const { rows } = await db.root.query<{ name: string }>(
    `SELECT i.inhrelid::regclass::text AS name FROM pg_inherits i WHERE i.inhparent = '${db.beta.schema}.inventory_movements'::regclass LIMIT 1`,
  );
  partition = rows[0]!.name;
});
afterAll(() => db.close());

const job = (queue: string, name: string, data: string, rest = `'{}',0,0,0,1,null,null,null,null,null,false`) =>
  `SELECT gate.add_job('${queue}','','${name}','${data}',${rest})`;
const OPTION = (opts: string) => `'${opts}',0,0,0,1,null,null,null,null,null,false`;

const REFUSED: [string, () => string][] = [
  ["read another tenant's table", () => `SELECT * FROM ${db.beta.schema}.products`],
  ["write another tenant's table", () => `INSERT INTO ${db.beta.schema}.products (sku, name) VALUES ('x', 'x')`],
  ["name another tenant's partition or chunk", () => `SELECT * FROM ${partition}`],
  [
    'write a row of another tenant into the own table',
    () => `INSERT INTO products (tenant_id, sku, name) VALUES ('${db.beta.id}', 'x', 'x')`,
  ],
  ['move an own row to another tenant', () => `UPDATE products SET tenant_id = '${db.beta.id}'`],
  ['read the registry', () => 'SELECT * FROM shared.tenants'],
  ['read the log-in directory', () => 'SELECT * FROM shared.tenant_users'],
  ['read the queue', () => 'SELECT * FROM bullmq.job'],
  ['write the queue', () => `UPDATE bullmq.job SET data = '{}'`],
  ['enqueue past the gate', () => `SELECT bullmq.add_job('mail','','x','{}','{}',0,0,0,1,null,null,null,null,null,false)`],
  ["ask the gate's helpers", () => `SELECT gate.tenant('${db.beta.schema}')`],
  ['make an entry by hand', () => `SELECT gate.put_job('${db.beta.id}', '{}')`],
  ['note pairs by hand', () => `SELECT gate.note_pairs('stock.crossed', '{}', '{}', '${db.beta.schema}')`],
  ['enqueue in a queue that is not for tenants', () => job('maintenance', 'alerts.sweep', '{}')],
  ['enqueue a name that is not for tenants', () => job('alerts', 'tenant.delete', '{}')],
  ['deduplicate', () => job('alerts', 'stock.crossed', '{}', OPTION('{"deduplication":{"id":"x","replace":true}}'))],
  ['deduplicate by argument', () => job('alerts', 'stock.crossed', '{}', `'{}',0,0,0,1,null,null,null,'x',null,false`)],
  ['schedule', () => job('alerts', 'stock.crossed', '{}', `'{}',0,0,0,1,null,null,null,null,'s',false`)],
  ['jump the queue', () => job('alerts', 'stock.crossed', '{}', `'{}',0,0,0,1,null,null,null,null,null,true`)],
  [
    'hang a job under a foreign parent',
    () => job('alerts', 'stock.crossed', '{}', `'{}',0,0,0,1,'alerts','1','alerts:1',null,null,false`),
  ],
  ['keep a count of finished jobs', () => job('alerts', 'stock.crossed', '{}', OPTION('{"removeOnComplete":{"count":5}}'))],
  ['enqueue data that is no object', () => job('alerts', 'stock.crossed', '[]')],
  ['become another tenant by set_config', () => `SELECT set_config('app.current_tenant_id', '${db.beta.id}', true)`],
  ['leave the role by set_config', () => `SELECT set_config('role', 'none', true)`],
  [
    'become another tenant by pg_settings',
    () => `UPDATE pg_settings SET setting = '${db.beta.id}' WHERE name = 'app.current_tenant_id'`,
  ],
  ['switch the role inside an expression', () => `SELECT query_to_xml('set role ${db.beta.role}', true, true, '')`],
  ['send a second statement', () => `SELECT 1; SET ROLE ${db.beta.role}`],
  ['make a temporary table', () => 'CREATE TEMP TABLE inventory (i int)'],
  ['make a table', () => 'CREATE TABLE x (i int)'],
  ['make a function in the gate', () => 'CREATE FUNCTION gate.x() RETURNS int LANGUAGE sql RETURN 1'],
  ['call a trigger function', () => 'SELECT apply_inventory_movements()'],
  ['disable a trigger', () => 'ALTER TABLE inventory DISABLE TRIGGER ALL'],
  ['switch row security off', () => 'ALTER TABLE products DISABLE ROW LEVEL SECURITY'],
  ['rewrite the ledger', () => 'UPDATE inventory_movements SET quantity = 1'],
  ['empty the ledger', () => 'DELETE FROM inventory_movements'],
  ['rewrite the audit stream', () => `UPDATE events SET action = 'x'`],
  ['hold a lock of the queue', () => `SELECT pg_advisory_lock(hashtext('bullmq:finalization'), hashtext('alerts'))`],
  ['forge a notification', () => `SELECT pg_notify('fluxion_tenants', '${db.beta.id}')`],
  ['make a large object', () => 'SELECT lo_create(0)'],
  ['make a large object the old way', () => 'SELECT lo_creat(-1)'],
  ['fill a large object', () => `SELECT lo_from_bytea(0, 'x')`],
  ['change a large object', () => `SELECT lo_put(1, 0, 'x')`],
  ['read a large object', () => 'SELECT lo_get(1)'],
  ['open a large object', () => 'SELECT lo_open(1, 131072)'],
  ['delete a large object', () => 'SELECT lo_unlink(1)'],
  ['end the connections of others', () => 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()'],
  ['read a file of the server', () => `SELECT pg_read_file('/etc/passwd')`],
  ['run a program', () => `COPY products TO PROGRAM 'cat'`],
];

describe('a tenant role', () => {
  it.each(REFUSED)('should be refused to %s', async (_, statement) => {
    const outcome = db.as(db.acme, () => db.unit.query(statement()));
    await expect(outcome).rejects.toMatchObject({
      code: expect.stringMatching(/^(42501|42883|42601|0A000|22023|25006|42P01|23505)$/),
    });
  });

  it('should see nothing of another tenant whatever search path it gets', async () => {
    const astray = { ...db.acme, schema: db.beta.schema };
    await expect(db.as(astray, () => db.unit.query('SELECT name FROM products'))).rejects.toMatchObject({ code: '42P01' });
    const claiming = { ...db.acme, id: db.beta.id };
    await expect(db.as(claiming, () => db.unit.query('SELECT name FROM products'))).rejects.toThrow('is not that of tenant');
  });

  it('should see no row of another tenant even where a grant had slipped, whatever it says it is', async () => {
    const [grant, revoke] = ['GRANT', 'REVOKE'].map((verb) => (what: string) => {
      const to = `${verb === 'GRANT' ? 'TO' : 'FROM'} ${db.acme.role}`;
      return `${verb} USAGE ON SCHEMA ${what} ${to}; ${verb} SELECT, INSERT ON ${what}.products ${to}`;
    }) as [(what: string) => string, (what: string) => string];
    await db.root.query(grant(db.beta.schema));
    try {
      for (const id of [db.acme.id, db.beta.id]) {
        const seen = await db.root.query(
          `BEGIN; SET LOCAL app.current_tenant_id = '${id}'; SET LOCAL ROLE ${db.acme.role}; SELECT name FROM ${db.beta.schema}.products; COMMIT`,
        );
        expect((seen as unknown as { rows: unknown[] }[])[3]?.rows).toEqual([]);
        const written = db.root.query(
          `BEGIN; SET LOCAL app.current_tenant_id = '${id}'; SET LOCAL ROLE ${db.acme.role};
           INSERT INTO ${db.beta.schema}.products (sku, name) VALUES ('slipped', 'slipped'); COMMIT`,
        );
        await expect(written).rejects.toMatchObject({ code: '42501' });
        await db.root.query('ROLLBACK');
      }
    } finally {
      await db.root.query(revoke(db.beta.schema));
    }
  });

  it.each([
    () => `SET app.current_tenant_id = '${db.beta.id}'`,
    () => `SET ROLE ${db.beta.role}`,
    () => 'RESET ROLE',
    () => `SET search_path = ${db.beta.schema}`,
    () => 'DEALLOCATE ALL',
    () => 'BEGIN',
    () => 'DISCARD ALL',
  ])('should poison nothing with a whole statement of its own (%#)', async (statement) => {
    for (let i = 0; i < 12; i++) await db.as(db.acme, () => db.unit.query(statement())).catch(() => undefined);
    const code = `after ${statement()}`.slice(0, 40);
    await db.as(db.beta, () => db.unit.execute('INSERT INTO stores (code, name) VALUES ($1, $1)', [code]));
    const names = (tenant: typeof db.acme) =>
      Promise.all(
        Array.from({ length: 12 }, () => db.as(tenant, () => db.unit.query<{ name: string }>('SELECT name FROM products'))),
      );
    expect(new Set((await names(db.acme)).flat().map((row) => row.name))).toEqual(new Set(['secret of acme']));
    expect(new Set((await names(db.beta)).flat().map((row) => row.name))).toEqual(new Set(['secret of beta']));
    const { rowCount } = await db.root.query(`SELECT FROM ${db.beta.schema}.stores WHERE code = $1`, [code]);
    expect(rowCount).toBe(1);
  });

  it('should be the tenant of its jobs, whatever data or schema it names', async () => {
    await db.root.query('TRUNCATE bullmq.job CASCADE');
    await db.as(db.acme, () => db.unit.query(job('alerts', 'stock.crossed', `{"tenant":"${db.beta.id}"}`)));
    await db.as(db.acme, () =>
      db.unit.query('SELECT gate.note_crossings(ARRAY[ext.uuid_v7()], ARRAY[ext.uuid_v7()], $1)', [db.beta.schema]),
    );
    const { rows } = await db.root.query<{ tenant: string }>(`SELECT data ->> 'tenant' AS tenant FROM bullmq.job`);
    expect(rows.map((row) => row.tenant)).toEqual([db.acme.id, db.acme.id]);
  });

  it('should not be able to take the id that the job of another tenant will have', async () => {
    const of = (tenant: typeof db.acme, id: string) =>
      db.as(
        tenant,
        async () =>
          (
            await db.unit.query<{ id: string }>(`SELECT gate.add_job('alerts',$1,'stock.crossed','{}',${OPTION('{}')}) AS id`, [
              id,
            ])
          )[0]!.id,
      );
    const [mine, theirs] = [await of(db.acme, 'report-2026'), await of(db.beta, 'report-2026')];
    expect(mine).not.toBe(theirs);
    expect(await of(db.acme, 'report-2026')).toBe(mine);
    expect(await of(db.beta, mine)).not.toBe(mine);
  });

  it('should leave nothing of what it tried behind', async () => {
    const { rows } = await db.root.query<{ names: string[] }>(`SELECT array_agg(name) AS names FROM ${db.beta.schema}.products`);
    expect(rows[0]!.names).toEqual(['secret of beta']);
  });
});

describe('the login role', () => {
  it('should have no right of its own', async () => {
    const lease = await db.pool.acquire('nobody');
    try {
      for (const statement of [
        `SELECT * FROM ${db.acme.schema}.products`,
        'SELECT * FROM shared.tenants',
        `SELECT gate.note_event('x', '{}', '${db.acme.schema}')`,
      ]) {
        await expect(lease.client.query(statement)).rejects.toMatchObject({ code: '42501' });
      }
    } finally {
      lease.release(true);
    }
  });
});

/** The documents' layout: one shared role, the setting alone, its policy text. It has to fail where ours holds, else these tests prove nothing. */
describe('the naive layout (control)', () => {
  beforeAll(async () => {
    await db.root.query(`CREATE ROLE naive_app_${process.pid} NOLOGIN;
      DO $$ DECLARE s text; BEGIN FOREACH s IN ARRAY ARRAY['naive_a', 'naive_b'] LOOP
        EXECUTE format('CREATE SCHEMA %I; CREATE TABLE %I.products (tenant_id uuid, name text); ALTER TABLE %I.products ENABLE ROW LEVEL SECURITY;
          CREATE POLICY tenant_isolation_policy ON %I.products USING (tenant_id = current_setting(''app.current_tenant_id'')::uuid);
          GRANT USAGE ON SCHEMA %I TO naive_app_${process.pid}; GRANT ALL ON %I.products TO naive_app_${process.pid}', s, s, s, s, s, s);
      END LOOP; END $$;
      INSERT INTO naive_b.products VALUES ('${db.beta.id}', 'secret of beta');
      GRANT EXECUTE ON FUNCTION set_config(text, text, boolean) TO naive_app_${process.pid}`);
  });
  afterAll(async () => {
    await db.root.query(
      `ROLLBACK; DROP SCHEMA naive_a, naive_b CASCADE; DROP OWNED BY naive_app_${process.pid}; DROP ROLE naive_app_${process.pid}`,
    );
  });

  const asNaive = async (path: string) => {
    await db.root.query(
      `BEGIN; SET LOCAL ROLE naive_app_${process.pid}; SET LOCAL search_path = ${path}; SET LOCAL app.current_tenant_id = '${db.acme.id}'`,
    );
  };

  it('should let one tenant write into the schema of another by a wrong search path', async () => {
    await asNaive('naive_b');
    await db.root.query(`INSERT INTO products VALUES ('${db.acme.id}', 'stray')`);
    await db.root.query('ROLLBACK');
  });

  it('should let one tenant read another by an injected set_config', async () => {
    await asNaive('naive_a');
    const { rows } = await db.root.query<{ name: string }>(
      `SELECT x.name FROM (SELECT set_config('app.current_tenant_id', '${db.beta.id}', true)) s, LATERAL (SELECT name FROM naive_b.products WHERE s IS NOT NULL) x`,
    );
    await db.root.query('ROLLBACK');
    expect(rows).toEqual([{ name: 'secret of beta' }]);
  });
});
