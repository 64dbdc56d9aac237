import type { DiscoveryService } from '@nestjs/core';
import type pg from 'pg';
import { Config } from '../../../src/kernel/config/config.js';
import { JobNames } from '../../../src/kernel/jobs/job-names.js';
import { JobQueue } from '../../../src/kernel/jobs/job-queue.js';
import { JobRegistry } from '../../../src/kernel/jobs/job-registry.js';
import { JobRunner } from '../../../src/kernel/jobs/job-runner.js';
import { JobWorkers } from '../../../src/kernel/jobs/job-workers.js';
import { DatabaseNotifications } from '../../../src/kernel/database/notifications.js';
import { JobMetrics } from '../../../src/kernel/jobs/job-metrics.js';
import { Metrics } from '../../../src/kernel/telemetry/metrics.js';
import { OutboxRelay } from '../../../src/kernel/jobs/outbox-relay.js';
import { PostgresQueue } from '../../../src/kernel/jobs/postgres-queue.js';
import type { QueueBackend } from '../../../src/kernel/jobs/queue-backend.js';
import { openQueuePool } from '../../../src/kernel/jobs/queue-lane.js';
import { RegistryDatabase } from '../../../src/kernel/database/registry-database.js';
import type { QueueLab } from './queue-lab.js';

/** What a process holds of the queues, put together by hand. */
export interface JobProcess {
  registry: JobRegistry;
  queue: JobQueue;
  workers: JobWorkers;
  relay: OutboxRelay;
  notifications: DatabaseNotifications;
  pool: pg.Pool;
  backend: QueueBackend;
  close(): Promise<void>;
}

type OpenBackend = (postgres: PostgresQueue, pool: pg.Pool) => QueueBackend;

/** @param handlers instances with @OnJob methods */
export async function openJobProcess(
  lab: QueueLab,
  handlers: object[],
  open: OpenBackend = (postgres) => postgres,
): Promise<JobProcess> {
  const registry = new JobRegistry({ getProviders: () => [] } as unknown as DiscoveryService);
  registry.register(handlers);
  const pool = openQueuePool(lab.topology, true);
  const backend = open(new PostgresQueue(pool, lab.work, () => undefined), pool);
  const database = new RegistryDatabase(lab.topology, 1);
  await new JobNames(registry, database, backend).publish();
  await database.end();
  const notifications = new DatabaseNotifications(lab.topology);
  const relay = new OutboxRelay(pool, backend, notifications);
  const workers = new JobWorkers(
    backend,
    registry,
    new JobRunner(registry, lab.directory, new JobMetrics(new Metrics())),
    relay,
    new Config(),
  );
  return {
    registry,
    queue: new JobQueue(backend, registry),
    workers,
    relay,
    notifications,
    pool,
    backend,
    async close() {
      await workers.stop(3000);
      await notifications.end();
      await backend.close();
      await pool.end();
    },
  };
}

/** Waits until `look` answers something true. */
export async function until<T>(look: () => Promise<T> | T, ms: number = 40_000): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${look.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
