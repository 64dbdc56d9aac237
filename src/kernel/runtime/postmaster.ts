import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Binaries } from './binaries.js';
import type { Location } from './location.js';
import { type ProcessIdentity, identify } from './process-identity.js';
import { isShortage, systemErrorCode } from './system-error.js';

/** What postmaster.pid says of the server that wrote it. */
export interface PostmasterFile {
  readonly pid: number;
  readonly dataDirectory: string;
  readonly port: number;
  readonly socketFolder: string;
  readonly status: string;
}

/** A server of our data directory that is alive. */
export interface Postmaster extends PostmasterFile {
  readonly identity: ProcessIdentity;
}

export class PostmasterError extends Error {}

/** Reads the lines of postmaster.pid; undefined when it is not (yet) whole. */
export function parsePostmasterFile(text: string): PostmasterFile | undefined {
  const [pid, dataDirectory, , port, socketFolder, , , status] = text.split('\n').map((line) => line.trim());
  if (!Number.isInteger(Number(pid)) || Number(pid) <= 0 || !dataDirectory) return undefined;
  return { pid: Number(pid), dataDirectory, port: Number(port) || 0, socketFolder: socketFolder ?? '', status: status ?? '' };
}

/**
 * Whether a live process is the postmaster of `dataDirectory`: the program is postgres and its arguments name that folder.
 * (Its children rewrite their arguments, so they never match; where the system shows no arguments, the answer of the server decides.)
 */
export function isPostmasterOf(identity: ProcessIdentity, dataDirectory: string): boolean {
  const [program = '', ...rest] = identity.argv;
  if (program === '') return process.platform === 'win32';
  if (rest.length === 0) return /postgres -D /.test(program) && `${program} `.includes(` -D ${dataDirectory} `);
  const flag = rest.indexOf('-D');
  return path.basename(program) === 'postgres' && flag >= 0 && rest[flag + 1] === dataDirectory;
}

/** The server that runs on this data directory, if there is one. */
export function findPostmaster(location: Location): Postmaster | undefined {
  const file = readPostmasterFile(location);
  const identity = file && identify(file.pid);
  if (!file || !identity || !isPostmasterOf(identity, location.data)) return undefined;
  return { ...file, identity };
}

/**
 * Starts the server in a session of its own, so that a Ctrl-C in the terminal does not reach it, and waits until it takes connections.
 * Crash recovery may take long: as long as the process lives it is waited for.
 */
export async function startPostmaster(
  binaries: Binaries,
  location: Location,
  settings: Readonly<Record<string, string>>,
  log: (line: string) => void,
): Promise<Postmaster> {
  clearStaleFiles(location, settings.unix_socket_directories);
  const deadline = Date.now() + 30_000;
  for (;;) {
    const outcome = await launch(binaries, location, settings, log);
    if (typeof outcome !== 'string') return outcome;
    // children of a server that was killed need a moment to notice it
    if (!/shared memory block .* still in use/.test(outcome) || Date.now() > deadline) throw new PostmasterError(outcome);
    await delay(200);
  }
}

/** Stops the server: running transactions are rolled back, everything committed is written; kills it if that takes over `patienceMs`. */
export async function stopPostmaster(binaries: Binaries, location: Location, patienceMs = 60_000): Promise<void> {
  const running = findPostmaster(location);
  if (!running) return;
  signal(binaries, location, running.pid, 'SIGINT');
  const deadline = Date.now() + patienceMs;
  while (isRunning(running, location)) {
    if (Date.now() > deadline) signal(binaries, location, running.pid, 'SIGQUIT');
    if (Date.now() > deadline + 5_000) throw new PostmasterError(`PostgreSQL (process ${running.pid}) does not stop`);
    await delay(10);
  }
}

function isRunning(postmaster: Postmaster, location: Location): boolean {
  const found = identify(postmaster.pid);
  return found !== undefined && found.startedAt === postmaster.identity.startedAt && isPostmasterOf(found, location.data);
}

function readPostmasterFile(location: Location): PostmasterFile | undefined {
  try {
    return parsePostmasterFile(readFileSync(path.join(location.data, 'postmaster.pid'), 'utf8'));
  } catch (error) {
    if (isShortage(error)) throw error;
    return undefined;
  }
}

/**
 * PostgreSQL itself removes the lock files of a dead server, but takes any process with that number for a live one:
 * a stranger, or a killed server that nobody reaped. The caller knows that no server runs here.
 */
function clearStaleFiles(location: Location, sockets = ''): void {
  rmSync(path.join(location.data, 'postmaster.pid'), { force: true });
  if (!sockets) return;
  for (const name of ['.s.PGSQL.5432', '.s.PGSQL.5432.lock']) rmSync(path.join(sockets, name), { force: true });
}

async function launch(
  binaries: Binaries,
  location: Location,
  settings: Readonly<Record<string, string>>,
  log: (line: string) => void,
): Promise<Postmaster | string> {
  const args = ['-D', location.data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const { uid, gid } = location.account;
  const from = existsSync(location.logFile) ? statSync(location.logFile).size : 0;
  const output = openSync(location.logFile, 'a', 0o600);
  const child = spawn(binaries.program('postgres'), args, {
    ...(uid === undefined ? {} : { uid, gid }),
    cwd: location.root,
    env: serverEnvironment(),
    detached: true,
    windowsHide: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const ended = { reason: '' };
  child.once('error', (error) => (ended.reason = error.message));
  child.once('exit', (code, by) => (ended.reason = `it ended with ${by ?? `code ${code}`}`));
  child.unref();
  for (let waited = 0; !ended.reason; waited += 10) {
    const found = findPostmaster(location);
    if (found && found.pid === child.pid && found.status === 'ready') return found;
    if (waited > 0 && waited % 5_000 === 0) log(`PostgreSQL recovers after a crash (${waited / 1000} s) ...`);
    await delay(10);
  }
  return `PostgreSQL did not start: ${ended.reason}\n${logTail(location, from)}`;
}

/** The server sees nothing of our environment: PGDATA, PGPORT and the like would change what it does. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'SystemRoot', 'SystemDrive', 'TEMP', 'TMP'];
  const own = Object.fromEntries(kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
  return { ...own, LC_ALL: 'C', TZ: 'UTC' };
}

function logTail(location: Location, from: number): string {
  return readFileSync(location.logFile).subarray(from).toString('utf8').trimEnd().split('\n').slice(-8).join('\n');
}

function signal(binaries: Binaries, location: Location, pid: number, name: 'SIGINT' | 'SIGQUIT'): void {
  if (process.platform === 'win32') {
    const mode = name === 'SIGINT' ? 'fast' : 'immediate';
    spawn(binaries.program('pg_ctl'), ['stop', '-W', '-m', mode, '-D', location.data], { stdio: 'ignore', windowsHide: true });
    return;
  }
  try {
    process.kill(pid, name);
  } catch (error) {
    if (systemErrorCode(error) !== 'ESRCH') throw error;
  }
}
