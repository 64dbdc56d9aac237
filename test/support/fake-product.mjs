// The supervisor with a product of a few lines: what `npm start` does, without what it does it to.
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { readConfig } from '../../dist/kernel/config/config.js';
import { FilesRefusedError } from '../../dist/kernel/runtime/files-refused.js';
import { UsageError, readStartOptions } from '../../dist/kernel/runtime/start-options.js';
import { supervise } from '../../dist/kernel/runtime/supervisor.js';

let takenIn = false;
const tenants = new Set();
const answers = {
  'GET /health/ready': () => [200, { status: 'ok' }],
  'POST /v1/tenants': ({ slug }) => (tenants.has(slug) ? [409, { code: 'tenancy.slug_taken' }] : [201, tenants.add(slug) && {}]),
  'POST /v1/auth/login': ({ tenant }) =>
    tenants.has(tenant) ? [200, { accessToken: 'token' }] : [401, { code: 'auth.wrong_password' }],
  'GET /v1/alerts': () => [200, { data: takenIn && !process.env.NO_ALERT ? [{}] : [] }],
};

async function serve(request, response) {
  let text = '';
  for await (const chunk of request) text += chunk;
  const answer = answers[`${request.method} ${new URL(request.url, 'http://x').pathname}`];
  const [status, body] = answer(text === '' ? {} : JSON.parse(text));
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const product = {
  worker: path.join(import.meta.dirname, 'fake-worker.mjs'),
  async migrate({ DATABASE_URL }) {
    const client = new pg.Client({ connectionString: DATABASE_URL });
    await client.connect();
    await client.query('CREATE TABLE IF NOT EXISTS starts (pid integer NOT NULL)');
    await client.query('INSERT INTO starts VALUES ($1)', [process.pid]);
    await client.end();
  },
  async startApi() {
    const server = createServer((request, response) => void serve(request, response));
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    return {
      url: `http://127.0.0.1:${server.address().port}`,
      close: async () => {
        appendFileSync(process.env.WORKER_LOG, 'API closed\n');
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      },
    };
  },
  async boot({ session, folder, log }) {
    log(`taking in ${folder ? path.basename(folder.path) : 'the demo'} as ${session.login.tenant}`);
    if (process.env.BOOT_FAILS) throw new Error('sales.csv: line 3 is wrong');
    if (process.env.BOOT_REFUSES)
      throw new FilesRefusedError(['sales was refused: 2 problems', '  line 3: wrong', '  line 4: wrong']);
    takenIn = true;
    if (process.env.BOOT_FAILS_LATE) {
      await delay(500);
      throw new Error('sales.csv: line 3 is wrong');
    }
  },
};

try {
  await supervise(readStartOptions(process.argv.slice(2)), readConfig(), async () => product, console.log);
} catch (error) {
  console.error(error instanceof UsageError ? `usage: ${error.message}` : error.message);
  process.exit(1);
}
