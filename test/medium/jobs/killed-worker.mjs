// A worker process that takes a job and hangs: node killed-worker.mjs DATABASE_URL TENANT(json). Says "began <id>" on stdout.
import { openTopology } from '../../../dist/kernel/database/topology.js';
import { JobRegistry } from '../../../dist/kernel/jobs/job-registry.js';
import { JobRunner } from '../../../dist/kernel/jobs/job-runner.js';
import { JobWorkers } from '../../../dist/kernel/jobs/job-workers.js';
import { OnJob } from '../../../dist/kernel/jobs/on-job.js';
import { PostgresQueue } from '../../../dist/kernel/jobs/postgres-queue.js';
import { openQueuePool } from '../../../dist/kernel/jobs/queue-lane.js';

const [url, tenantText] = process.argv.slice(2);
const tenant = JSON.parse(tenantText);

class Hang {
  run(_data, job) {
    process.stdout.write(`began ${job.id}\n`);
    return new Promise(() => undefined);
  }
}
OnJob('spec.hang', { queue: 'alerts' })(Hang.prototype, 'run', Object.getOwnPropertyDescriptor(Hang.prototype, 'run'));

const pool = openQueuePool(await openTopology({ DATABASE_URL: url }), true);
const tenants = { execute: () => Promise.reject(new Error('unused')), transaction: (work) => work() };
const registry = new JobRegistry({ getProviders: () => [] });
registry.register([new Hang()]);
const relay = { start: () => Promise.resolve(), poke() {}, stop: () => Promise.resolve() };
const directory = { byId: () => Promise.resolve(tenant) };
const workers = new JobWorkers(
  new PostgresQueue(pool, tenants, console.error),
  registry,
  new JobRunner(registry, directory, { record() {} }),
  relay,
  { WORKER_CONCURRENCY: 1 },
);
await workers.start();
process.stdout.write('ready\n');
