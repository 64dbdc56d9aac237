// Fastify and pg without anything else: GET /products/ID by the statement of the product, isolated in the same way (search path, tenant, actor,
// role, row rules), each statement awaited, as one would write it by hand. Baseline of get-endpoint.mjs; settings come as JSON in argv.
import Fastify from 'fastify';
import pg from 'pg';

const { connection, tenant, sql, actor, pool: max } = JSON.parse(process.argv[2]);
const pool = new pg.Pool({ ...connection, max });
const tenants = new Map([[tenant.slug, tenant]]);
const literal = (text) => `'${text.replaceAll("'", "''")}'`;

const app = Fastify();
app.get('/products/:id', async (request) => {
  const { schema, id, role } = tenants.get(request.headers['x-tenant']);
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query(
      `SET LOCAL search_path TO ${schema}, ext; SET LOCAL app.current_tenant_id TO ${literal(id)}; SET LOCAL app.actor TO ${literal(actor)}; SET LOCAL ROLE ${role}`,
    );
    const { rows } = await client.query({ name: 'product', text: sql, values: [request.params.id] });
    await client.query('COMMIT');
    return rows[0];
  } finally {
    client.release();
  }
});
console.log(await app.listen({ port: 0, host: '127.0.0.1' }));
