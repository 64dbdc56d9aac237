// `npm test`: everything that can be checked on this machine alone. Arguments go to jest: npm test -- --selectProjects unit
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT, run, runScript, setUp } from './setup.mjs';

/** Databases of test runs live in folders named after their process, so that the next run clears what a killed one left. */
const TEST_HOME = path.join(ROOT, '.fluxion-test');
const bin = (name, file) => path.join(ROOT, 'node_modules', name, file);
/** name, then the program and its arguments */
const CHECKS = [
  ['lint', bin('oxlint', 'bin/oxlint'), '--type-aware'],
  ['format', bin('prettier', 'bin/prettier.cjs'), '--check', '--log-level', 'warn', '.'],
  ['types', bin('typescript', 'bin/tsc'), '--noEmit'],
];

async function test(jestArguments) {
  // children get a Ctrl-C too and end; we stay to stop the database
  process.on('SIGINT', () => undefined);
  const stages = [];
  await timed(stages, 'set up', () => setUp());
  for (const [name, ...command] of CHECKS) await timed(stages, name, () => run(process.execPath, command));
  const database = process.env.TEST_DATABASE_URL ? undefined : await startTestDatabase();
  try {
    const url = database?.url ?? process.env.TEST_DATABASE_URL;
    await timed(stages, 'jest', () => runJest(jestArguments, { TEST_DATABASE_URL: url }));
  } finally {
    await database?.stop({ remove: true });
  }
  return summary(stages);
}

/** Runs jest on ES modules. Rejects when a test fails. Where TEST_REPORT names a file, jest's results go beside it as JSON. */
export function runJest(args, env = {}) {
  const results = process.env.TEST_REPORT ? ['--json', '--outputFile', resultsFile()] : [];
  const jest = ['--no-warnings', '--experimental-vm-modules', bin('jest', 'bin/jest.js'), ...results, ...args];
  return run(process.execPath, jest, { env: { ...process.env, NODE_ENV: 'test', TZ: 'UTC', ...env } });
}

/** What a test database holds is worthless, so it never waits for the disk. */
const WORTHLESS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' };

/**
 * A private PostgreSQL for one run of tests, or with other settings of benches.
 * @param {Record<string, string>} settings
 * @returns {Promise<{ url: string, pid: number, stop(options: { remove: true }): Promise<void> }>}
 */
export async function startTestDatabase(settings = WORTHLESS) {
  const { startEmbeddedPostgres } = await import(pathToFileURL(path.join(ROOT, 'dist/kernel/runtime/embedded-postgres.js')).href);
  const open = (name, log) => startEmbeddedPostgres({ dataDir: path.join(TEST_HOME, name), log, settings });
  mkdirSync(TEST_HOME, { recursive: true });
  for (const left of readdirSync(TEST_HOME)) {
    if (isAlive(Number(left))) continue;
    const killed = await open(left, () => undefined).catch(() => undefined);
    await killed?.stop({ remove: true });
    rmSync(path.join(TEST_HOME, left), { recursive: true, force: true });
  }
  const home = path.join(TEST_HOME, String(process.pid));
  const database = await open(String(process.pid), () => undefined);
  return {
    url: database.url,
    pid: database.pid,
    async stop(options) {
      await database.stop(options);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return !existsSync('/proc') || /(node|jest)/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
  } catch (error) {
    return error.code === 'EPERM';
  }
}

async function timed(stages, name, work) {
  const started = performance.now();
  let failed;
  try {
    await work();
  } catch (error) {
    if (name === 'set up') throw error;
    failed = error;
  }
  const seconds = (performance.now() - started) / 1000;
  stages.push({ name, seconds, failed });
  console.log(`fluxion: ${name}: ${failed ? `FAILED (${failed.message})` : 'ok'}, ${seconds.toFixed(1)} s`);
}

function resultsFile() {
  return `${process.env.TEST_REPORT}.jest`;
}

/** How many checks and tests passed and failed, for whoever adds them up. A suite that did not even run counts as one failure. */
function writeReport(stages) {
  const jest = existsSync(resultsFile())
    ? JSON.parse(readFileSync(resultsFile(), 'utf8'))
    : { numPassedTests: 0, numFailedTests: 0, numRuntimeErrorTestSuites: 1 };
  const checks = stages.filter(({ name }) => name !== 'set up' && name !== 'jest');
  const broken = checks.filter((check) => check.failed).length;
  const passed = checks.length - broken + jest.numPassedTests;
  const failed = broken + jest.numFailedTests + jest.numRuntimeErrorTestSuites;
  writeFileSync(process.env.TEST_REPORT, JSON.stringify({ passed, failed }));
}

function summary(stages) {
  if (process.env.TEST_REPORT) writeReport(stages);
  const failed = stages.filter((stage) => stage.failed);
  const seconds = stages.reduce((sum, stage) => sum + stage.seconds, 0);
  console.log(`fluxion: ${stages.length - failed.length} of ${stages.length} stages passed in ${seconds.toFixed(1)} s`);
  if (failed.length > 0) console.log(`fluxion: failed: ${failed.map((stage) => stage.name).join(', ')}`);
  return failed.length > 0 ? 1 : 0;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await runScript(() => test(process.argv.slice(2)));
