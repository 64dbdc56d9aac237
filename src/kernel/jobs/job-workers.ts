import { Inject, Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Job, Worker } from 'bullmq';
import { setTimeout as sleep } from 'node:timers/promises';
import { Config } from '../config/config.js';
import { QUEUES, type QueueName } from './job-map.js';
import { JobRegistry, type JobHandler } from './job-registry.js';
import { JobRunner, ProcessStoppingError } from './job-runner.js';
import { OutboxRelay } from './outbox-relay.js';
import { QUEUE_BACKEND, type QueueBackend } from './queue-backend.js';

const MENDING = 10 * 60_000;
/** ms that workers have to let go of their connections once their time is over */
const LAST_WAIT = 1000;

/** Works on the queues in this process, until told to stop. A process that only serves HTTP never starts it. */
@Injectable()
export class JobWorkers implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Jobs');
  private readonly workers: Worker[] = [];
  private mending?: NodeJS.Timeout;
  private readonly stopping = new AbortController();
  private stopped?: Promise<void>;

  constructor(
    @Inject(QUEUE_BACKEND) private readonly backend: QueueBackend,
    private readonly registry: JobRegistry,
    private readonly runner: JobRunner,
    private readonly relay: OutboxRelay,
    private readonly config: Config,
  ) {}

  /** Opens one worker for each queue that has a handler. @throws when a declared job has none */
  async start(): Promise<void> {
    this.registry.assertComplete();
    for (const queue of QUEUES) {
      const handlers = this.registry.all().filter((handler) => handler.queue === queue);
      if (handlers.length > 0) this.workers.push(this.open(queue, this.concurrency(handlers)));
    }
    await Promise.all(this.workers.map((worker) => worker.waitUntilReady()));
    await this.relay.start();
    await this.schedule();
    // a scheduler whose chain broke (its process died between two runs) is mended
    this.mending = setInterval(
      () => void this.schedule().catch((error) => this.logger.error(`schedules: ${String(error)}`)),
      MENDING,
    );
    this.mending.unref();
  }

  /**
   * Takes no more jobs and lets the running ones end. After half of the bound their signals abort; a handler that ends then hands
   * its job back. What is left at the bound is taken up by another process once its lock has expired.
   * @param bound ms
   */
  stop(bound: number = this.config.SHUTDOWN_TIMEOUT * 1000): Promise<void> {
    this.stopped ??= this.close(bound);
    return this.stopped;
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.stop();
  }

  private schedule(): Promise<void> {
    const schedules = this.registry
      .all()
      .flatMap(({ queue, name, schedule, attempts, backoff }) =>
        schedule ? [{ queue, name, timing: schedule, attempts, backoff }] : [],
      );
    return this.backend.schedule(schedules);
  }

  private concurrency(handlers: JobHandler[]): number {
    return Math.max(...handlers.map((handler) => handler.concurrency ?? this.config.WORKER_CONCURRENCY));
  }

  private open(queue: QueueName, concurrency: number): Worker {
    const work = async (job: Job, token: string | undefined, signal: AbortSignal | undefined) => {
      const stop = signal ? AbortSignal.any([signal, this.stopping.signal]) : this.stopping.signal;
      try {
        return await this.runner.run(job, token ?? '', stop);
      } finally {
        this.relay.poke(); // events it noted go out at once
      }
    };
    const worker = this.backend.openWorker(queue, work, concurrency);
    worker.on('error', (error) => this.logger.error(`queue ${queue}: ${error.message}`));
    worker.on('stalled', (id) => this.logger.warn(`queue ${queue}: job ${id} stalled, its process died or hung; it runs again`));
    worker.on('lockRenewalFailed', (ids) => ids.forEach((id) => worker.cancelJob(id, 'the lock of this job is lost')));
    return worker;
  }

  private async close(bound: number): Promise<void> {
    clearInterval(this.mending);
    const abort = setTimeout(() => this.stopping.abort(new ProcessStoppingError('this process stops')), bound / 2);
    const closed = Promise.all([this.relay.stop(), ...this.workers.map((worker) => worker.close())]);
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<'over'>((resolve) => {
      timer = setTimeout(() => resolve('over'), bound);
    });
    if ((await Promise.race([closed, over])) === 'over') {
      this.logger.warn(`jobs still ran after ${bound} ms: another process takes them up`);
      // a queue that is away lets go of nobody
      await Promise.race([Promise.all(this.workers.map((worker) => worker.disconnect())), sleep(LAST_WAIT)]);
    }
    clearTimeout(abort);
    clearTimeout(timer);
  }
}
