import pg from 'pg';
import type { ClientConfig } from 'pg';
import { laneConnection, type DatabaseTopology } from './topology.js';

/** What a listener is told. */
export interface NotificationHandlers {
  notified(payload: string): void;
  /** changes may have gone unheard (a new or renewed connection): forget what was learned before */
  reset(): void;
}

const BEAT_MS = 500;
const UNANSWERED_BEATS = 3;
const FIRST_DELAY_MS = 50;
const LAST_DELAY_MS = 2000;
const CHANNEL = /^[a-z][a-z_]{0,62}$/;

/** Anybody who may log in to the database may notify: a text that is none of ours must not end the process. */
function tell(handler: NotificationHandlers, payload: string): void {
  try {
    handler.notified(payload);
  } catch {
    handler.reset();
  }
}

/**
 * One session connection of this process that hears NOTIFY. It re-listens after a lost connection, and a connection that
 * no longer answers counts as lost; until then `isListening` is false and caches that rely on it must not be believed.
 */
export class DatabaseNotifications {
  private readonly connection: ClientConfig;
  private readonly handlers = new Map<string, NotificationHandlers[]>();
  private readonly active = new Set<string>();
  private client: pg.Client | undefined;
  private timer: NodeJS.Timeout | undefined;
  private delay = FIRST_DELAY_MS;
  private unanswered = 0;
  private ended = false;
  private started = false;

  constructor(topology: DatabaseTopology) {
    this.connection = {
      ...laneConnection(topology, 'registry'),
      application_name: 'fluxion notifications',
      connectionTimeoutMillis: 5000,
    };
  }

  /** Whether every change told on the channel is heard at this moment. */
  isListening(channel: string): boolean {
    return this.active.has(channel);
  }

  /** Adds a listener. Resolves after the first attempt to listen, also a failed one: the connection is tried again by itself. */
  async listen(channel: string, handlers: NotificationHandlers): Promise<void> {
    if (!CHANNEL.test(channel)) throw new Error(`${channel} is no channel name`);
    this.handlers.set(channel, [...(this.handlers.get(channel) ?? []), handlers]);
    if (!this.started) {
      this.started = true;
      await this.connect();
    } else if (this.client && !this.active.has(channel)) {
      await this.hear(this.client, channel).catch(() => this.client && this.lose(this.client));
    }
  }

  async end(): Promise<void> {
    this.ended = true;
    clearTimeout(this.timer);
    this.active.clear();
    await this.client?.end().catch(() => undefined);
  }

  private async connect(): Promise<void> {
    const client = new pg.Client(this.connection);
    client.on('error', () => this.lose(client));
    client.on('end', () => this.lose(client));
    client.on('notification', ({ channel, payload }) => {
      for (const handler of this.handlers.get(channel) ?? []) tell(handler, payload ?? '');
    });
    this.client = client;
    try {
      await client.connect();
      for (const channel of this.handlers.keys()) await this.hear(client, channel);
      this.delay = FIRST_DELAY_MS;
      this.unanswered = 0;
      this.beat(client);
    } catch {
      this.lose(client);
    }
  }

  private async hear(client: pg.Client, channel: string): Promise<void> {
    await client.query(`LISTEN ${channel}`);
    for (const handler of this.handlers.get(channel) ?? []) handler.reset();
    if (client === this.client) this.active.add(channel);
  }

  // a peer that vanished without a word would be noticed by the keep-alive only after hours
  private beat(client: pg.Client): void {
    this.timer = setTimeout(() => {
      if (client !== this.client) return;
      if (this.unanswered >= UNANSWERED_BEATS) return this.lose(client);
      this.unanswered++;
      client.query('SELECT 1').then(
        () => (this.unanswered = 0),
        () => this.lose(client),
      );
      this.beat(client);
    }, BEAT_MS).unref();
  }

  private lose(client: pg.Client): void {
    if (client !== this.client) return;
    this.client = undefined;
    this.active.clear();
    clearTimeout(this.timer);
    for (const handlers of this.handlers.values()) for (const handler of handlers) handler.reset();
    void client.end().catch(() => undefined);
    if (this.ended) return;
    this.timer = setTimeout(() => void this.connect(), this.delay * (0.5 + Math.random())).unref();
    this.delay = Math.min(this.delay * 2, LAST_DELAY_MS);
  }
}
