import { uuidV7 } from '../database/uuid-v7.js';
import type { DatabaseNotifications, NotificationHandlers } from '../database/notifications.js';
import { idBefore, LiveEvents, type LiveRow } from './live-events.js';
import type { SseMessage, SseStream } from './sse-stream.js';

const TENANT = 'a';
const tick = (ms = 5) => new Promise((resolve) => setTimeout(resolve, ms));

/** A client that remembers what it was sent. */
class Client {
  readonly got: unknown[] = [];
  private readonly end = new AbortController();
  closed: AbortSignal = this.end.signal;

  send({ data }: SseMessage): Promise<boolean> {
    this.got.push(data);
    return Promise.resolve(true);
  }

  leave(): void {
    this.end.abort();
  }
}

const newLive = () => {
  const handlers: NotificationHandlers[] = [];
  const notifications = {
    listen: (_: string, of: NotificationHandlers) => {
      handlers.push(of);
      return Promise.resolve();
    },
  };
  return {
    sut: new LiveEvents(notifications as unknown as DatabaseNotifications),
    tell: (payload: unknown) => handlers.forEach((of) => of.notified(JSON.stringify(payload))),
    reset: () => handlers.forEach((of) => of.reset()),
  };
};

/** A table of rows whose ids are the time at which they were made. */
const newTable = () => {
  const rows: LiveRow[] = [];
  return {
    rows,
    add: (data: unknown, at = Date.now()) => rows.push({ id: uuidV7(new Date(at)), data }),
    after: (id: string, limit: number) =>
      Promise.resolve(
        rows
          .filter((row) => row.id > id)
          .toSorted((x, y) => (x.id < y.id ? -1 : 1))
          .slice(0, limit),
      ),
  };
};

describe('idBefore', () => {
  it('should be smaller than any id made since then, and greater than older ones', () => {
    const now = Date.now();
    const id = uuidV7(new Date(now));
    expect(idBefore(id, 0) < id).toBe(true);
    expect(idBefore(id, 1000) < uuidV7(new Date(now - 1000))).toBe(true);
    expect(idBefore(id, 1000) > uuidV7(new Date(now - 1001))).toBe(true);
  });
});

describe('LiveEvents', () => {
  const types = ['alert.raised' as never];

  it('should send what came after Last-Event-ID, in order and over many pages', async () => {
    const { sut } = newLive();
    const table = newTable();
    const client = new Client();
    const start = Date.now() - 100_000;
    for (let i = 0; i < 250; i++) table.add(i, start + i);
    const following = sut.follow(client as unknown as SseStream, TENANT, {
      types,
      lastEventId: table.rows[9]!.id,
      after: table.after,
    });
    await tick(20);
    client.leave();
    await following;
    expect(client.got).toEqual(Array.from({ length: 240 }, (_, i) => i + 10));
  });

  it('should send only what is new without Last-Event-ID, once it is told', async () => {
    const { sut, tell } = newLive();
    const table = newTable();
    const client = new Client();
    table.add('old', Date.now() - 1000);
    const following = sut.follow(client as unknown as SseStream, TENANT, { types, after: table.after });
    await tick();
    table.add('new');
    await tick(250);
    tell([['other', ['alert.raised']]]);
    tell([[TENANT, ['sale.completed']]]);
    await tick(250);
    expect(client.got).toEqual([]);
    tell([[TENANT, ['sale.completed', 'alert.raised']]]);
    await tick(250);
    expect(client.got).toEqual(['new']);
    client.leave();
    await following;
  });

  it('should send a row that was committed after one with a greater id, and none twice', async () => {
    const { sut, tell } = newLive();
    const table = newTable();
    const client = new Client();
    const following = sut.follow(client as unknown as SseStream, TENANT, { types, after: table.after });
    await tick(30);
    table.add('second');
    tell([[TENANT, ['alert.raised']]]);
    await tick(450);
    expect(client.got).toEqual(['second']);
    table.add('late', Date.now() - 460);
    tell([[TENANT, ['alert.raised']]]);
    await tick(450);
    expect(client.got).toEqual(['second', 'late']);
    client.leave();
    await following;
  });

  it('should look again for everybody after a gap in the listening', async () => {
    const { sut, reset } = newLive();
    const table = newTable();
    const client = new Client();
    const following = sut.follow(client as unknown as SseStream, TENANT, { types, after: table.after });
    await tick(220);
    table.add('missed');
    reset();
    await tick(250);
    expect(client.got).toEqual(['missed']);
    client.leave();
    await following;
  });

  it('should forget a client that left', async () => {
    const { sut, tell } = newLive();
    const client = new Client();
    const looks: string[] = [];
    const following = sut.follow(client as unknown as SseStream, TENANT, {
      types,
      after: (id) => {
        looks.push(id);
        return Promise.resolve([]);
      },
    });
    client.leave();
    await following;
    tell([[TENANT, ['alert.raised']]]);
    await tick(250);
    expect(looks).toHaveLength(1);
  });
});
