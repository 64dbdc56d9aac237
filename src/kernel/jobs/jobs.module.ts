import { Global, Inject, Module, type DynamicModule, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Redis } from 'ioredis';
import type pg from 'pg';
import { Config } from '../config/config.js';
import { endPool } from '../database/bounds.js';
import { rolePrefix } from '../database/roles.js';
import { DATABASE_TOPOLOGY, type DatabaseTopology } from '../database/topology.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { DailySchedules } from './daily-schedules.js';
import { HealthRegistry } from '../telemetry/health.registry.js';
import { Metrics } from '../telemetry/metrics.js';
import type { QueueName } from './job-map.js';
import { JobMetrics } from './job-metrics.js';
import { JobNames } from './job-names.js';
import { JobQueue } from './job-queue.js';
import { JobRegistry } from './job-registry.js';
import { JobRunner } from './job-runner.js';
import { JobStates } from './job-states.js';
import { JobSweeper } from './job-sweeper.js';
import { JobWorkers } from './job-workers.js';
import { JobsController } from './jobs.controller.js';
import { OutboxRelay } from './outbox-relay.js';
import { PostgresQueue, queueErrorLog } from './postgres-queue.js';
import { QUEUE_BACKEND, type JobState, type QueueBackend, type QueueCounts } from './queue-backend.js';
import { openQueuePool, QUEUE_POOL } from './queue-lane.js';
import { QueueUnavailableError, RedisQueue } from './redis-queue.js';
import { TimeTablesJob } from './time-tables.job.js';

function openBackend(config: Config, topology: DatabaseTopology, pool: pg.Pool, tenants: UnitOfWork): QueueBackend {
  const onError = queueErrorLog();
  const postgres = new PostgresQueue(pool, tenants, onError);
  if (!config.REDIS_URL) return postgres;
  const redis = new Redis(config.REDIS_URL, { maxRetriesPerRequest: null });
  redis.on('error', onError);
  return new RedisQueue(redis, `{${rolePrefix(topology.database)}}`, postgres, pool, onError);
}

export interface JobsModuleOptions {
  /** true in the process that will call JobWorkers.start(): a bigger pool */
  workers: boolean;
}

/** The queues. Every process may enqueue; the one that works on jobs calls `JobWorkers.start()` once the application is up. */
@Global()
@Module({})
export class JobsModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    @Inject(QUEUE_POOL) private readonly pool: pg.Pool,
    @Inject(QUEUE_BACKEND) private readonly backend: QueueBackend,
    private readonly names: JobNames,
    private readonly health: HealthRegistry,
    private readonly metrics: Metrics,
  ) {}

  static register({ workers }: JobsModuleOptions): DynamicModule {
    return {
      module: JobsModule,
      imports: [DiscoveryModule],
      controllers: [JobsController],
      providers: [
        {
          provide: QUEUE_POOL,
          useFactory: (topology: DatabaseTopology) => openQueuePool(topology, workers),
          inject: [DATABASE_TOPOLOGY],
        },
        { provide: QUEUE_BACKEND, useFactory: openBackend, inject: [Config, DATABASE_TOPOLOGY, QUEUE_POOL, UnitOfWork] },
        JobRegistry,
        JobNames,
        JobQueue,
        JobMetrics,
        JobStates,
        JobRunner,
        JobWorkers,
        JobSweeper,
        DailySchedules,
        TimeTablesJob,
        OutboxRelay,
      ],
      exports: [JobQueue, JobRegistry, JobStates, JobWorkers, OutboxRelay, QUEUE_BACKEND, QUEUE_POOL],
    };
  }

  /** The registry is filled by now: tells the gate what tenants may enqueue, and where to. */
  async onModuleInit(): Promise<void> {
    await Promise.all([this.names.publish(), this.backend.ready()]);
    this.health.register('queue', () => this.backend.ping());
    for (const state of ['waiting', 'active', 'delayed', 'failed'] as const) {
      this.metrics.gauge(`jobs_${state}`, `Jobs that are ${state}, by queue`, async () => this.countsOf(state), 'queue');
    }
  }

  private async countsOf(state: JobState): Promise<Map<string, number>> {
    const counts = await this.backend.counts().catch((error: unknown) => {
      if (error instanceof QueueUnavailableError) return new Map<QueueName, QueueCounts>(); // the other figures are worth more then than ever
      throw error;
    });
    return new Map([...counts].map(([queue, of]) => [queue, of[state]]));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.backend.close();
    await endPool(this.pool);
  }
}
