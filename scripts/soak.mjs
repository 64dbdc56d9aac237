// `npm run soak -- NAME --seed S --for N --resume FILE --report F.json`: long proofs, bench/soak/NAME.mjs; without a name, the list.
//
// Soaks of data of their own take `--generate SEED [--series N] [--kill]` instead of --seed and --for.
//
// A soak is a module whose default export is `async ({ seed, rounds, series, kill, state, save, log, stopped }) => ({ pass, ...figures })`:
// `state` is what `save(state)` kept at an earlier, interrupted run with the same --resume file, `stopped()` tells that it should end soon.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { ROOT, SetupError, describeScripts, runScript, setUp } from './setup.mjs';

const FOLDER = path.join(ROOT, 'bench', 'soak');

await runScript(async () => {
  const { name, seed, rounds, series, kill, resume, report } = readArguments();
  if (name === undefined) {
    console.log(`npm run soak -- NAME [--seed S] [--for N] [--resume FILE] [--report FILE]\n\n${describeScripts(FOLDER)}`);
    return 0;
  }
  const file = path.join(FOLDER, `${name}.mjs`);
  if (!/^[\w-]+$/.test(name) || !existsSync(file))
    throw new SetupError(`there is no soak ${name}. There are:\n${describeScripts(FOLDER)}`);
  await setUp({ log: console.error });
  const kept = resume !== undefined && existsSync(resume) ? JSON.parse(readFileSync(resume, 'utf8')) : {};
  if (kept.seed !== undefined && kept.seed !== seed)
    throw new SetupError(`${resume} belongs to seed ${kept.seed}: give --seed ${kept.seed}`);
  const save = (state) => resume !== undefined && writeJson(resume, { name, seed, state });
  let interrupted = false;
  process.once('SIGINT', () => (interrupted = true));
  const startedAt = new Date();
  const { default: soak } = await import(pathToFileURL(file).href);
  console.log(`soak ${name}: seed ${seed}, ${rounds} rounds`);
  const result = await soak({
    seed,
    rounds,
    series,
    kill,
    state: kept.state,
    save,
    log: console.log,
    stopped: () => interrupted,
  });
  const told = { soak: name, seed, for: rounds, interrupted, ...circumstances(startedAt), ...result };
  console.log(JSON.stringify(told));
  if (report !== undefined) writeJson(report, told);
  return result.pass && !interrupted ? 0 : 1;
});

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seed: { type: 'string' },
      for: { type: 'string' },
      generate: { type: 'string' },
      series: { type: 'string' },
      kill: { type: 'boolean' },
      resume: { type: 'string' },
      report: { type: 'string' },
    },
  });
  const seed = Number(values.generate ?? values.seed ?? Math.floor(Math.random() * 2 ** 31));
  const rounds = Number(values.for ?? 100);
  const series = Number(values.series ?? 50_000);
  if (!Number.isInteger(seed) || seed < 0) throw new SetupError('--seed (or --generate) is a whole number');
  if (!Number.isInteger(series) || series < 1) throw new SetupError('--series is the number of series');
  if (!Number.isInteger(rounds) || rounds < 1) throw new SetupError('--for is the number of rounds');
  return { name: positionals[0], seed, rounds, series, kill: values.kill === true, resume: values.resume, report: values.report };
}

function circumstances(startedAt) {
  const seconds = Math.round((Date.now() - startedAt.getTime()) / 100) / 10;
  return { startedAt: startedAt.toISOString(), seconds, node: process.versions.node, load1: os.loadavg()[0], commit: commit() };
}

function commit() {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'unknown';
  }
}

function writeJson(file, value) {
  writeFileSync(`${file}.new`, `${JSON.stringify(value, undefined, 2)}\n`);
  renameSync(`${file}.new`, file);
}
