import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { jest } from '@jest/globals';
import { Client } from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../../src/kernel/runtime/embedded-postgres.js';

const SETTINGS = { fsync: 'off', shared_buffers: '16MB' };

// servers are made and recovered here
jest.setTimeout(60_000);

describe('embedded PostgreSQL', () => {
  let home: string;
  let log: string[];
  let running: EmbeddedPostgres[];

  beforeEach(() => {
    home = mkdtempSync(path.join(tmpdir(), 'fluxion-'));
    log = [];
    running = [];
  });

  afterEach(async () => {
    for (const server of running) await server.stop({ remove: true });
    rmSync(home, { recursive: true, force: true });
  });

  const start = async (dataDir = home): Promise<EmbeddedPostgres> => {
    const sut = await startEmbeddedPostgres({ dataDir, log: (line) => log.push(line), settings: SETTINGS });
    running.push(sut);
    return sut;
  };

  it('should serve UTF-8 with the builtin locale on a private socket and on no port', async () => {
    const sut = await start();
    const [row] = await ask(
      sut.url,
      `SELECT current_database() AS name, datlocprovider AS provider, datlocale AS locale, pg_encoding_to_char(encoding) AS encoding,
              current_setting('listen_addresses') AS addresses, current_setting('max_locks_per_transaction')::int >= 512 AS locks,
              'ñandú' COLLATE "es-VE-x-icu" < 'oso' COLLATE "es-VE-x-icu" AS spanish
         FROM pg_database WHERE datname = current_database()`,
    );
    expect(row).toEqual({
      name: 'fluxion_dev',
      provider: 'b',
      locale: 'C.UTF-8',
      encoding: 'UTF8',
      addresses: '',
      locks: true,
      spanish: true,
    });
    expect(statSync(sut.socketDir).mode & 0o077).toBe(0);
  });

  it('should adopt the server that an earlier process left running and keep what it holds', async () => {
    const left = await start();
    await ask(left.url, 'CREATE TABLE kept AS SELECT 7 AS n');
    const sut = await start();
    expect(sut).toMatchObject({ adopted: true, pid: left.pid, url: left.url });
    expect(await ask(sut.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  });

  it('should start over the postmaster.pid of a number that a stranger has now', async () => {
    const first = await start();
    await ask(first.url, 'CREATE TABLE kept AS SELECT 7 AS n');
    await first.stop();
    const stranger = spawn(process.execPath, ['-e', 'setTimeout(() => undefined, 60_000)'], { stdio: 'ignore' });
    try {
      const pidFile = [stranger.pid, path.join(first.root, 'data'), 1, 5432, first.socketDir, '', '1 1', 'ready', ''].join('\n');
      writeFileSync(path.join(first.root, 'data', 'postmaster.pid'), pidFile);
      writeFileSync(path.join(first.socketDir, '.s.PGSQL.5432.lock'), pidFile);
      const sut = await start();
      expect(sut.adopted).toBe(false);
      expect(await ask(sut.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
    } finally {
      stranger.kill();
    }
  });

  it('should start the server again when it is killed, with every committed row', async () => {
    const sut = await start();
    await ask(sut.url, 'CREATE TABLE kept AS SELECT 7 AS n');
    const killed = sut.pid;
    process.kill(killed, 'SIGKILL');
    while (sut.pid === killed) await new Promise((resume) => setTimeout(resume, 20));
    expect(await ask(sut.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  });

  it('should put the socket elsewhere when DATA_DIR is too deep for one, or has a name that settings cannot hold', async () => {
    const deep = path.join(home, 'a shop, "the" best', 'x'.repeat(90), 'y'.repeat(90));
    mkdirSync(deep, { recursive: true });
    const sut = await start(deep);
    expect(Buffer.byteLength(path.join(sut.socketDir, '.s.PGSQL.5432'))).toBeLessThan(104);
    expect(statSync(sut.socketDir).mode & 0o077).toBe(0);
    expect(await ask(sut.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });

  it('should run two at once and leave nothing behind when it is told so', async () => {
    const [first, second] = await Promise.all([start(path.join(home, 'one')), start(path.join(home, 'two'))]);
    expect(first.pid).not.toBe(second.pid);
    expect(first.socketDir).not.toBe(second.socketDir);
    await first.stop({ remove: true });
    expect(statSync(first.root, { throwIfNoEntry: false })).toBeUndefined();
    expect(await ask(second.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });

  it('should let only one of two starts on the same data make it', async () => {
    const [first, second] = await Promise.all([start(), start()]);
    expect(first.pid).toBe(second.pid);
    expect(first.adopted).toBe(!second.adopted);
  });
});

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
