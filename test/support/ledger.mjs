const TENANTS = `SELECT t.schema_name AS schema FROM shared.tenants t
  WHERE to_regclass(format('%I.inventory', t.schema_name)) IS NOT NULL ORDER BY t.schema_name`;

const differing = (schema) => `SELECT product_id AS product, store_id AS store, level::text, moved::text
  FROM (SELECT product_id, store_id, quantity_on_hand AS level FROM ${schema}.inventory) levels
  FULL JOIN (SELECT product_id, store_id, sum(quantity) AS moved FROM ${schema}.inventory_movements GROUP BY 1, 2) ledger
    USING (product_id, store_id)
  WHERE coalesce(level, 0) <> coalesce(moved, 0) LIMIT 5`;

/**
 * What no test may leave behind: a level of stock, of any product and store of any tenant, that is not the sum of its movements.
 * @param {{ query(sql: string): Promise<{ rows: any[] }> }} client a superuser's
 * @throws {Error} that names the tenant's schema and the first levels that differ
 */
export async function assertLedgers(client) {
  const { rows: tenants } = await client.query(TENANTS);
  for (const { schema } of tenants) {
    const { rows } = await client.query(differing(`"${schema}"`));
    if (rows.length > 0) throw new Error(`${schema}: levels are not the sum of their movements: ${JSON.stringify(rows)}`);
  }
}
