import { EventEmitter } from 'node:events';
import { jest } from '@jest/globals';
import type { FastifyReply } from 'fastify';
import { runAsTenant, type TenantRef } from '../database/tenant-context.js';
import { uuidV7 } from '../database/uuid-v7.js';
import type { DatabaseNotifications, NotificationHandlers } from '../database/notifications.js';
import type { EventsRepository } from './events.repository.js';
import { LiveEvents, type FollowOptions, type LiveOptions, type LiveRow } from './live-events.js';
import type { LivePosition } from './live-position.js';
import type { SseMessage, SseStream } from './sse-stream.js';

const TENANT = 'a';
const tick = (ms = 5) => new Promise((resolve) => setTimeout(resolve, ms));

/** A client that remembers what it was sent. */
class Client {
  readonly got: unknown[] = [];
  lastEventId: string | undefined;
  private readonly end = new AbortController();
  closed: AbortSignal = this.end.signal;

  send({ id, data }: SseMessage): Promise<boolean> {
    this.got.push(data);
    this.lastEventId = id;
    return Promise.resolve(true);
  }

  leave(): void {
    this.end.abort();
  }
}

interface StoredRow extends LiveRow {
  transaction: number;
}

/** A table whose transactions are committed when a test says so. */
class Table {
  readonly rows: StoredRow[] = [];
  private readonly running = new Set<number>();
  private next = 1;

  /** Writes a row whose id was made at that time. @returns commits it */
  begin(data: unknown, at: number): () => void {
    const transaction = this.next++;
    this.running.add(transaction);
    this.rows.push({ id: uuidV7(new Date(at)), data, transaction });
    return () => this.running.delete(transaction);
  }

  add(data: unknown, at: number = Date.now()): void {
    this.begin(data, at)();
  }

  position = (): Promise<LivePosition> =>
    Promise.resolve({ horizon: String(Math.min(this.next, ...this.running)), id: uuidV7(new Date()) });

  after: LiveOptions['after'] = ({ horizon, id }, from, limit) =>
    Promise.resolve(
      this.rows
        .filter(
          (row) => !this.running.has(row.transaction) && (row.id > id || row.transaction >= Number(horizon)) && row.id > from,
        )
        .toSorted((x, y) => (x.id < y.id ? -1 : 1))
        .slice(0, limit),
    );
}

const types = ['alert.raised' as never];

const newLive = () => {
  const handlers: NotificationHandlers[] = [];
  const notifications = {
    listen: (_: string, of: NotificationHandlers) => {
      handlers.push(of);
      return Promise.resolve();
    },
  };
  const table = new Table();
  let isAdmitted: boolean | undefined = true;
  const sut = new LiveEvents(notifications as unknown as DatabaseNotifications, table as unknown as EventsRepository);
  /** Connects a client and waits until it is there. */
  const connect = async (lastEventId?: string) => {
    const client = new Client();
    const options = {
      types,
      after: table.after,
      isAdmitted: async () => isAdmitted,
      ...(lastEventId === undefined ? {} : { lastEventId }),
    };
    const following = sut.follow(client as unknown as SseStream, TENANT, options, await sut.startOf(options));
    await tick(20);
    return {
      client,
      following,
      leave: () => {
        client.leave();
        return following;
      },
    };
  };
  return {
    sut,
    table,
    connect,
    tell: (payload: unknown) => handlers.forEach((of) => of.notified(JSON.stringify(payload))),
    admit: (now: boolean | undefined) => (isAdmitted = now),
    reset: () => handlers.forEach((of) => of.reset()),
  };
};

/** Waits until the client has got something, or a second. */
const got = async (client: Client, count: number): Promise<unknown[]> => {
  for (let i = 0; i < 400 && client.got.length < count; i++) await tick();
  return client.got;
};

describe('LiveEvents', () => {
  it('should send what came after Last-Event-ID, in order and over many pages', async () => {
    const { table, connect } = newLive();
    const start = Date.now() - 100_000;
    for (let i = 0; i < 250; i++) table.add(i, start + i);
    const { client, leave } = await connect(`11-${table.rows[9]!.id}`);
    expect(await got(client, 240)).toEqual(Array.from({ length: 240 }, (_, i) => i + 10));
    await leave();
  });

  it('should send only what is new without Last-Event-ID, once it is told', async () => {
    const { table, connect, tell } = newLive();
    const commit = table.begin('running', Date.now() - 2000);
    table.add('old', Date.now() - 1000);
    const { client, leave } = await connect();
    table.add('new');
    commit();
    await tick(250);
    tell([['other', ['alert.raised']]]);
    tell([[TENANT, ['sale.completed']]]);
    await tick(250);
    expect(client.got).toEqual([]);
    tell([[TENANT, ['sale.completed', 'alert.raised']]]);
    expect(await got(client, 2)).toEqual(['running', 'new']);
    await leave();
  });

  it('should send a row that was committed long after one with a greater id, and none twice', async () => {
    const { table, connect, tell } = newLive();
    const { client, leave } = await connect();
    const commit = table.begin('late', Date.now() - 60_000);
    table.add('second');
    tell([[TENANT, ['alert.raised']]]);
    expect(await got(client, 1)).toEqual(['second']);
    commit();
    tell([[TENANT, ['alert.raised']]]);
    expect(await got(client, 2)).toEqual(['second', 'late']);
    tell([[TENANT, ['alert.raised']]]);
    await tick(450);
    expect(client.got).toEqual(['second', 'late']);
    await leave();
  });

  it('should send after an interruption what was committed late during it', async () => {
    const { table, connect, tell } = newLive();
    const first = await connect();
    const commit = table.begin('late', Date.now() - 60_000);
    table.add('second');
    tell([[TENANT, ['alert.raised']]]);
    expect(await got(first.client, 1)).toEqual(['second']);
    await first.leave();
    commit();
    table.add('third');
    const again = await connect(first.client.lastEventId);
    expect(await got(again.client, 2)).toEqual(expect.arrayContaining(['late', 'third']));
    await again.leave();
    const last = await connect(again.client.lastEventId);
    expect(last.client.got).toEqual([]);
    await last.leave();
  });

  it('should look again for everybody after a gap in the listening', async () => {
    const { table, connect, reset } = newLive();
    const { client, leave } = await connect();
    await tick(220);
    table.add('missed');
    reset();
    expect(await got(client, 1)).toEqual(['missed']);
    await leave();
  });

  it('should end, and send nothing more, when the caller is no longer admitted', async () => {
    const { table, connect, tell, admit } = newLive();
    const { client, following } = await connect();
    admit(false);
    table.add('not for them');
    tell([[TENANT, ['alert.raised']]]);
    await following;
    expect(client.got).toEqual([]);
  });

  it('should send nothing, and lose nothing, while nobody can tell whether the caller is admitted', async () => {
    const { table, connect, tell, admit } = newLive();
    const { client, leave } = await connect();
    admit(undefined);
    table.add('later');
    tell([[TENANT, ['alert.raised']]]);
    await tick(450);
    expect(client.got).toEqual([]);
    admit(true);
    tell([[TENANT, ['alert.raised']]]);
    expect(await got(client, 1)).toEqual(['later']);
    await leave();
  });

  it('should know streams that begin together, and end all of them when it drains', async () => {
    const { sut, table } = newLive();
    const tenant = { id: TENANT, slug: 'acme', settings: { locale: 'es' } } as TenantRef;
    const open = () => {
      const response = Object.assign(new EventEmitter(), { writeHead: () => undefined, write: () => true, end: jest.fn() });
      const request = { isStillAdmitted: async () => true };
      const reply = { raw: response, request, hijack: () => undefined, getHeaders: () => ({}) } as unknown as FastifyReply;
      const actor = { user: null, role: null, stores: null, via: 'test' };
      return { response, over: runAsTenant(tenant, actor, () => sut.stream(reply, { types, after: table.after })) };
    };
    const streams = [open(), open(), open()];
    await tick(20);
    streams[0]!.response.emit('close');
    await streams[0]!.over;
    sut.onModuleDestroy();
    await Promise.all(streams.map(({ over }) => over));
    for (const { response } of streams) expect(response.end).toHaveBeenCalledTimes(1);
    await expect(open().over).rejects.toMatchObject({ code: 'http.overloaded' });
  });

  it('should forget a client that left', async () => {
    const { sut, table, tell } = newLive();
    const client = new Client();
    let looks = 0;
    const options: FollowOptions = {
      types,
      isAdmitted: async () => true,
      after: () => {
        looks++;
        return Promise.resolve([]);
      },
    };
    const start = { position: await table.position(), sent: new Set<string>() };
    const following = sut.follow(client as unknown as SseStream, TENANT, options, start);
    client.leave();
    await following;
    tell([[TENANT, ['alert.raised']]]);
    await tick(250);
    expect(looks).toBe(1);
  });
});
