import { Inject, Injectable } from '@nestjs/common';
import { currentScope } from '../database/tenant-context.js';
import type { AddedJob, AddOptions, FlowRequest, JobData, JobName, JobRequest } from './job-map.js';
import { JobRegistry } from './job-registry.js';
import { QUEUE_BACKEND, type FlowEntry, type JobEntry, type QueueBackend } from './queue-backend.js';

const NUL = /(?<!\\)(?:\\\\)*\\u0000/;

/**
 * The one way to enqueue. Inside a tenant's scope an add joins the running transaction: the job exists exactly when its cause is
 * committed, and its tenant is written by the database, whatever the data says. Without a transaction it is a statement of its own.
 */
@Injectable()
export class JobQueue {
  constructor(
    @Inject(QUEUE_BACKEND) private readonly backend: QueueBackend,
    private readonly registry: JobRegistry,
  ) {}

  /** @returns the id under which `GET /v1/jobs/{id}` shows it */
  async add<N extends JobName>(name: N, data: JobData<N>, options: AddOptions = {}): Promise<AddedJob> {
    return { id: await this.backend.add(this.entry(name, data, options)) };
  }

  /** Jobs of any queues, all or none (inside a tenant's scope). At most 1,000. */
  async addBulk(jobs: JobRequest[]): Promise<AddedJob[]> {
    if (jobs.length === 0) return [];
    const ids = await this.backend.addBulk(jobs.map((job) => this.entry(job.name, job.data, job.options ?? {})));
    return ids.map((id) => ({ id }));
  }

  /** A job that starts when all its children are completed. Children with an `id` of their own need a v4 or v7 uuid. */
  async addFlow(flow: FlowRequest): Promise<AddedJob> {
    return { id: await this.backend.addFlow(this.flowEntry(flow)) };
  }

  private flowEntry(flow: FlowRequest): FlowEntry {
    const children = (flow.children ?? []).map((child) => this.flowEntry(child));
    return { ...this.entry(flow.name, flow.data, flow.options ?? {}), children };
  }

  private entry(name: string, data: object, options: AddOptions): JobEntry {
    const { queue, attempts, backoff, platform } = this.registry.handler(name);
    const scope = currentScope();
    if (platform && scope?.tenant) throw new Error(`job ${name} is the platform's: not from a tenant's scope`);
    const tenant = scope?.tenant?.id ?? options.tenant;
    if (!platform && !tenant) throw new Error(`job ${name} needs a tenant: call it in a tenant's scope or give options.tenant`);
    if (NUL.test(JSON.stringify(data))) throw new Error(`job ${name}: data must not hold the NUL character`);
    return {
      queue,
      name,
      id: options.id,
      data: tenant ? { ...data, tenant } : data,
      delay: options.delay ?? 0,
      attempts: options.attempts ?? attempts,
      backoff: options.backoff ?? backoff,
      priority: options.priority ?? 0,
      keep: options.keep ?? false,
    };
  }
}
