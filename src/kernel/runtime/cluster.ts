import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import type { Binaries } from './binaries.js';
import type { Location } from './location.js';
import { serverEnvironment } from './postmaster.js';

const run = promisify(execFile);

/** The superuser of the embedded server and the database that Fluxion uses in it. */
export const SUPERUSER = 'fluxion';
export const DATABASE = 'fluxion_dev';

/**
 * Makes the data directory if there is none: under another name first, then renamed, so that a start killed in the middle leaves
 * nothing that looks like a database.
 * @returns whether it was made now
 */
export async function ensureCluster(binaries: Binaries, location: Location): Promise<boolean> {
  if (existsSync(path.join(location.data, 'PG_VERSION'))) {
    refuseForeignData(binaries, location);
    return false;
  }
  const draft = `${location.data}.init`;
  rmSync(draft, { recursive: true, force: true });
  const { uid, gid } = location.account;
  const args = [
    '-D',
    draft,
    '-U',
    SUPERUSER,
    '-E',
    'UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
  ];
  args.push(...(process.platform === 'win32' ? ['-A', 'scram-sha-256', '--pwfile', makePassword(location)] : ['-A', 'trust']));
  if (process.platform === 'linux') args.push('--sync-method=syncfs');
  await run(binaries.program('initdb'), args, {
    ...(uid === undefined ? {} : { uid, gid }),
    cwd: location.root,
    env: serverEnvironment(),
    windowsHide: true,
  });
  renameSync(draft, location.data);
  return true;
}

/** The superuser's password where a server must listen on TCP (Windows); undefined where a private socket needs none. */
export function superuserPassword(location: Location): string | undefined {
  const file = passwordFile(location);
  return process.platform === 'win32' && existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}

/** Address of a server as node-postgres and libpq read it. */
export function connectionUrl(server: { socketFolder: string; port: number }, database: string, password?: string): string {
  if (password !== undefined)
    return `postgresql://${SUPERUSER}:${encodeURIComponent(password)}@127.0.0.1:${server.port}/${database}`;
  return `postgresql://${SUPERUSER}@/${database}?host=${encodeURIComponent(server.socketFolder)}&port=${server.port}`;
}

/**
 * Asks the server which data it serves and makes the database if it is missing.
 * @throws Error when another data directory answers
 */
export async function ensureDatabase(url: string, location: Location): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
    const served = rows[0]?.data_directory ?? '';
    if (path.resolve(served) !== path.resolve(location.data))
      throw new Error(`the server at ${url} serves ${served}, not ${location.data}`);
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE} TEMPLATE template0`);
  } finally {
    await client.end();
  }
}

function refuseForeignData(binaries: Binaries, location: Location): void {
  const major = readFileSync(path.join(location.data, 'PG_VERSION'), 'utf8').trim();
  if (major !== binaries.version.split('.')[0]) {
    throw new Error(
      `${location.data} was made by PostgreSQL ${major}, this is ${binaries.version}: export it with the old version first`,
    );
  }
  const uid = location.account.uid ?? process.getuid?.();
  const owner = statSync(location.data).uid;
  if (uid !== undefined && owner !== uid)
    throw new Error(`${location.data} belongs to user ${owner}: start as that user or as root`);
}

function makePassword(location: Location): string {
  const file = passwordFile(location);
  writeFileSync(file, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
  return file;
}

function passwordFile(location: Location): string {
  return path.join(location.root, 'superuser-password');
}
