import type { Job } from 'bullmq';
import { getEventListeners } from 'node:events';
import { Metrics } from '../telemetry/metrics.js';
import type { JobHandle } from './job-map.js';
import { JobMetrics } from './job-metrics.js';
import type { JobRegistry } from './job-registry.js';
import { JobRunner } from './job-runner.js';
import type { TenantDirectory } from './tenant-directory.js';

describe('JobRunner', () => {
  it('should listen to the signal of a job no longer than the job runs', async () => {
    const listeners: number[] = [];
    let signal: AbortSignal | undefined;
    const handler = {
      platform: true,
      timeout: 1000,
      attempts: 1,
      run: async (_: unknown, job: JobHandle) => {
        ({ signal } = job);
        await Promise.resolve();
        listeners.push(getEventListeners(signal, 'abort').length);
      },
    };
    const registry = { find: () => handler } as unknown as JobRegistry;
    const sut = new JobRunner(registry, {} as TenantDirectory, new JobMetrics(new Metrics()));
    const job = { id: '1', name: 'spec.job', data: {}, opts: {}, attemptsMade: 0, timestamp: 0 } as unknown as Job;
    await sut.run(job, 'token', new AbortController().signal);
    listeners.push(getEventListeners(signal!, 'abort').length);
    expect(listeners).toEqual([1, 0]);
  });
});
