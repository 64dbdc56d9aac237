/**
 * A chain with many series, end to end: `--generate SEED [--series 50000] [--kill]`. Sales of one to three years are generated and loaded by COPY; then
 * the product (an API and a worker, as production runs them) forecasts everything that was asked for over HTTP: SQL read, forecast in
 * threads, SQL write, alerts. With --kill it does so a second time, while the worker is killed (kill -9) in the plan, in the learning and at
 * a quarter, half and three quarters of the batches: the forecasts must be the same, none missing and none twice.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { writeChain } from '../forecasting/chain.mjs';
import { signUp, startApi, startWorker } from '../support/api.mjs';
import { peakMemory } from '../support/cpu.mjs';
import { openBenchDatabase, readTenant } from '../support/database.mjs';

const SLUG = 'chain';
const LOOK_MS = 500;
const SAY_MS = 5_000;
/** shares of the batches at which a worker is killed; -2: in the plan, -1: while it learns */
const KILLS = [-2, -1, 0.25, 0.5, 0.75];

export default async function forecast({ seed, series, kill, log, stopped }) {
  const database = await openBenchDatabase();
  const api = await startApi(database);
  try {
    const admin = await signUp(api.url, SLUG);
    const tenant = await readTenant(database.root, SLUG);
    const lastDay = new Date(Date.now() - 4 * 3_600_000 - 86_400_000).toISOString().slice(0, 10);
    const loadedAt = performance.now();
    const written = await writeChain(database.root, tenant, { seed, series, lastDay }, log);
    const loadSeconds = seconds(loadedAt);
    log(`loaded in ${loadSeconds} s: ${JSON.stringify(written)}`);
    const lab = { database, api, admin, tenant, series, log, stopped };
    const undisturbed = await run(lab, []);
    log(`undisturbed: ${JSON.stringify(undisturbed)}`);
    const result = { series, ...written, loadSeconds, undisturbed };
    if (!kill || stopped()) return { pass: isWhole(undisturbed, series), ...result };
    const killed = await run(lab, KILLS);
    log(`killed: ${JSON.stringify(killed)}`);
    const same = killed.checksum === undisturbed.checksum;
    return { pass: isWhole(undisturbed, series) && isWhole(killed, series) && same, same, ...result, killed };
  } finally {
    await api.stop();
    await database.stop();
  }
}

const isWhole = ({ status, stored, duplicates, inForce }, series) =>
  status === 'completed' && stored === series && duplicates === 0 && inForce === series;

/** One run of everything, watched until its end. */
async function run(lab, kills) {
  const { admin, database } = lab;
  const crew = new Crew(lab.api);
  const left = [...kills];
  const killedAt = [];
  await crew.hire();
  const startedAt = performance.now();
  const cpuBefore = database.cpu();
  try {
    const { jobId, runId } = await admin.call('POST', '/v1/forecasts/runs', {});
    const watch = new Watch(lab, crew);
    for (;;) {
      const job = await admin.call('GET', `/v1/jobs/${jobId}`);
      const { phase = 'plan', seriesDone = 0, seriesTotal = 0 } = job.progress ?? {};
      if (job.state === 'completed' || job.state === 'failed') {
        const spent = { seconds: seconds(startedAt), databaseCpuSeconds: cpuSeconds(database.cpu() - cpuBefore) };
        return { ...(await resultOf(lab, runId, job)), ...spent, ...crew.spent(lab.series), kills: killedAt };
      }
      watch.say(phase, seriesDone, seriesTotal);
      if (left.length > 0 && isTime(left[0], phase, seriesDone / Math.max(1, seriesTotal))) {
        const at = left.shift();
        killedAt.push({ at: at === -2 ? 'plan' : at === -1 ? 'learn' : at, phase, seriesDone });
        lab.log(`kill -9 in ${phase} after ${seriesDone} series`);
        await crew.kill();
        await crew.hire();
      }
      await delay(left.length > 0 ? LOOK_MS / 10 : LOOK_MS);
    }
  } finally {
    await crew.dismiss();
  }
}

/** A phase that was missed (there is nothing to learn for few series) is made up for in the next. */
function isTime(kill, phase, share) {
  if (kill === -2) return true;
  if (kill === -1) return phase !== 'plan';
  return phase !== 'plan' && phase !== 'learn' && share >= kill;
}

async function resultOf({ database, tenant }, runId, { result, error }) {
  const { rows } = await database.root.query(
    `WITH series AS (
       SELECT store_id, product_id, count(*)::int AS days, count(DISTINCT forecast_date)::int AS different,
              md5(string_agg(concat_ws(',', forecast_date, horizon, predicted_value, q10, q50, q90, q95, q99), ';' ORDER BY forecast_date, id)) AS sum
         FROM ${tenant.schema}.forecasts WHERE run_id = $1 GROUP BY 1, 2)
     SELECT md5(string_agg(store_id || ',' || product_id || ',' || sum, ';' ORDER BY store_id, product_id)) AS checksum, count(*)::int AS stored,
            coalesce(sum(days), 0)::int AS rows, coalesce(sum(days - different), 0)::int AS duplicates,
            (SELECT count(*)::int FROM ${tenant.schema}.forecast_series WHERE run_id = $1) AS "inForce",
            (SELECT metrics ->> 'mase' FROM ${tenant.schema}.forecast_runs WHERE id = $1)::float8 AS mase FROM series`,
    [runId],
  );
  return { status: result?.status ?? 'failed', ...(error && { error }), ...rows[0], alertsRaised: result?.raised };
}

/** The worker processes of a run, one at a time, with what they have spent. */
class Crew {
  cpu = 0;
  peak = 0;

  constructor(api) {
    this.api = api;
  }

  async hire() {
    this.worker = await startWorker(this.api);
  }

  note() {
    this.seen = this.worker.cpu();
    this.peak = Math.max(this.peak, peakMemory(this.worker.pid));
  }

  async kill() {
    this.note();
    this.cpu += this.seen;
    await this.worker.stop('SIGKILL');
  }

  async dismiss() {
    this.note();
    await this.worker.stop();
  }

  spent(series) {
    this.note();
    const workerCpuSeconds = cpuSeconds(this.cpu + this.seen);
    return {
      workerCpuSeconds,
      cpuMsPerSeries: round((1000 * workerCpuSeconds) / series),
      peakRssMb: Math.round(this.peak / 1e6),
    };
  }
}

/** Tells how far a run is. */
class Watch {
  constructor(lab, crew) {
    this.lab = lab;
    this.crew = crew;
    this.said = 0;
  }

  say(phase, done, total) {
    const now = performance.now();
    if (phase === 'forecast') this.first ??= { done, at: now };
    if (now - this.said < SAY_MS) return;
    this.said = now;
    this.crew.note();
    const rate = this.first && now > this.first.at ? ((done - this.first.done) / (now - this.first.at)) * 1000 : 0;
    const eta = rate > 0 ? `, ${Math.round((total - done) / rate)} s left` : '';
    const memory = `${Math.round(this.crew.peak / 1e6)} MB at most`;
    this.lab.log(
      `${phase}: ${done} of ${total || '?'} series, ${rate.toFixed(1)} series/s${eta}; worker ${cpuSeconds(this.crew.seen)} s CPU, ${memory}`,
    );
  }
}

const round = (value) => Math.round(value * 100) / 100;
const seconds = (since) => round((performance.now() - since) / 1000);
const cpuSeconds = (microseconds) => round(microseconds / 1e6);
