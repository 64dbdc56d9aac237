import { Logger } from '@nestjs/common';
import { Config } from '../config/config.js';
import type { JobRegistry } from './job-registry.js';
import type { JobRunner } from './job-runner.js';
import { JobWorkers } from './job-workers.js';
import type { OutboxRelay } from './outbox-relay.js';
import type { QueueBackend } from './queue-backend.js';

const never = () => new Promise<never>(() => undefined);

describe('JobWorkers', () => {
  beforeAll(() => Logger.overrideLogger(false));

  it('should stop at the bound, also when neither relay nor workers end', async () => {
    const worker = { waitUntilReady: () => Promise.resolve(), on: () => worker, close: never, disconnect: never };
    const backend = { openWorker: () => worker, schedule: () => Promise.resolve() } as unknown as QueueBackend;
    const registry = {
      assertComplete: () => undefined,
      all: () => [{ queue: 'mail', concurrency: 1 }],
    } as unknown as JobRegistry;
    const relay = { start: () => Promise.resolve(), stop: never } as unknown as OutboxRelay;
    const sut = new JobWorkers(backend, registry, {} as JobRunner, relay, new Config());
    await sut.start();
    await expect(sut.stop(50)).resolves.toBeUndefined();
  });
});
