import { rmSync } from 'node:fs';
import pg from 'pg';
import { assertLedgers } from './ledger.mjs';

/** Stops what e2e-setup started. The run fails when any test has left a level that is not the sum of its movements. */
export default async function teardown() {
  const { api, worker, dataDir } = globalThis.e2e ?? {};
  await worker?.stop(10_000);
  await api?.close();
  try {
    if (api) await checkLedgers();
  } finally {
    if (dataDir) rmSync(dataDir, { recursive: true, force: true });
    await globalThis.ownTestDatabase?.stop({ remove: true });
  }
}

async function checkLedgers() {
  const client = new pg.Client({ connectionString: process.env.APP_DATABASE_URL });
  await client.connect();
  try {
    await assertLedgers(client);
  } finally {
    await client.end();
  }
}
