/**
 * CPU and statements of a stock movement and of a sale with five lines over HTTP (token, validation, role, row rules, triggers, audit, event).
 *
 *   npm run bench -- stock [--json] [--rounds 20]
 *
 * CPU is that of the API's and of all the server's processes. Beside it stands the same work by hand: node:http and pg, one statement for a
 * movement and one for a sale, on tables without triggers and row rules, without tenant, token or checks. Events are noted in the same
 * transaction; their delivery by the worker is not part of a sale.
 */
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { signUp, startApi, startServer } from './support/api.mjs';
import { contest } from './support/contest.mjs';
import { openBenchDatabase, readTenant } from './support/database.mjs';
import { HttpLanes } from './support/http-load.mjs';
import { reporter } from './support/report.mjs';
import { StatementCounter, copyRaw, fillShop } from './support/shop.mjs';

const { values: args } = parseArgs({ options: { json: { type: 'boolean' }, rounds: { type: 'string' } } });
const LANES = 8;
const POOL = 10;
const LINES = 5;
const COUNTED = 40;

const report = reporter('stock', args.json);
const database = await openBenchDatabase();
let api;
let raw;
try {
  api = await startApi(database);
  const admin = await signUp(api.url, 'bench');
  const tenant = await readTenant(database.root, 'bench');
  const shop = await fillShop(database.root, tenant, { stores: 4, products: 1000 });
  await copyRaw(database.root, tenant);
  const settings = { connectionString: database.url, tenant: tenant.id, pool: POOL };
  raw = await startServer(fileURLToPath(new URL('support/raw-stock.mjs', import.meta.url)), {}, [JSON.stringify(settings)]);
  const ours = new HttpLanes(api.url, LANES, 201);
  const theirs = new HttpLanes(raw.url, LANES, 201);
  const post = requests(shop, admin.token);

  await countStatements(post, ours, tenant);
  const results = await contest(
    {
      'movement by hand': { run: () => theirs.send('POST', '/movements', post.movement()), app: raw.cpu },
      movement: { run: () => ours.send('POST', '/v1/inventory/movements', post.movement()), app: api.cpu },
      'sale by hand': { run: () => theirs.send('POST', '/sales', post.sale(LINES)), app: raw.cpu },
      sale: { run: () => ours.send('POST', '/v1/sales', post.sale(LINES)), app: api.cpu },
      'sale with a key': { run: () => ours.send('POST', '/v1/sales', post.keyed(LINES)), app: api.cpu },
    },
    { rounds: Number(args.rounds ?? 20), sliceMs: 400, concurrency: LANES, db: database.cpu },
  );
  const cpu = (metric, name, against, target, figure = 'totalUs') => {
    const { value, baselineValue, ...rest } = results.compare(name, against, figure);
    const ms = { value: value / 1000, baselineValue: baselineValue / 1000 };
    report.line({ metric, unit: 'ms CPU', ...rest, ...ms, target, judge: 'value' });
  };
  cpu('stock movement over HTTP, app + database', 'movement', 'movement by hand', 1.5);
  cpu('stock movement over HTTP, app alone', 'movement', 'movement by hand', null, 'appUs');
  cpu(`sale of ${LINES} lines over HTTP, app + database`, 'sale', 'sale by hand', 3.5);
  cpu(`sale of ${LINES} lines over HTTP, app alone`, 'sale', 'sale by hand', null, 'appUs');
  cpu(`sale of ${LINES} lines with an Idempotency-Key, app + database`, 'sale with a key', 'sale by hand', null);
  report.line({
    metric: 'sales a second',
    unit: 'sales/s',
    ...results.compare('sale', 'sale by hand', 'perSecond'),
    better: 'higher',
  });
  await assertLevels(tenant);
  ours.close();
  theirs.close();
  process.exitCode = report.code;
} finally {
  await raw?.stop();
  await api?.stop();
  await database.stop();
}

/** Bodies as a till sends them; the payment is in cash and more than enough. */
function requests({ stores, products }, token) {
  const any = (list) => list[Math.floor(Math.random() * list.length)];
  const headers = { authorization: `Bearer ${token}` };
  const saleBody = (lines) => {
    const start = Math.floor(Math.random() * (products.length - lines));
    const items = products.slice(start, start + lines).map((productId) => ({ productId, quantity: '2' }));
    return JSON.stringify({ storeId: any(stores), items, payments: [{ method: 'cash', amount: String(lines * 10) }] });
  };
  return {
    movement: () => ({
      headers,
      body: JSON.stringify({ storeId: any(stores), productId: any(products), type: 'out', quantity: '1', reason: 'damage' }),
    }),
    sale: (lines) => ({ headers, body: saleBody(lines) }),
    keyed: (lines) => ({ headers: { ...headers, 'idempotency-key': randomUUID() }, body: saleBody(lines) }),
  };
}

async function countStatements(post, lanes, tenant) {
  const counter = new StatementCounter(database, tenant);
  const count = async (metric, target, send) => {
    await send(); // prepares and fills caches
    await counter.start();
    for (let i = 0; i < COUNTED; i++) await send();
    const rows = await counter.stop();
    const each = rows.reduce((sum, { calls }) => sum + calls, 0) / COUNTED;
    report.line({ metric, value: each, unit: 'statements (BEGIN, settings and COMMIT included)', n: COUNTED, target });
    for (const { calls, text } of rows) report.note(`    ${calls / COUNTED} x ${text.slice(0, 100)}`);
  };
  const sell = (lines) => () => lanes.send('POST', '/v1/sales', post.sale(lines));
  await count('statements of a movement', 6, () => lanes.send('POST', '/v1/inventory/movements', post.movement()));
  for (const lines of [1, LINES, 50]) await count(`statements of a sale of ${lines} lines`, 6, sell(lines));
  await count(`statements of a sale of ${LINES} lines with an Idempotency-Key`, null, () =>
    lanes.send('POST', '/v1/sales', post.keyed(LINES)),
  );
}

/** What was measured must have been right: every level is the sum of its movements, invoice numbers have no gaps. */
async function assertLevels({ schema, id }) {
  await database.root.query("SELECT set_config('app.current_tenant_id', $1, false)", [id]);
  const { rows } = await database.root.query(
    `SELECT (SELECT count(*)::int FROM ${schema}.inventory i
              WHERE i.quantity_on_hand <> (SELECT sum(m.quantity) FROM ${schema}.inventory_movements m
                WHERE m.product_id = i.product_id AND m.store_id = i.store_id)) AS wrong,
            (SELECT coalesce(sum(last - sales), 0)::int FROM (SELECT max(number) AS last, count(*) AS sales FROM ${schema}.sales GROUP BY store_id) x) AS gaps`,
  );
  if (rows[0].wrong !== 0 || rows[0].gaps !== 0) throw new Error(`levels that differ: ${rows[0].wrong}, gaps: ${rows[0].gaps}`);
}
