import { Injectable, OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { isTimeOfDay } from './daily-times.js';
import { QUEUES, type Backoff, type JobHandle, type QueueName } from './job-map.js';
import {
  declaredHandlers,
  handlersOf,
  scheduledWithoutJob,
  type DailyTiming,
  type DeclaredHandler,
  type ScheduleTiming,
} from './on-job.js';

export interface JobHandler {
  name: string;
  queue: QueueName;
  /** undefined: as configured (WORKER_CONCURRENCY) */
  concurrency: number | undefined;
  timeout: number;
  attempts: number;
  backoff: Backoff;
  platform: boolean;
  schedule: ScheduleTiming | undefined;
  daily: DailyTiming | undefined;
  run(data: unknown, job: JobHandle): Promise<unknown>;
}

const MINUTES = 60_000;

/** Which provider works on which job. Wrong wiring stops the start, with every fault named at once. */
@Injectable()
export class JobRegistry implements OnModuleInit {
  private readonly handlers = new Map<string, JobHandler>();
  private readonly checks: (() => string[])[] = [];

  constructor(private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    const instances = new Set<object>();
    for (const { instance, metatype } of this.discovery.getProviders())
      if (metatype && isObject(instance)) instances.add(instance);
    this.register([...instances]);
  }

  /** @throws when a job has two handlers, or a handler names an unknown queue or asks for what cannot be */
  register(instances: object[]): void {
    const faults = scheduledWithoutJob().map((method) => `${method} is scheduled but handles no job`);
    for (const instance of instances) {
      for (const declared of handlersOf(Reflect.getPrototypeOf(instance))) {
        const twin = this.handlers.get(declared.name);
        if (twin) faults.push(`job ${declared.name} has two handlers, one of them ${declared.owner}.${declared.method}`);
        faults.push(...faultsOf(declared));
        this.handlers.set(declared.name, handlerOf(declared, instance));
      }
    }
    if (faults.length > 0) throw new Error(`jobs: ${faults.join('; ')}`);
  }

  /** What else must be complete before jobs are worked on; answers faults. */
  addCheck(check: () => string[]): void {
    this.checks.push(check);
  }

  /** Every declared job has a provider; called where the whole application is loaded. */
  assertComplete(): void {
    const missing = declaredHandlers().filter((declared) => !this.handlers.has(declared.name));
    const faults = missing.map(({ name, owner }) => `no handler for job ${name}: no module provides ${owner}`);
    faults.push(...this.checks.flatMap((check) => check()));
    if (faults.length > 0) throw new Error(`jobs: ${faults.join('; ')}`);
  }

  /** @throws for a name that nothing handles */
  handler(name: string): JobHandler {
    const handler = this.handlers.get(name);
    if (!handler) throw new Error(`no handler for job ${name}`);
    return handler;
  }

  find(name: string): JobHandler | undefined {
    return this.handlers.get(name);
  }

  all(): JobHandler[] {
    return [...this.handlers.values()];
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function faultsOf({ name, options, schedule, daily, owner, method }: DeclaredHandler): string[] {
  const faults: string[] = [];
  const where = `${owner}.${method}`;
  if (!/^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$/.test(name)) faults.push(`${where}: "${name}" is no job name (noun.verb)`);
  if (!QUEUES.includes(options.queue)) faults.push(`${where}: unknown queue "${options.queue}"`);
  if (schedule && !options.platform) faults.push(`${where}: a scheduled job is the platform's`);
  if (daily !== undefined && options.platform) faults.push(`${where}: a daily job is the tenants'`);
  if (daily !== undefined && !isTimeOfDay(daily.at)) faults.push(`${where}: "${daily.at}" is no time of day (HH:mm)`);
  if (options.concurrency !== undefined && !(options.concurrency >= 1)) faults.push(`${where}: concurrency below 1`);
  const attempts = options.attempts ?? 1;
  if (!Number.isInteger(attempts) || attempts < 1 || attempts > 20) faults.push(`${where}: attempts must be 1 to 20`);
  return faults;
}

function handlerOf({ name, method, options, schedule, daily }: DeclaredHandler, instance: object): JobHandler {
  const run: (this: object, data: unknown, job: JobHandle) => Promise<unknown> = Reflect.get(instance, method);
  return {
    name,
    queue: options.queue,
    concurrency: options.concurrency,
    timeout: options.timeout ?? 5 * MINUTES,
    attempts: options.attempts ?? 5,
    backoff: options.backoff ?? { type: 'exponential', delay: 500 },
    platform: options.platform ?? false,
    schedule,
    daily,
    run: (data, job) => run.call(instance, data, job),
  };
}
