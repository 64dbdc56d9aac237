import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Account, accountFor, canReach } from './account.js';
import { systemErrorCode } from './system-error.js';

/** Folder for what may not lie in DATA_DIR when we are root: readable programs and data that an unprivileged account must reach. */
export const STATE_ROOT = process.platform === 'darwin' ? '/var/db/fluxion' : '/var/lib/fluxion';

/** The shortest limit of a socket's path is that of macOS: 104 bytes with the closing zero. `/.s.PGSQL.5432` is 14. */
const SOCKET_FOLDER_LIMIT = 104 - 1 - '/.s.PGSQL.5432'.length;

/** Where the database of a DATA_DIR lives. */
export interface Location {
  /** folder with `data`, the log and the socket */
  readonly root: string;
  readonly data: string;
  readonly logFile: string;
  readonly account: Account;
}

/**
 * Decides where PostgreSQL keeps its data: `DATA_DIR/postgres`, or, when we are root and DATA_DIR lies where no other account may
 * go, a folder of the machine's state keyed by DATA_DIR and by a mark in it (a new clone at an old path starts empty).
 */
export function locate(dataDir: string): Location {
  const home = openDataDir(dataDir);
  const inside = path.join(home, 'postgres');
  const account = accountFor(path.join(inside, 'data'));
  if (canReach(home, account)) return prepared(inside, account);
  const key = createHash('sha256')
    .update(`${home}\n${mark(home)}`)
    .digest('hex')
    .slice(0, 16);
  const outside = path.join(STATE_ROOT, key);
  mkdirSync(STATE_ROOT, { recursive: true, mode: 0o755 });
  const stateAccount = accountFor(path.join(outside, 'data'));
  const location = prepared(outside, stateAccount);
  writeFileSync(path.join(outside, 'data-dir'), `${home}\n`);
  return location;
}

/** Makes DATA_DIR: private, but as root it lets PostgreSQL's account pass through (secrets in it are files of mode 0600). */
export function openDataDir(dataDir: string): string {
  mkdirSync(dataDir, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
  return realpathSync(dataDir);
}

/**
 * A private folder for the socket whose path the operating system accepts: beside the data, else a short one.
 * A short one is only taken if it is a real folder of that account that nobody else may enter.
 */
export function socketFolder(location: Location): string {
  const beside = path.join(location.root, 'socket');
  // the setting is a comma-separated list with its own quoting: simple paths only
  if (Buffer.byteLength(beside) <= SOCKET_FOLDER_LIMIT && /^[\w./-]+$/.test(beside)) return ownFolder(beside, location.account);
  const key = createHash('sha256').update(location.root).digest('hex').slice(0, 12);
  const short = path.join(existsSync('/tmp') ? '/tmp' : tmpdir(), `flx-${key}`);
  if (createdAlone(short) || isPrivate(short, location.account)) return ownFolder(short, location.account);
  return ownFolder(mkdtempSync(`${short}-`), location.account);
}

/** Whether the folder was not there and is made now: nobody can have prepared it. */
function createdAlone(folder: string): boolean {
  try {
    mkdirSync(folder, { mode: 0o700 });
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Makes a folder that only `account` may enter (and root). */
export function ownFolder(folder: string, account: Account): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (account.uid !== undefined && account.gid !== undefined) chownSync(folder, account.uid, account.gid);
  chmodSync(folder, 0o700);
  return folder;
}

function prepared(root: string, account: Account): Location {
  ownFolder(root, account);
  return { root, data: path.join(root, 'data'), logFile: path.join(root, 'postgres.log'), account };
}

function isPrivate(folder: string, account: Account): boolean {
  const stats = lstatSync(folder);
  const uid = account.uid ?? process.getuid?.();
  return stats.isDirectory() && stats.uid === uid && (stats.mode & 0o077) === 0;
}

function mark(home: string): string {
  const file = path.join(home, 'instance');
  if (!existsSync(file)) writeFileSync(file, randomBytes(8).toString('hex'), { mode: 0o600 });
  return readFileSync(file, 'utf8');
}
