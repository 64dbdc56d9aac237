import type { DiscoveryService } from '@nestjs/core';
import type { JobData } from './job-map.js';
import { JobRegistry } from './job-registry.js';
import { OnJob, Scheduled } from './on-job.js';

declare module './job-map.js' {
  interface JobMap {
    'spec.counted': { data: { n: number }; result: number };
    'spec.tick': { data: Record<string, never> };
    'spec.unprovided': { data: Record<string, never> };
  }
}

class Counter {
  private readonly step: number = 2;

  @OnJob('spec.counted', { queue: 'maintenance', concurrency: 3, platform: true })
  count(data: JobData<'spec.counted'>): Promise<number> {
    return Promise.resolve(data.n + this.step);
  }

  @Scheduled({ every: 60_000 })
  @OnJob('spec.tick', { queue: 'maintenance', platform: true })
  async tick(): Promise<void> {}
}

class Twin {
  @OnJob('spec.counted', { queue: 'maintenance' })
  count(): Promise<number> {
    return Promise.resolve(0);
  }
}

class Unprovided {
  @OnJob('spec.unprovided', { queue: 'mail', attempts: 21 })
  async nothing(): Promise<void> {}
}

const newRegistry = (...instances: object[]) => {
  const registry = new JobRegistry({ getProviders: () => [] } as unknown as DiscoveryService);
  registry.register(instances);
  return registry;
};
const handle = { id: '1', name: 'spec.counted', attempt: 1, attempts: 1, signal: new AbortController().signal };

describe('JobRegistry', () => {
  it('should bind a handler to its instance, with its options', async () => {
    const sut = newRegistry(new Counter()).handler('spec.counted');
    expect(sut).toMatchObject({ queue: 'maintenance', concurrency: 3, attempts: 5, platform: true, schedule: undefined });
    await expect(
      sut.run({ n: 3 }, { ...handle, updateProgress: () => Promise.resolve(), childResults: () => Promise.resolve([]) }),
    ).resolves.toBe(5);
  });

  it('should know the schedule of a job', () => {
    expect(newRegistry(new Counter()).handler('spec.tick').schedule).toEqual({ every: 60_000 });
  });

  it('should refuse two handlers of one job', () => {
    expect(() => newRegistry(new Counter(), new Twin())).toThrow('job spec.counted has two handlers, one of them Twin.count');
  });

  it('should refuse a declared job whose class no module provides', () => {
    expect(() => newRegistry(new Counter()).assertComplete()).toThrow(
      'no handler for job spec.unprovided: no module provides Unprovided',
    );
  });

  it('should refuse attempts that the gate refuses', () => {
    expect(() => newRegistry(new Unprovided())).toThrow('Unprovided.nothing: attempts must be 1 to 20');
  });

  it('should refuse a name that nothing handles', () => {
    expect(() => newRegistry().handler('spec.counted')).toThrow('no handler for job spec.counted');
  });
});
