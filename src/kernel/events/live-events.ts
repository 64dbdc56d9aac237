import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { DatabaseNotifications } from '../database/notifications.js';
import { tenantScope } from '../database/tenant-context.js';
import { uuidV7, uuidV7Time } from '../database/uuid-v7.js';
import { ProblemError } from '../errors/problem-error.js';
import { LIVE_CHANNEL } from '../jobs/outbox-relay.js';
import type { EventType } from './event-map.js';
import { SseStream, type SseOptions } from './sse-stream.js';

const PAGE = 100;
/** ms between two looks at the tenant's table for one client */
const PACE = 200;
/** ms after which a client's rows are looked for even when nothing was told */
const IDLE_LOOK = 15_000;
/** ms by which a row with an older id may be committed after a newer one */
const OVERLAP = 3000;
const STREAMS_PER_TENANT = 100;
const STREAMS = 2000;
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

export interface LiveRow {
  /** v7 uuid, the key of the row */
  id: string;
  event?: string;
  data: unknown;
}

export interface LiveOptions extends SseOptions {
  /** events that may have made new rows */
  types: readonly EventType[];
  /** Last-Event-ID: what came after it is sent first; without it only what is new */
  lastEventId?: string;
  /** rows with a greater id, oldest first; runs in the tenant's scope */
  after: (id: string, limit: number) => Promise<LiveRow[]>;
}

/** A v7 id that is smaller than any made since `ms` before the given one. */
export function idBefore(id: string, ms: number): string {
  return `${uuidV7(new Date(Math.max(0, uuidV7Time(id).getTime() - ms))).slice(0, 13)}-7000-8000-000000000000`;
}

interface Subscriber {
  types: ReadonlySet<string>;
  wake(): void;
}

/**
 * Live streams of this process. The outbox relay tells which tenants had which events; each stream then reads its own rows after the
 * last id it sent, so that a lost message, a restart or a second process loses nothing.
 */
@Injectable()
export class LiveEvents implements OnModuleDestroy {
  private readonly logger = new Logger('LiveEvents');
  private readonly subscribers = new Map<string, Set<Subscriber>>();
  private readonly streams = new Map<string, Set<SseStream>>();
  private draining = false;
  private listening?: Promise<void>;

  constructor(private readonly notifications: DatabaseNotifications) {}

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
   * Takes over the reply and streams until the client leaves, the tenant's streams are closed or the process drains.
   * @throws ProblemError http.overloaded (503) when the process drains or has no room for another stream
   */
  async stream(reply: FastifyReply, options: LiveOptions): Promise<void> {
    const { tenant } = tenantScope();
    const of = this.streams.get(tenant.id) ?? new Set();
    const all = [...this.streams.values()].reduce((sum, set) => sum + set.size, 0);
    if (this.draining || of.size >= STREAMS_PER_TENANT || all >= STREAMS) throw new ProblemError('http.overloaded');
    reply.hijack();
    const headers = Object.fromEntries(Object.entries(reply.getHeaders()).map(([name, value]) => [name, String(value)]));
    const stream = new SseStream(reply.raw, headers, options);
    this.streams.set(tenant.id, of.add(stream));
    try {
      await this.follow(stream, tenant.id, options);
    } catch (error) {
      this.logger.error(`live stream of tenant ${tenant.slug}: ${String(error)}`);
    } finally {
      stream.close();
      of.delete(stream);
      if (of.size === 0) this.streams.delete(tenant.id);
    }
  }

  /** Ends the streams of one tenant: it was suspended. */
  closeTenant(tenant: string): void {
    for (const stream of this.streams.get(tenant) ?? []) stream.close();
  }

  /** The process drains: clients connect elsewhere, with their Last-Event-ID. */
  onModuleDestroy(): void {
    this.draining = true;
    for (const tenant of this.streams.keys()) this.closeTenant(tenant);
  }

  /** Sends rows to one stream as they come. */
  async follow(stream: SseStream, tenant: string, { types, lastEventId, after }: LiveOptions): Promise<void> {
    const bell = new Bell();
    const unsubscribe = this.subscribe(tenant, types, () => bell.ring());
    stream.closed.addEventListener('abort', () => bell.ring(), { once: true });
    const start = lastEventId && UUID_V7.test(lastEventId) ? lastEventId.toLowerCase() : idBefore(uuidV7(), 0);
    let newest = start;
    const sent = new Set<string>();
    try {
      while (!stream.closed.aborted) {
        // ids are made before the commit: look a little behind the newest one for rows that came late
        const behind = idBefore(newest, OVERLAP);
        let from = behind > start ? behind : start;
        for (let rows = await after(from, PAGE); rows.length > 0; rows = rows.length < PAGE ? [] : await after(from, PAGE)) {
          for (const row of rows) {
            if (!sent.has(row.id) && !(await stream.send(row))) return;
            sent.add(row.id);
          }
          from = rows.at(-1)!.id;
          if (from > newest) newest = from;
        }
        for (const id of sent) if (id < idBefore(newest, OVERLAP)) sent.delete(id);
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
