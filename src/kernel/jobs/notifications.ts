import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { DATABASE_TOPOLOGY } from '../database/database.module.js';
import type { DatabaseTopology } from '../database/topology.js';
import { queueConnection } from './queue-lane.js';

export type Notified = (payload: string) => void;

/**
 * One LISTEN connection for this process, kept alive. A message is a hint to look: after a lost connection every listener is called
 * with an empty payload, because messages may have been missed.
 */
@Injectable()
export class Notifications implements OnApplicationShutdown {
  private readonly logger = new Logger('Notifications');
  private readonly listeners = new Map<string, Set<Notified>>();
  private client?: Promise<pg.Client>;
  private ended = false;
  private retryDelay: number = 100;

  constructor(@Inject(DATABASE_TOPOLOGY) private readonly topology: DatabaseTopology) {}

  /** @returns stops listening */
  listen(channel: string, notified: Notified): () => void {
    const known = this.listeners.get(channel);
    const set = known ?? new Set();
    this.listeners.set(channel, set.add(notified));
    if (!known)
      void this.connected().then((client) => client.query(`LISTEN ${pg.escapeIdentifier(channel)}`).catch(() => undefined));
    return () => set.delete(notified);
  }

  async onApplicationShutdown(): Promise<void> {
    this.ended = true;
    await (await this.client)?.end().catch(() => undefined);
  }

  private connected(): Promise<pg.Client> {
    this.client ??= this.connect();
    return this.client;
  }

  private async connect(): Promise<pg.Client> {
    for (;;) {
      const client = new pg.Client({ ...queueConnection(this.topology), application_name: 'fluxion notifications' });
      client.on('error', () => this.reconnect(client));
      client.on('end', () => this.reconnect(client));
      client.on('notification', ({ channel, payload }) => this.tell(channel, payload ?? ''));
      try {
        await client.connect();
        for (const channel of this.listeners.keys()) await client.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
        this.current = client;
        this.retryDelay = 100;
        return client;
      } catch (error) {
        await client.end().catch(() => undefined);
        if (this.ended) throw error;
        this.logger.warn(`cannot listen to the database: ${String(error)}`);
        await new Promise((resolve) => setTimeout(resolve, this.retryDelay));
        this.retryDelay = Math.min(this.retryDelay * 2, 5000);
      }
    }
  }

  private current?: pg.Client;

  private reconnect(client: pg.Client): void {
    if (this.ended || this.current !== client) return;
    this.current = undefined;
    this.client = this.connect().then((again) => {
      for (const known of this.listeners.keys()) this.tell(known, '');
      return again;
    });
    this.client.catch(() => undefined); // only when the process stops meanwhile
  }

  private tell(channel: string, payload: string): void {
    for (const notified of this.listeners.get(channel) ?? []) notified(payload);
  }
}
