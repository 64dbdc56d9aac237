/**
 * Enqueue inside a tenant's transaction, under the tenant's role: a job exists exactly when its cause is committed.
 * Each round is one trial: a row is inserted and jobs are added (one, a bulk over two queues, a flow; sometimes others in a savepoint that
 * is undone), eight trials at a time in two tenants, and the transaction ends in one of nine ways, among them a destroyed
 * socket and a terminated backend, each before COMMIT or within 3 ms of it; every 1,000th kills a backend with signal 9, which makes the
 * whole server recover, every 2,500th the postmaster itself. The data of every job claims to be the other tenant's.
 *   lost  = jobs that are missing though their cause is committed
 *   ghost = jobs that are there though their cause is not, or of an undone savepoint
 *   foreign = jobs in another tenant than their cause
 *   acknowledgedButGone = commits that were answered and are not there
 * `ending: failed, but committed` counts what a client cannot know: the connection went after the commit and before its answer.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { buildTemplate, TEMPLATE } from '../../test/support/medium-template.mjs';
import { databaseUrl } from '../../test/support/database-url.mjs';
import { runAsTenant, tenantScope } from '../../dist/kernel/database/tenant-context.js';
import { TenantPool } from '../../dist/kernel/database/tenant-pool.js';
import { openTopology, withClient } from '../../dist/kernel/database/topology.js';
import { UnitOfWork } from '../../dist/kernel/database/unit-of-work.js';
import { startEmbeddedPostgres } from '../../dist/kernel/runtime/embedded-postgres.js';
import { PostgresQueue } from '../../dist/kernel/jobs/postgres-queue.js';
import { openQueuePool } from '../../dist/kernel/jobs/queue-lane.js';
import { random } from '../support/random.mjs';

const AT_ONCE = 8;
const CHUNK = 500;
const BACKEND_KILL = 1000;
const POSTMASTER_KILL = 2500;
const ACTOR = { user: null, role: null, stores: null, via: 'soak' };
const ENDINGS = [
  'commit',
  'rollback',
  'sql-error',
  'swallowed-error',
  'savepoint',
  'client-dies',
  'server-ends',
  'ends-at-commit',
  'client-dies-at-commit',
];
const KINDS = ['add', 'bulk', 'flow'];
/** jobs of one cause */
const JOBS = { add: 1, bulk: 3, flow: 3 };

async function openLab() {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'fluxion-soak-'));
  // durable as in production: what was acknowledged must be there after a crash
  const server = await startEmbeddedPostgres({ dataDir: folder, log: () => undefined });
  await buildTemplate(server.url);
  const url = databaseUrl(server.url, TEMPLATE);
  const topology = await openTopology({ DATABASE_URL: url });
  const ask = (sql, values = []) =>
    withClient({ connectionString: url }, (client) => client.query(sql, values)).then((r) => r.rows);
  const tenants = await ask(
    "SELECT id, slug, name, schema_name::text AS schema, role_name::text AS role, status, plan, settings FROM shared.tenants WHERE status = 'active' ORDER BY slug",
  );
  for (const { schema, role } of tenants)
    await ask(`CREATE TABLE ${schema}.causes (id uuid PRIMARY KEY); GRANT SELECT, INSERT ON ${schema}.causes TO ${role}`);
  await ask("INSERT INTO shared.job_names VALUES ('mail', 'soak.one'), ('imports', 'soak.two')");
  const pool = new TenantPool({ connection: topology.tenant, max: AT_ONCE + 2, maxPerTenant: AT_ONCE });
  const queuePool = openQueuePool(topology, false);
  const killer = new pg.Pool({ connectionString: url, max: AT_ONCE });
  killer.on('error', () => undefined);
  killer.on('connect', (client) => client.on('error', () => undefined));
  const work = new UnitOfWork(pool, {});
  const queue = new PostgresQueue(queuePool, work, () => undefined);
  await queue.queue('mail').waitUntilReady();
  return {
    ask,
    tenants,
    work,
    queue,
    killer,
    server,
    /** settled while the server is there */
    up: Promise.resolve(),
    async close() {
      await queue.close();
      await killer.end();
      await queuePool.end();
      await pool.end();
      await server.stop({ remove: true });
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function entry(cause, other, queue = 'mail') {
  const name = queue === 'mail' ? 'soak.one' : 'soak.two';
  const backoff = { type: 'fixed', delay: 100 };
  return {
    queue,
    name,
    id: undefined,
    data: { cause, tenant: other.id },
    delay: 0,
    attempts: 3,
    backoff,
    priority: 0,
    keep: false,
  };
}

function addJobs(queue, kind, cause, other) {
  const one = (name) => entry(cause, other, name);
  if (kind === 'add') return queue.add(one());
  if (kind === 'bulk') return queue.addBulk([one(), one('imports'), one()]);
  const children = ['imports', 'mail'].map((name) => ({ ...one(name), children: [] }));
  return queue.addFlow({ ...one(), children });
}

/** Does what the ending says inside the transaction; the transaction itself ends after it. */
async function end({ work, killer, server }, ending, next) {
  if (ending === 'rollback') throw new Error('rolled back on purpose');
  if (ending === 'sql-error') await work.execute('SELECT 1/0');
  if (ending === 'swallowed-error') await work.execute('SELECT 1/0').catch(() => undefined);
  const { processID, connection } = (await tenantScope().transaction.lease).client; // a soak alone looks that deep
  const destroy = () => connection.stream.destroy();
  const terminate = () => killer.query('SELECT pg_terminate_backend($1)', [processID]).catch(() => undefined);
  if (ending === 'client-dies') destroy();
  if (ending === 'server-ends') await terminate();
  if (ending === 'client-dies-at-commit') setTimeout(destroy, next() * 3);
  if (ending === 'ends-at-commit') setTimeout(() => void terminate(), next() * 3);
  if (ending === 'backend-killed') process.kill(processID, 'SIGKILL');
  if (ending === 'postmaster-killed') process.kill(server.pid, 'SIGKILL');
}

function endingOf(number, chance) {
  if (number % POSTMASTER_KILL === POSTMASTER_KILL - 1) return 'postmaster-killed';
  if (number % BACKEND_KILL === BACKEND_KILL - 1) return 'backend-killed';
  return ENDINGS[Math.floor(chance * ENDINGS.length)];
}

async function trial(lab, number, seed) {
  // a trial's choices depend on the seed and its number alone
  const next = random(seed * 1_000_003 + number);
  const kind = KINDS[Math.floor(next() * KINDS.length)];
  const ending = endingOf(number, next());
  const [tenant, other] = next() < 0.5 ? lab.tenants : lab.tenants.toReversed();
  const cause = randomUUID();
  await lab.up;
  const outcome = await runAsTenant(tenant, ACTOR, () =>
    lab.work.transaction(async () => {
      await lab.work.execute('INSERT INTO causes (id) VALUES ($1)', [cause]);
      if (ending === 'savepoint') {
        const undone = lab.work.savepoint(async () => {
          await addJobs(lab.queue, kind, `undone-${cause}`, other);
          throw new Error('undone on purpose');
        });
        await undone.catch(() => undefined);
      }
      await addJobs(lab.queue, kind, cause, other);
      await end(lab, ending, next);
    }),
  ).then(
    () => 'acknowledged',
    (error) => (ending === 'commit' || ending === 'savepoint' ? `failed (${error.message})` : 'failed'),
  );
  if (ending.endsWith('-killed')) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    lab.up = patiently(() => lab.ask('SELECT 1'));
  }
  return { cause, kind, ending, outcome, tenant };
}

/** Asks until the server answers: it may be recovering. */
async function patiently(look) {
  for (let i = 0; ; i++) {
    try {
      return await look();
    } catch (error) {
      if (i >= 300) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function judge(lab, trials, figures) {
  const jobs = await patiently(() =>
    lab.ask("SELECT data ->> 'cause' AS cause, data ->> 'tenant' AS tenant, count(*)::int AS n FROM bullmq.job GROUP BY 1, 2"),
  );
  const kept = new Map();
  for (const tenant of lab.tenants)
    for (const { id } of await lab.ask(`SELECT id FROM ${tenant.schema}.causes`)) kept.set(id, tenant.id);
  const found = Map.groupBy
    ? Map.groupBy(jobs, (job) => job.cause)
    : jobs.reduce((map, job) => map.set(job.cause, [...(map.get(job.cause) ?? []), job]), new Map());
  for (const { cause, kind, ending, outcome, tenant } of trials) {
    const committed = kept.has(cause);
    const of = found.get(cause) ?? [];
    found.delete(cause);
    const mine = of.filter((job) => job.tenant === tenant.id).reduce((sum, job) => sum + job.n, 0);
    const foreign = of.reduce((sum, job) => sum + job.n, 0) - mine;
    const expected = committed ? JOBS[kind] : 0;
    figures.lost += Math.max(0, expected - mine);
    figures.ghost += Math.max(0, mine - expected);
    figures.foreign += foreign + (committed && kept.get(cause) !== tenant.id ? 1 : 0);
    figures.jobs += mine;
    if (outcome === 'acknowledged' && !committed) figures.acknowledgedButGone++;
    const what = `${ending}: ${outcome}${outcome.startsWith('failed') && committed ? ', but committed' : ''}`;
    figures.endings[what] = (figures.endings[what] ?? 0) + 1;
  }
  // what is left names no cause of this chunk: jobs of undone savepoints
  for (const of of found.values()) figures.ghost += of.reduce((sum, job) => sum + job.n, 0);
  for (const tenant of lab.tenants) await lab.ask(`TRUNCATE ${tenant.schema}.causes`);
  await lab.ask('TRUNCATE bullmq.job CASCADE');
}

export default async function soak({ seed, rounds, state, save, log, stopped }) {
  const figures = state ?? { trials: 0, jobs: 0, lost: 0, ghost: 0, foreign: 0, acknowledgedButGone: 0, endings: {} };
  const lab = await openLab();
  try {
    while (figures.trials < rounds && !stopped()) {
      const last = Math.min(rounds, figures.trials + CHUNK);
      const trials = [];
      let number = figures.trials;
      const work = async () => {
        while (number < last) trials.push(await trial(lab, number++, seed));
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      await judge(lab, trials, figures);
      figures.trials = last;
      save(figures);
      log(
        `${last} of ${rounds} trials: ${figures.jobs} jobs, ${figures.lost} lost, ${figures.ghost} ghosts, ${figures.foreign} foreign`,
      );
    }
  } finally {
    await lab.close();
  }
  const { lost, ghost, foreign, acknowledgedButGone } = figures;
  return { pass: lost + ghost + foreign + acknowledgedButGone === 0, ...figures };
}
