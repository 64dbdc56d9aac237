import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '../../../src/kernel/runtime/embedded-postgres.js';
import type { RuntimeFacts } from '../../../src/kernel/runtime/runtime-file.js';
import { assertLedgers } from '../../support/ledger.mjs';

const START = `import(${JSON.stringify(path.resolve(import.meta.dirname, '../../../dist/start.js'))}).then(({ start }) => start([]))`;

// the whole product starts here, twice
jest.setTimeout(300_000);

describe('a stop in the middle of the first import', () => {
  let home: string;
  let children: ChildProcess[];
  const runtime = (): RuntimeFacts => JSON.parse(readFileSync(path.join(home, 'runtime.json'), 'utf8'));

  const start = (): { output: () => string; child: ChildProcess; ended: Promise<unknown[]> } => {
    const env = { PATH: process.env['PATH'], DATA_DIR: home, PORT: '0', LOG_LEVEL: 'warn' };
    const child = spawn(process.execPath, ['-e', START], {
      env,
      cwd: home,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    return { child, output: () => output, ended: once(child, 'close') };
  };

  const until = async (text: string, { output, child }: ReturnType<typeof start>): Promise<void> => {
    while (!output().includes(text)) {
      if (child.exitCode !== null) throw new Error(`it ended before "${text}": ${output()}`);
      await delay(20);
    }
  };

  beforeEach(() => {
    home = mkdtempSync(path.join(tmpdir(), 'fluxion-'));
    children = [];
  });

  afterEach(async () => {
    for (const child of children) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'close');
    }
    const left = await startEmbeddedPostgres({ dataDir: home, log: () => undefined });
    await left.stop({ remove: true });
    rmSync(home, { recursive: true, force: true });
  });

  it('should not wait for a client that only holds a connection, and the next start finishes the import', async () => {
    const first = start();
    await until('FLUXION READY', first);
    const { hostname, port } = new URL(runtime().api);
    // a client that says nothing and never goes away by itself
    const silent = connect(Number(port), hostname);
    silent.on('error', () => undefined);
    await once(silent, 'connect');
    first.child.kill('SIGINT');
    expect({ ended: await first.ended, output: first.output() }).toMatchObject({ ended: [0, null] });
    silent.destroy();
    expect(first.output()).not.toContain('forecasts: done');

    const second = start();
    await until('forecasts: done', second);
    const { databaseUrl } = runtime();
    const client = new Client({ connectionString: databaseUrl });
    await client.connect();
    const { rows: tenants } = await client.query<{ schema: string }>(
      "SELECT schema_name AS schema FROM shared.tenants WHERE slug = 'fluxion-demo'",
    );
    const of = tenants[0]?.schema;
    const { rows: imports } = await client.query<{ status: string; n: number }>(
      `SELECT status, count(*)::int AS n FROM ${of}.imports WHERE status <> 'uploading' GROUP BY status`,
    );
    await assertLedgers(client);
    await client.end();
    // stores, suppliers, products, stock, sales and calendar, each once; an upload that was cut off is swept later
    expect(imports).toEqual([{ status: 'completed', n: 6 }]);
    second.child.kill('SIGTERM');
    expect(await second.ended).toEqual([0, null]);
  });
});
