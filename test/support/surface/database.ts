import pg from 'pg';

/** Rows of every table of a tenant, by a superuser beside the API: table -> count and checksum. */
export type Contents = Record<string, string>;

async function asSuperuser<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: process.env.APP_DATABASE_URL });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function tablesOf(client: pg.Client, schema: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1`,
    [schema],
  );
  return rows.map(({ name }) => name);
}

async function schemaOf(client: pg.Client, slug: string): Promise<string> {
  const { rows } = await client.query<{ schema_name: string }>('SELECT schema_name FROM shared.tenants WHERE slug = $1', [slug]);
  if (!rows[0]) throw new Error(`no tenant ${slug}`);
  return rows[0].schema_name;
}

export function contentsOf(slug: string): Promise<Contents> {
  return asSuperuser(async (client) => {
    const tables = await tablesOf(client, await schemaOf(client, slug));
    const parts = [
      ...tables.map(
        (table) => `SELECT '${table}' AS name, count(*), md5(string_agg(t::text, ',' ORDER BY t::text)) FROM ${table} t`,
      ),
      `SELECT 'shared.tenants', count(*), md5(string_agg(t::text, ',')) FROM shared.tenants t WHERE slug = $1`,
      `SELECT 'shared.tenant_users', count(*), md5(string_agg(u::text, ',' ORDER BY u.id)) FROM shared.tenant_users u
         JOIN shared.tenants t ON t.id = u.tenant_id WHERE t.slug = $1`,
    ];
    const { rows } = await client.query<{ name: string; count: string; md5: string }>(parts.join(' UNION ALL '), [slug]);
    return Object.fromEntries(rows.map(({ name, count, md5 }) => [name, `${count} ${md5}`]));
  });
}

/** Every id of a row of the tenant. */
export function rowIds(slug: string): Promise<Set<string>> {
  return asSuperuser(async (client) => {
    const schema = await schemaOf(client, slug);
    const { rows: withId } = await client.query<{ table_name: string }>(
      `SELECT table_name FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
        WHERE c.table_schema = $1 AND t.table_type = 'BASE TABLE' AND column_name = 'id' AND data_type = 'uuid'`,
      [schema],
    );
    const parts = withId.map(({ table_name }) => `SELECT id FROM "${schema}"."${table_name}"`);
    const { rows } = await client.query<{ id: string }>(parts.join(' UNION ALL '));
    return new Set(rows.map(({ id }) => id));
  });
}

/** The store, and every id of a row that belongs to it. */
export function rowIdsOfStore(slug: string, storeId: string): Promise<Set<string>> {
  return asSuperuser(async (client) => {
    const schema = await schemaOf(client, slug);
    const { rows: tables } = await client.query<{ table_name: string }>(
      `SELECT c.table_name FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
        WHERE c.table_schema = $1 AND t.table_type = 'BASE TABLE' AND c.column_name IN ('id', 'store_id')
        GROUP BY c.table_name HAVING count(*) = 2`,
      [schema],
    );
    const parts = tables.map(({ table_name }) => `SELECT id FROM "${schema}"."${table_name}" WHERE store_id = $1`);
    const { rows } = await client.query<{ id: string }>(parts.join(' UNION ALL '), [storeId]);
    return new Set([storeId, ...rows.map(({ id }) => id)]);
  });
}

export async function suspend(slug: string): Promise<void> {
  await asSuperuser((client) => client.query(`UPDATE shared.tenants SET status = 'suspended' WHERE slug = $1`, [slug]));
}
