import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { DatabaseNotifications } from '../database/notifications.js';
import { tenantScope } from '../database/tenant-context.js';
import { NIL_UUID } from '../database/uuid-v7.js';
import { ProblemError } from '../errors/problem-error.js';
import { TenantPlaces } from '../http/tenant-places.js';
import { LIVE_CHANNEL } from '../jobs/outbox-relay.js';
import type { EventType } from './event-map.js';
import { EventsRepository } from './events.repository.js';
import { eventId, readPosition, type LivePosition } from './live-position.js';
import { SseStream, type SseOptions } from './sse-stream.js';

const PAGE = 100;
/** ms between two looks at the tenant's table for one client */
const PACE = 200;
/** ms after which a client's rows are looked for even when nothing was told */
const IDLE_LOOK = 15_000;
const STREAMS_PER_TENANT = 100;
const STREAMS = 2000;

export interface LiveRow {
  /** v7 uuid of this state of the row */
  id: string;
  event?: string;
  data: unknown;
}

export interface LiveOptions extends SseOptions {
  /** events that may have made new rows */
  types: readonly EventType[];
  /** Last-Event-ID: what came after it is sent first; without it only what is new */
  lastEventId?: string;
  /**
   * Rows with an id greater than `id`, or written by the transaction `horizon` or a later one, by their ids. `from`: of these the ones
   * with a greater id (the next page). Runs in the tenant's scope.
   */
  after: (position: LivePosition, from: string, limit: number) => Promise<LiveRow[]>;
}

export interface FollowOptions extends LiveOptions {
  /** whether the caller may still see what it could at the start, asked before rows are read for it; undefined: wait until it can be told */
  isAdmitted: () => Promise<boolean | undefined>;
}

/** Where a stream begins, and what its client is taken to have already. */
export interface LiveStart {
  position: LivePosition;
  sent: ReadonlySet<string>;
}

interface Subscriber {
  types: ReadonlySet<string>;
  wake(): void;
}

/**
 * Live streams of this process. The outbox relay tells which tenants had which events; each stream then reads its own rows after its
 * position, so that a lost message, a late commit, a restart or a second process loses nothing. After an interruption a row may come again.
 */
@Injectable()
export class LiveEvents implements OnModuleDestroy {
  private readonly logger = new Logger('LiveEvents');
  private readonly subscribers = new Map<string, Set<Subscriber>>();
  private readonly streams = new Map<string, Set<SseStream>>();
  /** of each tenant's streams, also of those that are still beginning */
  private readonly places = new TenantPlaces(STREAMS_PER_TENANT, STREAMS);
  private draining = false;
  private listening?: Promise<void>;

  constructor(
    private readonly notifications: DatabaseNotifications,
    private readonly events: EventsRepository,
  ) {}

  /** Calls `wake` after events of these types in a tenant, until the answer is called. Also after a gap in the listening. */
  subscribe(tenant: string, types: readonly string[], wake: () => void): () => void {
    this.listening ??= this.notifications.listen(LIVE_CHANNEL, {
      notified: (payload) => this.tell(payload),
      reset: () => this.wakeAll(),
    });
    const subscriber: Subscriber = { types: new Set(types), wake };
    const of = this.subscribers.get(tenant) ?? new Set();
    this.subscribers.set(tenant, of.add(subscriber));
    return () => {
      of.delete(subscriber);
      if (of.size === 0) this.subscribers.delete(tenant);
    };
  }

  /**
   * Takes over the reply and streams until the client leaves, what it was admitted with no longer holds (token, role, stores, tenant) or
   * the process drains.
   * @throws ProblemError http.overloaded (503) when the process drains or has no room for another stream; http.validation_failed (400) for a
   *   Last-Event-ID that is none
   */
  async stream(reply: FastifyReply, options: LiveOptions): Promise<void> {
    const { tenant } = tenantScope();
    if (this.draining) throw new ProblemError('http.overloaded');
    // before anything is waited for
    const leave = this.places.take(tenant.id);
    try {
      const start = await this.startOf(options);
      reply.hijack();
      const headers = Object.fromEntries(Object.entries(reply.getHeaders()).map(([name, value]) => [name, String(value)]));
      const stream = new SseStream(reply.raw, headers, options);
      const of = this.streams.get(tenant.id) ?? new Set();
      this.streams.set(tenant.id, of.add(stream));
      // it began to drain meanwhile
      if (this.draining) stream.close();
      try {
        const isAdmitted = (): Promise<boolean | undefined> => reply.request.isStillAdmitted();
        await this.follow(stream, tenant.id, { ...options, isAdmitted }, start);
      } catch (error) {
        this.logger.error(`live stream of tenant ${tenant.slug}: ${String(error)}`);
      } finally {
        stream.close();
        of.delete(stream);
        if (of.size === 0) this.streams.delete(tenant.id);
      }
    } finally {
      leave();
    }
  }

  /** The process drains: clients connect elsewhere, with their Last-Event-ID. */
  onModuleDestroy(): void {
    this.draining = true;
    for (const of of this.streams.values()) for (const stream of of) stream.close();
  }

  /** Where the client was cut off; without a Last-Event-ID what is committed now counts as sent. */
  async startOf({ lastEventId, after }: LiveOptions): Promise<LiveStart> {
    if (lastEventId !== undefined) return { position: readPosition(lastEventId), sent: new Set() };
    const position = await this.events.position();
    const sent = new Set<string>();
    for await (const row of rowsOf(after, position)) sent.add(row.id);
    return { position, sent };
  }

  /** Sends rows to one stream as they come. */
  async follow(stream: SseStream, tenant: string, { types, after, isAdmitted }: FollowOptions, start: LiveStart): Promise<void> {
    const bell = new Bell();
    const unsubscribe = this.subscribe(tenant, types, () => bell.ring());
    stream.closed.addEventListener('abort', () => bell.ring(), { once: true });
    let { position, sent } = start;
    try {
      while (!stream.closed.aborted) {
        // before the rows are read: whatever they miss belongs to this transaction or a later one
        const { horizon } = await this.events.position();
        const admitted = await isAdmitted();
        if (admitted === false) return;
        if (admitted === undefined) {
          await bell.wait(PACE, IDLE_LOOK);
          continue;
        }
        const seen = new Set<string>();
        let { id } = position;
        for await (const row of rowsOf(after, position)) {
          if (!sent.has(row.id) && !(await stream.send({ ...row, id: eventId({ horizon, id: row.id }) }))) return;
          seen.add(row.id);
          if (row.id > id) ({ id } = row);
        }
        sent = seen;
        position = { horizon, id };
        await bell.wait(PACE, IDLE_LOOK);
      }
    } finally {
      unsubscribe();
    }
  }

  private wakeAll(): void {
    for (const of of this.subscribers.values()) for (const subscriber of of) subscriber.wake();
  }

  private tell(payload: string): void {
    const told: [string, string[]][] = JSON.parse(payload);
    for (const [tenant, types] of told)
      for (const subscriber of this.subscribers.get(tenant) ?? [])
        if (types.some((type) => subscriber.types.has(type))) subscriber.wake();
  }
}

/** All rows behind a position, page by page. */
async function* rowsOf(after: LiveOptions['after'], position: LivePosition): AsyncGenerator<LiveRow> {
  let page: LiveRow[];
  let from = NIL_UUID;
  do {
    page = await after(position, from, PAGE);
    yield* page;
    from = page.at(-1)?.id ?? from;
  } while (page.length === PAGE);
}

/** Remembers that it was rung while nobody waited. */
class Bell {
  private rung = false;
  private release?: () => void;

  ring(): void {
    this.rung = true;
    this.release?.();
  }

  /** Waits for a ring, at most `longest` ms, and then at least `pace` ms since it began to wait. */
  async wait(pace: number, longest: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, pace));
    if (!this.rung) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, longest);
        this.release = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.release = undefined;
    this.rung = false;
  }
}
