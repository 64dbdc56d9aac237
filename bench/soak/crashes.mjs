/**
 * kill -9 of the app, the worker, the postmaster and of all of them under load: no committed row or job is lost and the next start is ready.
 * --for is the number of rounds (20 in the committed report). The product is a real `npm start` in a folder of its own, without the demo. Four
 * clients record movements with an Idempotency-Key and sell with a till's number, in turns, each of another product and each so that its level
 * falls below the reorder point: every answered one is a row that must be there and a job that must become an alert. Whoever got no answer
 * asks again with the same key or number. A killed app is started again; worker and postmaster are started again by the app. After each round:
 *   lost = answered movements and sales that are not there  repeated = products that left stock twice
 *   halves = sales without their movement, or movements without their sale
 *   missed = crossings without an alert                     duplicates = alerts beyond one for a crossing
 *   unequal = levels that are not the sum of their movements
 */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { locate, socketFolder } from '../../dist/kernel/runtime/location.js';
import { Client, signUp, takeIn } from '../support/api.mjs';
import { readTenant } from '../support/database.mjs';
import { random } from '../support/random.mjs';

const VICTIMS = ['app', 'worker', 'postmaster', 'all'];
const LANES = 4;
const PACE_MS = 25;
const STOCK = 10;
const PER_ROUND = 500;
const READY_MS = 120_000;
const ALERTS_MS = 120_000;
const root = fileURLToPath(new URL('../..', import.meta.url));

export default async function crashes({ seed, rounds, log, stopped }) {
  const next = random(seed);
  const product = new Product();
  const results = [];
  try {
    const firstStart = await product.start();
    const shop = await openShop(product, rounds * PER_ROUND);
    for (let round = 0; round < rounds && !stopped(); round++) {
      const result = await play({ product, shop, victim: VICTIMS[round % VICTIMS.length], wait: 500 + next() * 2000 });
      results.push(result);
      log(`round ${round + 1}: ${JSON.stringify(result)}`);
    }
    const sum = (name) => results.reduce((total, result) => total + result[name], 0);
    const wrong = Object.fromEntries(
      ['lost', 'repeated', 'halves', 'missed', 'duplicates', 'unequal'].map((name) => [name, sum(name)]),
    );
    return {
      pass: results.length === rounds && Object.values(wrong).every((n) => n === 0),
      firstStartSeconds: firstStart,
      answered: sum('answered'),
      ...wrong,
      slowestBackSeconds: Math.max(...results.map((result) => result.backSeconds)),
      slowestAlertsSeconds: Math.max(...results.map((result) => result.alertsSeconds)),
      rounds: results,
    };
  } finally {
    await product.remove();
  }
}

/** A company with as many products as there will be movements, each with as much in stock as its reorder point. */
async function openShop(product, count) {
  const admin = await signUp(product.api, 'crashes');
  const numbers = Array.from({ length: count }, (_, i) => String(i + 1).padStart(6, '0'));
  const today = new Date(Date.now() - 4 * 3_600_000).toISOString().slice(0, 10);
  const file = (head, line) => `${[head, ...numbers.map(line)].join('\n')}\n`;
  await takeIn(admin, 'stores', 'stores.csv', 'code,name,type\nC1,Central,store\n');
  const products = file('sku,name,sale_price,reorder_point', (n) => `X${n},Producto ${n},2.5,${STOCK}`);
  await takeIn(admin, 'products', 'products.csv', products);
  const stock = file('store,sku,quantity,unit_cost,date', (n) => `C1,X${n},${STOCK},1.5,${today}`);
  await takeIn(admin, 'stock', 'stock.csv', stock);
  const { schema, id } = await product.query((client) => readTenant(client, 'crashes'));
  const { rows } = await product.query((client) =>
    client.query(
      `SELECT (SELECT id FROM ${schema}.stores) AS store, array_agg(id ORDER BY sku) AS products FROM ${schema}.products`,
    ),
  );
  return { ...rows[0], admin, schema, tenant: id, used: 0 };
}

async function play({ product, shop, victim, wait }) {
  const load = startLoad(product, shop);
  await delay(wait);
  const before = load.answered.length;
  const killedAt = performance.now();
  await product.kill(victim);
  // answered again, and by a process that is not the killed one
  while (load.answered.length <= before + LANES) await delay(20);
  const backSeconds = seconds(killedAt);
  await delay(500);
  await load.stop();
  const stoppedAt = performance.now();
  const verdict = await verify(product, shop, load.answered);
  return {
    victim,
    answered: load.answered.length,
    unanswered: load.asked(),
    backSeconds,
    ...verdict,
    alertsSeconds: seconds(stoppedAt),
  };
}

/** Movements and sales by clients that do not give up; `answered` are the ids that the API has confirmed, with where they are to be found. */
function startLoad(product, shop) {
  const answered = [];
  const state = { running: true };
  let again = 0;
  const post = (...request) => new Client(product.api, shop.admin.token).call('POST', ...request);
  const move = async (productId, key) => {
    const body = { storeId: shop.store, productId, type: 'out', quantity: '1', reason: 'damage' };
    const { id } = await post('/v1/inventory/movements', body, { 'idempotency-key': key });
    return { table: 'inventory_movements', id };
  };
  const sell = async (productId, posTransactionId) => {
    const items = [{ productId, quantity: '1' }];
    const body = { storeId: shop.store, posTransactionId, items, payments: [{ method: 'cash', amount: '10' }] };
    const { id } = await post('/v1/sales', body);
    return { table: 'sales', id };
  };
  const send = async (ask, productId, key) => {
    for (;;) {
      try {
        return await ask(productId, key);
      } catch (error) {
        // it was sold, but nobody could say so
        if (/sales.duplicate_transaction/.test(error.message)) return { table: 'sales', pos: key };
        again++;
        if (/answered 401/.test(error.message)) await logInAgain(product, shop).catch(() => undefined);
        else if (/answered 4(?!09|29)/.test(error.message)) throw error;
        await delay(50);
      }
    }
  };
  const lane = async () => {
    while (state.running && shop.used < shop.products.length) {
      const turn = shop.used++;
      answered.push(await send(turn % 2 === 0 ? move : sell, shop.products[turn], randomUUID()));
      await delay(PACE_MS);
    }
  };
  const lanes = Promise.all(Array.from({ length: LANES }, lane));
  return {
    answered,
    asked: () => again,
    async stop() {
      state.running = false;
      await lanes;
    },
  };
}

async function logInAgain(product, { admin }) {
  const { email, password, slug } = admin;
  const { accessToken } = await new Client(product.api).call('POST', '/v1/auth/login', { email, password, tenant: slug });
  admin.token = accessToken;
}

async function verify(product, { schema, tenant, used }, answered) {
  const read = (sql, values = []) =>
    product.query(async (client) => {
      await client.query("SELECT set_config('app.current_tenant_id', $1, false)", [tenant]);
      return (await client.query(sql, values)).rows[0];
    });
  const alerts = () =>
    read(
      `SELECT (SELECT count(*)::int FROM ${schema}.inventory i WHERE i.below_reorder AND NOT EXISTS
         (SELECT FROM ${schema}.alerts a WHERE a.product_id = i.product_id AND a.store_id = i.store_id AND a.alert_type = 'low_stock')) AS missed,
       (SELECT count(*)::int - count(DISTINCT (product_id, store_id))::int FROM ${schema}.alerts WHERE alert_type = 'low_stock') AS duplicates`,
    );
  const rows = await read(
    `SELECT (SELECT count(*)::int FROM unnest($1::uuid[]) AS a (id) WHERE NOT EXISTS (SELECT FROM ${schema}.inventory_movements m WHERE m.id = a.id))
         + (SELECT count(*)::int FROM unnest($2::uuid[]) AS a (id) WHERE NOT EXISTS (SELECT FROM ${schema}.sales s WHERE s.id = a.id))
         + (SELECT count(*)::int FROM unnest($3::text[]) AS a (pos) WHERE NOT EXISTS
             (SELECT FROM ${schema}.sales s WHERE s.pos_transaction_id = a.pos)) AS lost,
       (SELECT coalesce(sum(n - 1), 0)::int FROM (SELECT count(*)::int AS n FROM ${schema}.inventory_movements WHERE quantity < 0 GROUP BY product_id) x) AS repeated,
       (SELECT count(*)::int FROM (SELECT id AS sale FROM ${schema}.sales) s FULL JOIN
         (SELECT reference_id AS sale FROM ${schema}.inventory_movements WHERE reference_type = 'sale') m USING (sale)
         WHERE s IS NULL OR m IS NULL) AS halves,
       (SELECT count(*)::int FROM ${schema}.inventory i WHERE i.quantity_on_hand <>
         (SELECT sum(quantity) FROM ${schema}.inventory_movements m WHERE m.product_id = i.product_id AND m.store_id = i.store_id)) AS unequal,
       (SELECT count(*)::int FROM ${schema}.inventory WHERE below_reorder) AS crossed`,
    [idsOf(answered, 'inventory_movements'), idsOf(answered, 'sales'), answered.flatMap(({ pos }) => pos ?? [])],
  );
  if (rows.crossed !== used) throw new Error(`${used} products were moved, ${rows.crossed} have crossed`);
  let found = await alerts();
  for (const deadline = Date.now() + ALERTS_MS; found.missed > 0 && Date.now() < deadline; found = await alerts())
    await delay(200);
  const { lost, repeated, halves, unequal } = rows;
  return { lost, repeated, halves, unequal, ...found };
}

function idsOf(answered, table) {
  return answered.flatMap((one) => (one.table === table && one.id ? [one.id] : []));
}

const seconds = (since) => Math.round((performance.now() - since) / 10) / 100;

/** `npm start` in a temporary DATA_DIR. */
class Product {
  dataDir = mkdtempSync(path.join(os.tmpdir(), 'fluxion-crashes-'));

  get facts() {
    return JSON.parse(readFileSync(path.join(this.dataDir, 'runtime.json'), 'utf8'));
  }

  /** @returns {Promise<number>} seconds to the ready line */
  async start() {
    const startedAt = performance.now();
    this.port ??= await freePort();
    const env = {
      ...process.env,
      DATA_DIR: this.dataDir,
      PORT: String(this.port),
      FLUXION_DEMO: '0',
      RATE_LIMITS: '0',
      LOG_LEVEL: 'warn',
    };
    for (const name of ['DATABASE_URL', 'DATABASE_DIRECT_URL', 'REDIS_URL']) delete env[name];
    const child = spawn('npm', ['start', '--silent'], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    let said = '';
    this.ended = new Promise((resolve) => child.once('exit', resolve));
    await new Promise((resolve, reject) => {
      const listen = (chunk) => {
        said = `${said}${chunk}`.slice(-20_000);
        if (/^FLUXION READY/m.test(said)) resolve();
      };
      child.stdout.on('data', listen);
      child.stderr.on('data', listen);
      void this.ended.then(() => reject(new Error(`npm start ended:\n${said}`)));
      setTimeout(() => reject(new Error(`not ready after ${READY_MS / 1000} s:\n${said}`)), READY_MS).unref();
    });
    this.api = this.facts.api;
    return seconds(startedAt);
  }

  async kill(victim) {
    const { pid, workerPid, postgresPid } = this.facts;
    const pids = { app: [pid], worker: [workerPid], postmaster: [postgresPid], all: [pid, workerPid, postgresPid] }[victim];
    for (const one of pids) process.kill(one, 'SIGKILL');
    if (!pids.includes(pid)) return;
    await this.ended;
    await this.start();
  }

  /** Runs `work` on an administrator's connection of its own. */
  async query(work) {
    const client = new pg.Client({ connectionString: this.facts.databaseUrl });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }

  /** Stops in order and leaves nothing behind. */
  async remove() {
    try {
      process.kill(this.facts.pid, 'SIGTERM');
      await this.ended;
    } catch {
      // it never got so far
    }
    const location = locate(this.dataDir);
    for (const folder of [socketFolder(location), location.root, this.dataDir]) rmSync(folder, { recursive: true, force: true });
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
