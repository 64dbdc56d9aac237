import { Redis } from 'ioredis';
import { once } from 'node:events';
import net from 'node:net';
import type pg from 'pg';
import { problemOf } from '../errors/problem-renderer.js';
import type { PostgresQueue } from './postgres-queue.js';
import type { JobEntry } from './queue-backend.js';
import { QueueUnavailableError, RedisQueue, type OutboxEntry } from './redis-queue.js';

const entry: JobEntry = {
  queue: 'mail',
  name: 'spec.job',
  id: undefined,
  data: {},
  delay: 0,
  attempts: 1,
  backoff: { type: 'fixed', delay: 1 },
  priority: 0,
  keep: false,
};
const kept: OutboxEntry = { ...entry, id: 'a', opts: {}, timestamp: 1 };

describe('RedisQueue before a silent Redis', () => {
  let server: net.Server;
  let redis: Redis;
  let sut: RedisQueue;

  beforeAll(async () => {
    server = net.createServer((socket) => socket.on('error', () => undefined).resume());
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as net.AddressInfo;
    redis = new Redis({ port, maxRetriesPerRequest: null, enableReadyCheck: false, disableClientInfo: true });
    const tenantSide = { close: () => Promise.resolve() } as PostgresQueue;
    sut = new RedisQueue(redis, '{spec}', tenantSide, {} as pg.Pool, () => undefined);
    await once(redis, 'ready');
  });
  afterAll(() => server.close());

  it('should say within seconds that it is not available, whatever it is asked', async () => {
    const answers = [
      sut.add(entry),
      sut.addFlow({ ...entry, children: [{ ...entry, children: [] }] }),
      sut.takeOver([kept], []),
      sut.takeOver([], [[kept]]),
      sut.find('a'),
      sut.counts(),
      sut.clean('completed', 0),
      sut.ping(),
    ].map((answer) => answer.catch((error: unknown) => error));
    for (const error of await Promise.all<unknown>(answers)) {
      expect(error).toBeInstanceOf(QueueUnavailableError);
      expect(problemOf(error).code).toBe('http.unavailable');
    }
  });

  it('should close all the same', async () => {
    const ended = once(redis, 'end');
    await sut.close();
    await ended;
  });
});
