/**
 * CPU of everything that `npm start` runs on a fresh DATA_DIR, npm included: to the first low-stock alert of the demo (READY), until all is
 * taken in and forecast, and of a second start; against the least that any start must pay: an empty initdb and node with Nest loaded, once.
 *
 *   npm run bench -- start [--json] [--rounds 3]
 *
 * The least of the rounds counts: what others do on the machine can only add.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { accountFor } from '../dist/kernel/runtime/account.js';
import { findBinaries } from '../dist/kernel/runtime/binaries.js';
import { reporter } from './support/report.mjs';
import { cpuOfRun, measureStart } from './support/started.mjs';

const { values: args } = parseArgs({ options: { json: { type: 'boolean' }, rounds: { type: 'string' } } });
const ROUNDS = Number(args.rounds ?? 3);
const READY = 'FLUXION READY';
const DONE = 'forecasts: done';
const TARGET = { alert: 5, complete: 60, second: 3 };

const report = reporter('start', args.json);

function folder() {
  const made = mkdtempSync(path.join(os.tmpdir(), 'flx-bench-start-'));
  // as root the server runs under another account, which must reach its data
  chmodSync(made, 0o755);
  return made;
}

/** An empty initdb, then node that loads the frameworks once and ends. */
async function leastOfAll() {
  const home = folder();
  try {
    const { uid, gid } = accountFor(path.join(home, 'data'));
    chmodSync(home, 0o777);
    const initdb = findBinaries({ uid, gid }, () => undefined).program('initdb');
    const empty = await cpuOfRun(initdb, ['-D', path.join(home, 'data'), '-A', 'trust', '--no-sync', '--locale=C'], { uid, gid });
    const load = "await import('@nestjs/core'); await import('@nestjs/platform-fastify'); await import('typeorm')";
    return (
      empty + (await cpuOfRun(process.execPath, ['--input-type=module', '-e', load], { cwd: path.dirname(import.meta.dirname) }))
    );
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

async function round() {
  const dataDir = folder();
  try {
    const [alert, complete] = await measureStart(dataDir, [READY, DONE]);
    const [second] = await measureStart(dataDir, [READY]);
    return { least: await leastOfAll(), alert, complete, second };
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

const parts = ({ seconds, cpu: { all, ...by } }) =>
  `${all.toFixed(2)} s CPU (${Object.entries(by)
    .map(([name, used]) => `${name} ${used.toFixed(2)}`)
    .join(', ')}), ${seconds.toFixed(1)} s`;

const rounds = [];
for (let n = 1; n <= ROUNDS; n++) {
  const measured = await round();
  rounds.push(measured);
  report.note(`  round ${n}: first alert ${parts(measured.alert)}`);
  report.note(`           complete    ${parts(measured.complete)}`);
  report.note(`           second      ${parts(measured.second)}`);
}

const least = (of) => Math.min(...rounds.map(of));
const baseline = { baseline: 'initdb and frameworks loaded', baselineValue: least((of) => of.least), n: ROUNDS };
const line = (metric, value, target, unit = 's CPU') =>
  report.line({ metric, value, unit, target, judge: 'value', ...(unit === 's' ? { n: ROUNDS } : baseline) });
for (const part of ['npm', 'main', 'worker', 'postgres', 'initdb'])
  line(
    `first alert: ${part}`,
    least(({ alert }) => alert.cpu[part]),
    undefined,
  );
line(
  'first alert',
  least(({ alert }) => alert.cpu.all),
  TARGET.alert,
);
line(
  'import and first forecasts complete',
  least(({ complete }) => complete.cpu.all),
  TARGET.complete,
);
line(
  'second start',
  least(({ second }) => second.cpu.all),
  undefined,
);
line(
  'second start to READY',
  least(({ second }) => second.seconds),
  TARGET.second,
  's',
);
process.exitCode = report.code;
