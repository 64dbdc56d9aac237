/**
 * Every crossing of a reorder point becomes one alert: by API, import, plain SQL with another search_path and a raised point, two workers, one killed.
 * --for is the number of crossings (1000 in the committed report), a quarter of each way, in an order of the seed's. The company, its
 * products and its stock come in by import. First all crossings while one of two workers is killed with signal 9 when half of them are
 * committed; it is not started again. Then the same number in a second company with both workers left alone and a calm pace, for the time
 * from commit to visible alert: both ends are the server's own commit times (track_commit_timestamp).
 */
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { signUp, startApi, startWorker, takeIn } from '../support/api.mjs';
import { openBenchDatabase, readTenant } from '../support/database.mjs';
import { random, shuffled } from '../support/random.mjs';

const POINT = 10;
const OPENING = 100;
const FILES = 5;
const AT_ONCE = 8;
const PATIENCE_MS = 120_000;
/** what is promised of the last alert after a kill, s, and of 99 of 100 alerts without one, ms */
const LAST_AFTER_KILL = 15;
const P99 = 1000;
const WAYS = ['api', 'import', 'sql', 'point'];

export default async function crossings({ seed, rounds, log }) {
  const database = await openBenchDatabase({ settings: { track_commit_timestamp: 'on' } });
  const processes = [];
  try {
    const api = await startApi(database);
    processes.push(api);
    const workers = [await startWorker(api), await startWorker(api)];
    processes.push(...workers);
    const calm = await run({ database, api, seed, count: rounds, slug: 'calm', log, pause: 60 });
    log(`without kills: p50 ${calm.p50Ms} ms, p99 ${calm.p99Ms} ms, ${calm.alerts} alerts of ${calm.crossings}`);
    let killedAt;
    const kill = () => {
      killedAt = new Date();
      process.kill(workers[0].pid, 'SIGKILL');
    };
    const killed = await run({ database, api, seed: seed + 1, count: rounds, slug: 'killed', log, pause: 0, kill });
    const after = killed.lastVisible - killedAt.getTime();
    const figures = { ...killed, killedAt: killedAt.toISOString(), lastAlertAfterKillSeconds: after / 1000 };
    delete figures.lastVisible;
    delete calm.lastVisible;
    log(
      `one worker killed: ${killed.alerts} alerts of ${killed.crossings}, the last ${(after / 1000).toFixed(1)} s after the kill`,
    );
    const exact = [calm, killed].every((one) => one.missed === 0 && one.duplicates === 0 && one.alerts === one.crossings);
    return {
      pass: exact && after <= LAST_AFTER_KILL * 1000 && calm.p99Ms <= P99,
      targets: { lastAlertAfterKillSeconds: LAST_AFTER_KILL, p99Ms: P99, missed: 0, duplicates: 0 },
      withoutKills: calm,
      oneWorkerKilled: figures,
    };
  } finally {
    for (const one of processes) await one.stop().catch(() => undefined);
    await database.stop();
  }
}

async function run({ database, api, seed, count, slug, log, pause, kill }) {
  const client = await signUp(api.url, slug);
  const tenant = await readTenant(database.root, slug);
  const shop = await openShop(client, count);
  log(`${slug}: ${count} products with ${OPENING} in stock and a reorder point of ${POINT} imported`);
  const sql = new pg.Pool({ connectionString: database.url, max: 2, options: '-c search_path=pg_catalog' });
  const plan = crossingsOf(shop, random(seed), client, sql, tenant);
  let done = 0;
  let killed = false;
  const queue = plan.values();
  const lane = async () => {
    for (const cross of queue) {
      const crossed = await cross();
      done += crossed;
      if (kill && !killed && done >= count / 2) {
        killed = true;
        kill();
      }
      await delay(pause);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  await sql.end();
  return settle(database, tenant, count);
}

async function openShop(client, count) {
  const numbers = Array.from({ length: count }, (_, i) => String(i + 1).padStart(6, '0'));
  const today = new Date(Date.now() - 4 * 3_600_000).toISOString().slice(0, 10); // Caracas
  const file = (head, lines) => `${[head, ...lines].join('\n')}\n`;
  await takeIn(client, 'stores', 'stores.csv', file('code,name,type', ['C1,Central,store', 'C2,Norte,store', 'C3,Sur,store']));
  await takeIn(
    client,
    'products',
    'products.csv',
    file(
      'sku,name,cost_price,sale_price,reorder_point',
      numbers.map((n) => `X${n},Producto ${n},1.5,2.5,${POINT}`),
    ),
  );
  const stores = numbers.map((_, i) => `C${(i % 3) + 1}`);
  await takeIn(
    client,
    'stock',
    'stock.csv',
    file(
      'store,sku,quantity,unit_cost,date',
      numbers.map((n, i) => `${stores[i]},X${n},${OPENING},1.5,${today}`),
    ),
  );
  const ids = new Map((await all(client, '/v1/stores')).map(({ code, id }) => [code, id]));
  const products = new Map((await all(client, '/v1/products')).map(({ sku, id }) => [sku, id]));
  return numbers.map((n, i) => ({
    sku: `X${n}`,
    product: products.get(`X${n}`),
    code: stores[i],
    store: ids.get(stores[i]),
    today,
  }));
}

async function all(client, url) {
  const found = [];
  for (let cursor; cursor !== null;) {
    const page = await client.call('GET', `${url}?limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
    found.push(...page.data);
    cursor = page.nextCursor;
  }
  return found;
}

/** Functions that make crossings and answer how many; those of the import come as files of some lines. */
function crossingsOf(shop, next, client, pool, { schema, id }) {
  const order = shuffled(shop, next);
  const pairsOf = (way) => order.filter((_, i) => WAYS[i % WAYS.length] === way);
  const sold = () => String(OPENING - Math.floor(next() * POINT));
  const one = {
    api: async ({ product, store }) => {
      const body = { storeId: store, productId: product, type: 'out', quantity: sold(), reason: 'damage' };
      await client.call('POST', '/v1/inventory/movements', body);
    },
    sql: async ({ product, store }) => {
      // an administrator's session: no tenant, and a search_path that knows none of our tables
      await pool.query(
        `INSERT INTO ${schema}.inventory_movements (tenant_id, product_id, store_id, movement_type, kind, quantity)
         VALUES ($1, $2, $3, 'out', 'sold', $4)`,
        [id, product, store, `-${sold()}`],
      );
    },
    point: async ({ product }) => {
      const answer = await fetch(`${client.base}/v1/products/${product}`, {
        headers: { authorization: `Bearer ${client.token}` },
      });
      const raised = { reorderPoint: String(OPENING + 1 + Math.floor(next() * 100)) };
      await client.call('PATCH', `/v1/products/${product}`, raised, { 'if-match': answer.headers.get('etag') });
    },
  };
  const single = ['api', 'sql', 'point'].flatMap((way) =>
    pairsOf(way).map((pair) => async () => {
      await one[way](pair);
      return 1;
    }),
  );
  const rows = pairsOf('import');
  const size = Math.ceil(rows.length / FILES);
  const files = Array.from({ length: FILES }, (_, i) => rows.slice(i * size, (i + 1) * size)).filter((part) => part.length > 0);
  const imports = files.map((part, i) => async () => {
    const lines = part.map(({ today, code, sku }) => `${today},${code},${sku},${sold()},2.5,S${i}-${sku}`);
    await takeIn(client, 'sales', `sales-${i}.csv`, `${['date,store,sku,quantity,unit_price,ticket', ...lines].join('\n')}\n`);
    return part.length;
  });
  return shuffled([...single, ...imports], next);
}

/** Waits until as many alerts as crossings are there, then a little longer for what must not come, and counts. */
async function settle({ root }, { schema, id }, count) {
  await root.query("SELECT set_config('app.current_tenant_id', $1, false)", [id]);
  const alerts = async () => {
    const { rows } = await root.query(`SELECT count(*)::int AS n FROM ${schema}.alerts WHERE alert_type = 'low_stock'`);
    return rows[0].n;
  };
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline && (await alerts()) < count;) await delay(200);
  await delay(3000);
  // what crossed: the last movement of the level, or the product when its point was raised
  const { rows } = await root.query(
    `WITH cause AS (
       SELECT i.product_id, i.store_id, greatest(
         (SELECT max(pg_xact_commit_timestamp(m.xmin)) FROM ${schema}.inventory_movements m
           WHERE m.product_id = i.product_id AND m.store_id = i.store_id AND m.kind <> 'opening' AND m.quantity < 0),
         CASE WHEN p.reorder_point <> ${POINT} THEN pg_xact_commit_timestamp(p.xmin) END) AS at
         FROM ${schema}.inventory i JOIN ${schema}.products p ON p.id = i.product_id WHERE i.below_reorder),
     raised AS (
       SELECT product_id, store_id, count(*)::int AS n, min(pg_xact_commit_timestamp(xmin)) AS at
         FROM ${schema}.alerts WHERE alert_type = 'low_stock' GROUP BY 1, 2)
     SELECT (SELECT count(*)::int FROM cause) AS crossings, (SELECT sum(n)::int FROM raised) AS alerts,
       (SELECT count(*)::int FROM cause c WHERE NOT EXISTS (SELECT FROM raised r WHERE (r.product_id, r.store_id) = (c.product_id, c.store_id))) AS missed,
       (SELECT coalesce(sum(n - 1), 0)::int FROM raised) AS duplicates,
       round(1000 * extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY r.at - c.at)))::int AS "p50Ms",
       round(1000 * extract(epoch FROM percentile_cont(0.99) WITHIN GROUP (ORDER BY r.at - c.at)))::int AS "p99Ms",
       round(1000 * extract(epoch FROM max(r.at - c.at)))::int AS "slowestMs",
       (SELECT extract(epoch FROM max(at)) * 1000 FROM raised)::float8 AS "lastVisible"
      FROM cause c JOIN raised r USING (product_id, store_id)`,
  );
  const [found] = rows;
  return { ...found, crossings: found.crossings, expected: count, missed: found.missed + (count - found.crossings) };
}
