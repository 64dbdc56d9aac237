import { Inject, Injectable, Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { DatabaseNotifications } from '../database/notifications.js';
import { declaredListeners } from '../events/on-event.js';
import { uuidV7Time } from '../database/uuid-v7.js';
import { jobId } from './job-id.js';
import { QUEUE_POOL } from './queue-lane.js';
import { QUEUE_BACKEND, type QueueBackend } from './queue-backend.js';
import { QueueUnavailableError, RedisQueue, type OutboxEntry } from './redis-queue.js';

const BATCH = 500;
/** ms between two looks */
const PACE = 20;
/** ms until the next look when nothing was there and nobody pokes */
const IDLE_WAIT = 400;
const FAILED_WAIT = 2000;

/** Channel that tells every process which tenants had which events: a hint to look, never the event itself. */
export const LIVE_CHANNEL = 'fluxion_live';
const OUTBOX_CHANNEL = 'fluxion_outbox';

interface OutboxRow {
  id: string;
  tenant: string;
  kind: 'event' | 'job';
  type: string;
  /** an event's payload; a job's entry, or the entries of a flow */
  payload: unknown;
}

const TAKE = `SELECT id::text, tenant_id::text AS tenant, kind, type, payload FROM shared.outbox
   WHERE available_at <= now() ORDER BY available_at, id LIMIT $1 FOR UPDATE SKIP LOCKED`;
const TAKE_ONE = `SELECT id::text, tenant_id::text AS tenant, kind, type, payload FROM shared.outbox WHERE id = $1 FOR UPDATE SKIP LOCKED`;
// the exponent is bounded, not its power: from 1,024 attempts on that is beyond double, and the row would stop the outbox for good
const REFUSE = `UPDATE shared.outbox SET attempts = attempts + 1, error = left($2, 500),
   available_at = now() + least(power(2, least(attempts, 10)), 600) * interval '1 second' WHERE id = $1`;

/** The job of one listener for one event; its id is made of the two, so that a repetition adds nothing. */
function deliveries({ id, tenant, type, payload }: OutboxRow): OutboxEntry[] {
  return declaredListeners()
    .filter((listener) => listener.type === type)
    .map(({ name }) => ({
      queue: 'events',
      id: jobId(tenant, 'events', `${id}/${name}`),
      name: 'event.deliver',
      data: { tenant, event: id, type, listener: name, payload },
      opts: { attempts: 5, backoff: { type: 'exponential', delay: 500 }, removeOnComplete: true, removeOnFail: false },
      priority: 0,
      delay: 0,
      attempts: 5,
      timestamp: uuidV7Time(id).getTime(),
    }));
}

/** `[tenant, types]` in pieces that fit a notification (8,000 bytes). */
export function liveMessages(rows: { tenant: string; type: string }[]): string[] {
  const types = new Map<string, Set<string>>();
  for (const { tenant, type } of rows) types.set(tenant, (types.get(tenant) ?? new Set()).add(type));
  const messages: string[] = [];
  let part: string[] = [];
  let size = 2;
  for (const [tenant, of] of types) {
    const text = JSON.stringify([tenant, [...of]]);
    if (size + text.length > 7900) {
      messages.push(`[${part.join()}]`);
      part = [];
      size = 2;
    }
    part.push(text);
    size += text.length + 1;
  }
  if (part.length > 0) messages.push(`[${part.join()}]`);
  return messages;
}

/**
 * Moves what commits left in shared.outbox to where it is worked on: events become jobs of queue `events`, one a listener; with Redis,
 * jobs and flows go there. A row leaves the outbox in the transaction that hands it over: with PostgreSQL exactly once, with Redis at
 * least once under the same id. Any number of processes may relay.
 */
@Injectable()
export class OutboxRelay {
  private readonly logger = new Logger('Outbox');
  private running?: Promise<void>;
  private stopping = false;
  private wake?: () => void;
  private poked = false;

  constructor(
    @Inject(QUEUE_POOL) private readonly pool: pg.Pool,
    @Inject(QUEUE_BACKEND) private readonly backend: QueueBackend,
    private readonly notifications: DatabaseNotifications,
  ) {}

  async start(): Promise<void> {
    const poke = () => this.poke();
    await this.notifications.listen(OUTBOX_CHANNEL, { notified: poke, reset: poke });
    this.running ??= this.loop();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.poke();
    await this.running;
  }

  /** Looks at once: something was committed. */
  poke(): void {
    this.poked = true;
    this.wake?.();
  }

  /** Hands over one batch. @returns rows handed over */
  async relay(): Promise<number> {
    const batch = await this.handOver(TAKE, [BATCH]);
    if (!batch.error) return batch.ids.length;
    // one refused row must not hold up the others: each alone, and a refused one rests
    let done = 0;
    for (const id of batch.ids) {
      const { ids, error } = await this.handOver(TAKE_ONE, [id]);
      if (!error) done += ids.length;
      else await this.refuse(id, error);
    }
    return done;
  }

  private async refuse(id: string, error: Error): Promise<void> {
    this.logger.error(`outbox row ${id} was refused: ${error.message}`);
    await this.pool.query(REFUSE, [id, error.message]);
  }

  /** @throws when the connection fails; `error` when the rows were refused */
  private async handOver(take: string, values: unknown[]): Promise<{ ids: string[]; error?: Error }> {
    const client = await this.pool.connect();
    let lost: Error | undefined;
    let ids: string[] = [];
    try {
      await client.query('BEGIN');
      const { rows } = await client.query<OutboxRow>(take, values);
      ids = rows.map((row) => row.id);
      if (rows.length > 0) await this.move(client, rows);
      await client.query('COMMIT');
      return { ids };
    } catch (cause) {
      const error = cause instanceof Error ? cause : new Error(String(cause));
      await client.query('ROLLBACK').catch(() => {
        lost = error;
      });
      if (lost ?? error instanceof QueueUnavailableError) throw error;
      return { ids, error };
    } finally {
      client.release(lost !== undefined);
    }
  }

  private async move(client: pg.PoolClient, rows: OutboxRow[]): Promise<void> {
    const events = rows.filter((row) => row.kind === 'event');
    const jobs = events.flatMap(deliveries);
    const flows: OutboxEntry[][] = [];
    for (const { kind, payload } of rows) {
      if (kind !== 'job') continue;
      if (Array.isArray(payload)) flows.push(payload);
      else jobs.push(payload as OutboxEntry);
    }
    if (this.backend instanceof RedisQueue) await this.backend.takeOver(jobs, flows);
    else if (jobs.length + flows.length > 0)
      await client.query('SELECT add_flow($1::jsonb)', [JSON.stringify([...jobs, ...flows.flat()])]);
    await client.query('DELETE FROM shared.outbox WHERE id = ANY ($1::uuid[])', [rows.map((row) => row.id)]);
    for (const message of liveMessages(events)) await client.query('SELECT pg_notify($1, $2)', [LIVE_CHANNEL, message]);
  }

  private async loop(): Promise<void> {
    while (!this.stopping) {
      let wait = IDLE_WAIT;
      try {
        this.poked = false;
        const { rowCount } = await this.pool.query('SELECT FROM shared.outbox WHERE available_at <= now() LIMIT 1');
        if (rowCount && (await this.relay()) > 0) wait = 0;
      } catch (error) {
        if (!this.stopping) this.logger.error(`the outbox cannot be relayed: ${String(error)}`);
        wait = FAILED_WAIT;
      }
      await sleep(PACE); // also while jobs keep poking
      if (!this.stopping && !this.poked && wait > 0) await this.rest(wait);
    }
  }

  private rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
