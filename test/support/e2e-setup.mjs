import { existsSync, mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { superviseChild } from '../../dist/kernel/runtime/child-process.js';
import { BUNDLE, writeBundle } from '../../scripts/bundle.mjs';
import { startTestDatabase } from '../../scripts/test.mjs';
import { databaseUrl } from './database-url.mjs';

const DATABASE = 'fluxion_e2e';

/**
 * The bundled API in jest's own process and a worker beside it, on a database of their own: as `npm start` runs them, outside jest's sandbox.
 * Specs find the API in APP_URL and a superuser's connection in APP_DATABASE_URL.
 */
export default async function setup() {
  if (!process.env.TEST_DATABASE_URL) {
    globalThis.ownTestDatabase = await startTestDatabase();
    process.env.TEST_DATABASE_URL = globalThis.ownTestDatabase.url;
  }
  const server = process.env.TEST_DATABASE_URL;
  await recreate(server);
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'flx-e2e-'));
  const environment = {
    NODE_ENV: 'test',
    DATABASE_URL: databaseUrl(server, DATABASE),
    DATA_DIR: dataDir,
    PORT: '0',
    RATE_LIMITS: '0',
    // examples of the served document come from the tenant of the demo, which one spec makes
    FLUXION_DEMO: '1',
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'error',
    ...(process.env.TEST_REDIS_URL ? { REDIS_URL: process.env.TEST_REDIS_URL } : {}),
  };
  Object.assign(process.env, environment);
  const product = await loadBundle();
  await product.migrate(process.env);
  const worker = superviseChild({
    module: product.worker,
    env: { ...process.env, NODE_OPTIONS: '' },
    log: (line) => console.log(line),
  });
  const api = await product.startApi(process.env);
  await worker.ready;
  process.env.APP_URL = api.url;
  process.env.APP_DATABASE_URL = environment.DATABASE_URL;
  globalThis.e2e = { api, worker, dataDir };
}

/** What `npm start` runs. A build without `npm start` or `npm test` has left none. */
async function loadBundle() {
  if (!existsSync(path.join(BUNDLE, 'start.js'))) await writeBundle();
  const { loadProduct } = await import(pathToFileURL(path.join(BUNDLE, 'start.js')).href);
  return loadProduct();
}

async function recreate(server) {
  const client = new pg.Client({ connectionString: databaseUrl(server, 'postgres') });
  await client.connect();
  await client.query(`DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`);
  await client.query(`CREATE DATABASE ${DATABASE} TEMPLATE template0`);
  await client.end();
}
