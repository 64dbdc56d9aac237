// What `npm start` and `npm test` need before anything of ours can run. No dependency: it runs from a bare clone.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const OLDEST_NODE = [20, 19];
const BUILD_STAMP = path.join(ROOT, 'dist', '.built-from');
const INSTALL_STAMP = path.join(ROOT, 'node_modules', '.package-lock.json');

/** Ends the script with a message for people: no stack. */
export class SetupError extends Error {}

/** Installs and builds whatever is missing or older than its sources. One process at a time; a second one waits. */
export async function setUp({ log = console.log } = {}) {
  requireNode(process.versions.node);
  const release = await lock(path.join(ROOT, '.fluxion-setup.lock'), log);
  try {
    if (installIsStale()) await step(log, 'installing packages', [npm(), ['ci', '--no-audit', '--no-fund', '--loglevel=error']]);
    const sources = fingerprint();
    if (builtFrom() !== sources) {
      rmSync(BUILD_STAMP, { force: true });
      await step(log, 'building', [
        process.execPath,
        [path.join(ROOT, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js'), 'build'],
      ]);
      await step(log, 'bundling', [process.execPath, [path.join(ROOT, 'scripts', 'bundle.mjs')]]);
      writeFileSync(BUILD_STAMP, sources);
    }
  } finally {
    release();
  }
}

/** @param {string} version such as 20.19.0 */
export function requireNode(version) {
  const [major, minor] = version.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  throw new SetupError(`Fluxion needs Node ${OLDEST_NODE.join('.')} or newer; this is ${version} (${process.execPath}).`);
}

/** Runs a program to its end; its output is ours. Rejects unless it ends with 0. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      stdio: 'inherit',
      shell: process.platform === 'win32' && command.endsWith('.cmd'),
      ...options,
    });
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      code === 0 ? resolve() : reject(Object.assign(new Error(`ended with ${signal ?? code}`), { code, signal })),
    );
  });
}

/** Runs `main` and turns what it throws into an exit code: a SetupError is told in one line. */
export async function runScript(main) {
  try {
    process.exitCode = (await main()) ?? process.exitCode ?? 0;
  } catch (error) {
    console.error(error instanceof SetupError ? `fluxion: ${error.message}` : error);
    process.exitCode = 1;
  }
}

/** The scripts of a folder with the first line of what each says of itself. */
export function describeScripts(folder) {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.mjs')) : [];
  const rows = names.toSorted().map((name) => {
    const [, said = ''] =
      /^(?:\/\/|\/\*\*?)\s*\**\s*(.+?)(?:\*\/)?\s*$/m.exec(readFileSync(path.join(folder, name), 'utf8')) ?? [];
    return `  ${path.basename(name, '.mjs').padEnd(16)} ${said}`;
  });
  return rows.length > 0 ? rows.join('\n') : '  none yet';
}

async function step(log, name, [command, args]) {
  const started = performance.now();
  log(`fluxion: ${name} ...`);
  try {
    // what npm and the compiler say goes to stderr: stdout is for the lines that programs read
    await run(command, args, { stdio: ['ignore', 2, 2], env: { ...process.env, NODE_ENV: '' } });
  } catch (error) {
    throw new SetupError(
      `${name} failed: ${path.basename(command)} ${args.join(' ')} ${error.message}. The lines above say why.`,
    );
  }
  log(`fluxion: ${name}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

/** npm writes its hidden lock as the last step of an install. */
function installIsStale() {
  const installed = statSync(INSTALL_STAMP, { throwIfNoEntry: false });
  if (!installed) return true;
  return installed.mtimeMs < statSync(path.join(ROOT, 'package-lock.json')).mtimeMs && !sameLock();
}

/** A checkout gives the lock a new date without a change: compare what both say of each package. */
function sameLock() {
  try {
    return versions(INSTALL_STAMP) === versions(path.join(ROOT, 'package-lock.json'));
  } catch {
    return false;
  }
}

/** What a lock file says of every package that all machines install. */
function versions(file) {
  return Object.entries(JSON.parse(readFileSync(file, 'utf8')).packages)
    .filter(([name, entry]) => name !== '' && !entry.optional && !entry.devOptional)
    .map(([name, entry]) => `${name} ${entry.version} ${entry.integrity}`)
    .join('\n');
}

function builtFrom() {
  return existsSync(BUILD_STAMP) ? readFileSync(BUILD_STAMP, 'utf8') : '';
}

/** Hash of everything that decides what the build makes. */
function fingerprint() {
  const hash = createHash('sha256');
  const files = ['tsconfig.json', 'tsconfig.build.json', 'nest-cli.json', 'package-lock.json', 'scripts/bundle.mjs'];
  for (const entry of readdirSync(path.join(ROOT, 'src'), { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && !entry.name.endsWith('.spec.ts'))
      files.push(path.relative(ROOT, path.join(entry.parentPath ?? entry.path, entry.name)));
  }
  for (const file of files.toSorted())
    hash
      .update(`${file}\0`)
      .update(readFileSync(path.join(ROOT, file)))
      .update('\0');
  return hash.digest('hex');
}

function npm() {
  return process.platform === 'win32' ? 'npm.cmd' : 'npm';
}

/** A lock that a killed process does not keep: the file names its holder, and is made in one step. */
async function lock(file, log) {
  const draft = `${file}.${process.pid}`;
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(draft, String(process.pid));
  try {
    for (let waited = 0; ; waited++) {
      try {
        linkSync(draft, file);
        return () => rmSync(file, { force: true });
      } catch (error) {
        if (error.code !== 'EEXIST') throw error;
      }
      const holder = Number(existsSync(file) && readFileSync(file, 'utf8'));
      if (!isAlive(holder)) rmSync(file, { force: true });
      else if (waited === 0) log(`fluxion: waiting for process ${holder}, which installs or builds here`);
      await delay(200);
    }
  } finally {
    unlinkSync(draft);
  }
}

function isAlive(pid) {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return !/^\d+ \(.*\) Z /.test(existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : '');
  } catch (error) {
    return error.code === 'EPERM';
  }
}
