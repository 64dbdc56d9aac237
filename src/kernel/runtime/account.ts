import { readFileSync, statSync, type Stats } from 'node:fs';
import path from 'node:path';

/** The account that PostgreSQL runs under; without a uid it is our own. */
export interface Account {
  readonly uid?: number;
  readonly gid?: number;
  readonly name: string;
}

/** Accounts that PostgreSQL may run under when we are root, which it refuses; the first that exists is taken, none is created. */
const CANDIDATES = ['fluxion', 'postgres', 'nobody', 'daemon'];

export class NoAccountError extends Error {}

/**
 * Decides the account of PostgreSQL: ourselves, or as root the owner of the data if there is any, else an existing unprivileged account.
 * @param passwd text of /etc/passwd
 */
export function chooseAccount(passwd: string, owner?: { uid: number; gid: number }): Account {
  const rows = passwd.split('\n').map((line) => line.split(':'));
  if (owner && owner.uid !== 0) {
    return { uid: owner.uid, gid: owner.gid, name: rows.find((row) => Number(row[2]) === owner.uid)?.[0] ?? String(owner.uid) };
  }
  for (const name of CANDIDATES) {
    const row = rows.find((columns) => columns[0] === name && Number(columns[2]) > 0);
    if (row) return { uid: Number(row[2]), gid: Number(row[3]), name };
  }
  throw new NoAccountError(`PostgreSQL does not run as root and none of ${CANDIDATES.join(', ')} exists here; set DATABASE_URL`);
}

/** The account for a data directory that may or may not exist yet. */
export function accountFor(dataDirectory: string): Account {
  if (process.getuid?.() !== 0) return { name: process.env.USER ?? 'you' };
  return chooseAccount(readFileSync('/etc/passwd', 'utf8'), statIfThere(dataDirectory));
}

/** Whether `account` may walk down to `target`: search permission on every folder above it that exists. */
export function canReach(target: string, account: Account): boolean {
  for (let folder = path.resolve(target); ; folder = path.dirname(folder)) {
    const stats = statIfThere(folder);
    if (stats && stats.isDirectory() && !grants(stats, account, 0o1)) return false;
    if (folder === path.dirname(folder)) return true;
  }
}

/** Whether `account` may read what lies in `folder` (and reach it). */
export function canRead(folder: string, account: Account): boolean {
  const stats = statIfThere(folder);
  return stats !== undefined && grants(stats, account, stats.isDirectory() ? 0o5 : 0o4) && canReach(folder, account);
}

function grants(stats: Stats, account: Account, bits: number): boolean {
  if (account.uid === undefined) return true;
  let mode = stats.mode;
  if (stats.uid === account.uid) mode >>= 6;
  else if (stats.gid === account.gid) mode >>= 3;
  return (mode & bits) === bits;
}

function statIfThere(target: string): Stats | undefined {
  return statSync(target, { throwIfNoEntry: false });
}
