import { Inject, Injectable, Logger } from '@nestjs/common';
import { DelayedError, UnrecoverableError, WaitingError, type Job } from 'bullmq';
import { runAsTenant, runInScope, type Actor, type TenantRef } from '../database/tenant-context.js';
import { UnrecoverableJobError, type JobHandle } from './job-map.js';
import { JobMetrics } from './job-metrics.js';
import { JobRegistry, type JobHandler } from './job-registry.js';
import { TENANT_DIRECTORY, type TenantDirectory } from './tenant-directory.js';

const MINUTE = 60_000;
/** time a handler has to end by itself after its signal */
const GRACE = 3000;

export class JobTimeoutError extends Error {
  override readonly name = 'JobTimeoutError';
}

/** Reason of a handler's signal when the process stops: the job goes back to the queue, the attempt does not count. */
export class ProcessStoppingError extends Error {
  override readonly name = 'ProcessStoppingError';
}

/** Works on one job: finds handler and tenant, gives them a scope, bounds the time, decides what an error means. */
@Injectable()
export class JobRunner {
  private readonly logger = new Logger('Jobs');

  constructor(
    private readonly registry: JobRegistry,
    @Inject(TENANT_DIRECTORY) private readonly tenants: TenantDirectory,
    private readonly metrics: JobMetrics,
  ) {}

  /**
   * @param signal aborts when the lock of the job is lost or the process stops
   * @returns the handler's answer, kept as the job's result
   */
  async run(job: Job, token: string, signal: AbortSignal): Promise<unknown> {
    const handler = this.registry.find(job.name);
    // a newer process enqueued it, or its room is not here yet: an hour for the release to arrive
    if (!handler) {
      if (Date.now() - job.timestamp > 60 * MINUTE) throw new UnrecoverableError(`no handler for job ${job.name}`);
      return this.postpone(job, token, MINUTE / 2, 'no handler here');
    }
    const tenantId: unknown = Reflect.get(Object(job.data), 'tenant');
    if (handler.platform) return this.attempt(handler, job, token, signal, undefined);
    if (typeof tenantId !== 'string') throw new UnrecoverableError(`job ${job.name} has no tenant`);
    const tenant = await this.tenants.byId(tenantId);
    if (!tenant || tenant.status === 'deleting') {
      this.metrics.record(job.name, 'discarded');
      this.logger.warn(`job ${job.name} ${job.id} discarded: its tenant ${tenantId} is gone`);
      return undefined;
    }
    if (tenant.status === 'suspended' || tenant.status === 'inactive') {
      return this.postpone(job, token, 5 * MINUTE, `tenant ${tenant.slug} is ${tenant.status}`);
    }
    return this.attempt(handler, job, token, signal, tenant);
  }

  private async attempt(
    handler: JobHandler,
    job: Job,
    token: string,
    stop: AbortSignal,
    tenant: TenantRef | undefined,
  ): Promise<unknown> {
    const start = performance.now();
    const timeout = new AbortController();
    const late = `job ${job.name} took more than ${handler.timeout} ms`;
    const timer = setTimeout(() => timeout.abort(new JobTimeoutError(late)), handler.timeout);
    const signal = AbortSignal.any([stop, timeout.signal]);
    try {
      const work = inScope(job, tenant, () => handler.run(job.data, newHandle(job, handler, signal)));
      const result = await orAbandoned(work, signal);
      this.metrics.record(job.name, 'completed', (performance.now() - start) / 1000);
      return result;
    } catch (error) {
      if (stop.aborted && stop.reason instanceof ProcessStoppingError) await this.handBack(job, token);
      throw this.failed(job, error, (performance.now() - start) / 1000);
    } finally {
      clearTimeout(timer);
    }
  }

  private failed(job: Job, error: unknown, seconds: number): Error {
    const cause = error instanceof Error ? error : new Error(String(error));
    const code: unknown = Reflect.get(cause, 'code');
    // `code: text` is what GET /v1/jobs/{id} takes apart again
    const problem = cause.name === 'ProblemError' && typeof code === 'string';
    if (problem) cause.message = cause.message === code ? code : `${code}: ${cause.message}`;
    const last = cause instanceof UnrecoverableJobError || job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
    this.metrics.record(job.name, last ? 'failed' : 'retried', seconds);
    const attempt = `attempt ${job.attemptsMade + 1} of ${job.opts.attempts ?? 1}`;
    const text = `job ${job.name} ${job.id} of tenant ${String(job.data?.tenant ?? '-')} failed, ${attempt}: ${cause.message}`;
    if (last) this.logger.error(text, cause.stack);
    else this.logger.warn(text);
    return cause instanceof UnrecoverableJobError ? new UnrecoverableError(cause.message) : cause;
  }

  private async postpone(job: Job, token: string, delay: number, why: string): Promise<never> {
    this.metrics.record(this.registry.find(job.name) ? job.name : 'unknown', 'postponed');
    this.logger.warn(`job ${job.name} ${job.id} postponed ${delay / 1000} s: ${why}`);
    await job.moveToDelayed(Date.now() + delay, token);
    throw new DelayedError();
  }

  private async handBack(job: Job, token: string): Promise<never> {
    this.metrics.record(job.name, 'handed_back');
    await job.moveToWait(token);
    throw new WaitingError();
  }
}

function inScope<T>(job: Job, tenant: TenantRef | undefined, work: () => Promise<T>): Promise<T> {
  const actor: Actor = { user: null, role: null, stores: null, via: `job:${job.name}`, request: job.id };
  if (tenant) return runAsTenant(tenant, actor, work, { requestId: job.id });
  return runInScope({ requestId: job.id ?? job.name, locale: 'es', actor }, work);
}

/** The work's result; when the signal aborts and the work does not end within the grace, the signal's reason. */
async function orAbandoned<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let onAbort = () => {};
  const abandoned = new Promise<never>((_, reject) => {
    onAbort = () => {
      timer = setTimeout(() => reject(asError(signal.reason)), GRACE);
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, abandoned]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort); // a composite signal that is listened to lives as long as its sources
    work.catch(() => undefined);
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}

function newHandle(job: Job, handler: JobHandler, signal: AbortSignal): JobHandle {
  return {
    id: job.id!,
    name: job.name,
    attempt: job.attemptsMade + 1,
    attempts: job.opts.attempts ?? handler.attempts,
    signal,
    updateProgress: (progress) => job.updateProgress(progress),
    async childResults<T>(): Promise<T[]> {
      return Object.values(await job.getChildrenValues<T>());
    },
  };
}
