/**
 * GET /v1/products/{id} of the product (token, permission, validation, role, row rules, ETag, headers) against Fastify and pg by hand with the same isolation.
 *
 *   npm run bench -- get-endpoint [--json] [--rounds 30]
 *
 * Both read by the same statement from the same tenant, each in a process of its own with ten connections.
 */
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { ProductsRepository } from '../dist/inventory/products/products.repository.js';
import { signUp, startApi, startServer } from './support/api.mjs';
import { contest } from './support/contest.mjs';
import { fillProducts, openBenchDatabase, readTenant } from './support/database.mjs';
import { HttpLanes } from './support/http-load.mjs';
import { reporter } from './support/report.mjs';

const { values: args } = parseArgs({ options: { json: { type: 'boolean' }, rounds: { type: 'string' } } });
const LANES = 16;
const POOL = 10;

const report = reporter('get-endpoint', args.json);
const database = await openBenchDatabase();
let api;
let raw;
try {
  api = await startApi(database);
  const admin = await signUp(api.url, 'bench');
  const tenant = await readTenant(database.root, 'bench');
  const ids = await fillProducts(database.root, tenant, 1000);
  const actor = JSON.stringify({
    user: tenant.id,
    role: 'admin',
    stores: null,
    via: 'http',
    request: tenant.id,
    ip: '127.0.0.1',
  });
  const settings = { connection: database.topology.tenant, tenant, sql: await statement(), actor, pool: POOL };
  raw = await startServer(fileURLToPath(new URL('support/raw-get.mjs', import.meta.url)), {}, [JSON.stringify(settings)]);

  const lanes = { product: new HttpLanes(api.url, LANES, 200), raw: new HttpLanes(raw.url, LANES, 200) };
  const any = () => ids[Math.floor(Math.random() * ids.length)];
  const authorized = { headers: { authorization: `Bearer ${admin.token}` } };
  const named = { headers: { 'x-tenant': tenant.slug } };
  await assertSameAnswer(lanes, ids[0], { authorized, named });
  const results = await contest(
    {
      'raw, same isolation': { run: () => lanes.raw.send('GET', `/products/${any()}`, named), app: raw.cpu },
      product: { run: () => lanes.product.send('GET', `/v1/products/${any()}`, authorized), app: api.cpu },
    },
    { rounds: Number(args.rounds ?? 30), sliceMs: 300, concurrency: LANES, db: database.cpu },
  );
  const line = (metric, figure, unit, more) =>
    report.line({ metric, unit, ...results.compare('product', 'raw, same isolation', figure), ...more });
  line('requests a second', 'perSecond', 'requests/s', { better: 'higher', target: 0.85 });
  // the target's 0.85 of raw's work for one request: at most 1 / 0.85 of its CPU
  line('CPU of a request, app + database', 'totalUs', 'us', { target: 1.18 });
  line('CPU of a request, app alone', 'appUs', 'us');
  line('CPU of a request, database alone', 'dbUs', 'us');
  for (const side of Object.values(lanes)) side.close();
  process.exitCode = report.code;
} finally {
  await raw?.stop();
  await api?.stop();
  await database.stop();
}

/** The text that the product sends, taken from the product. */
async function statement() {
  let sent;
  const unit = { query: async (sql) => ((sent = sql), []) };
  await new ProductsRepository(unit).view('');
  return sent;
}

async function assertSameAnswer(sides, id, { authorized, named }) {
  const [ours, theirs] = await Promise.all([
    sides.product.send('GET', `/v1/products/${id}`, authorized),
    sides.raw.send('GET', `/products/${id}`, named),
  ]);
  const [a, b] = [ours, theirs].map(({ body }) => JSON.parse(body));
  if (a.id !== id || JSON.stringify(Object.keys(a)) !== JSON.stringify(Object.keys(b)))
    throw new Error(`not the same work:\n${ours.body}\n${theirs.body}`);
}
