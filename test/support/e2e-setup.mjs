import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { startTestDatabase } from '../../scripts/test.mjs';
import { databaseUrl } from './database-url.mjs';

const DATABASE = 'fluxion_e2e';

/**
 * The built API in jest's own process and a worker beside it, on a database of their own: as it ships, outside jest's sandbox.
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
  const dist = (file) => import(`../../dist/${file}`);
  const [{ prepareDatabase }, { migrateQueue }, { startApi }, { superviseChild }] = await Promise.all(
    ['kernel/database/prepare.js', 'kernel/jobs/queue-lane.js', 'main.js', 'kernel/runtime/child-process.js'].map(dist),
  );
  await prepareDatabase({ DATABASE_URL: environment.DATABASE_URL, REDIS_URL: environment.REDIS_URL }, migrateQueue);
  const worker = superviseChild({
    module: path.resolve(import.meta.dirname, '../../dist/worker.js'),
    env: { ...process.env, NODE_OPTIONS: '' },
    log: (line) => console.log(line),
  });
  const api = await startApi();
  await worker.ready;
  process.env.APP_URL = api.url;
  process.env.APP_DATABASE_URL = environment.DATABASE_URL;
  globalThis.e2e = { api, worker, dataDir };
}

async function recreate(server) {
  const client = new pg.Client({ connectionString: databaseUrl(server, 'postgres') });
  await client.connect();
  await client.query(`DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`);
  await client.query(`CREATE DATABASE ${DATABASE} TEMPLATE template0`);
  await client.end();
}
