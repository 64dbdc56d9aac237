import type { Writable } from 'node:stream';
import type { PoolClient, QueryConfig, QueryResult } from 'pg';
import { unansweredAfter } from './bounds.js';
import { ask, flightSettings, fly, isConnectionError, PoisonedConnectionError } from './flight.js';
import type { ActiveTransaction, Actor, TenantRef } from './tenant-context.js';
import type { Lease, TenantPool } from './tenant-pool.js';

/** COMMIT of a failed transaction answers ROLLBACK without an error: nothing was kept. */
export class TransactionLostError extends Error {
  constructor() {
    super('the transaction had failed and was rolled back');
    this.name = 'TransactionLostError';
  }
}

/** Each attempt uses up one poisoned connection, and only an injected statement makes one: more than a pool has of them. */
const MOST_ATTEMPTS = 20;

export interface SessionTarget {
  pool: TenantPool;
  tenant: TenantRef;
  actor: Actor;
  timeoutMs: number;
}

/** One statement in its own implicit transaction; once more on another connection where this one refused the settings. */
export async function runFlight(target: SessionTarget, config: QueryConfig): Promise<QueryResult> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await flyOnce(target, config);
    } catch (error) {
      if (!(error instanceof PoisonedConnectionError) || attempt === MOST_ATTEMPTS) throw error;
    }
  }
}

async function flyOnce({ pool, tenant, actor, timeoutMs }: SessionTarget, config: QueryConfig): Promise<QueryResult> {
  const lease = await pool.acquire(tenant.id);
  let destroy = false;
  lease.expect(unansweredAfter(timeoutMs));
  try {
    return await fly(lease.client, flightSettings(tenant, actor, timeoutMs), config, { begin: false, prepared: pool.prepared });
  } catch (error) {
    destroy = isConnectionError(error);
    throw error;
  } finally {
    lease.release(destroy);
  }
}

/**
 * Sends in the turn's one write what is sent in the same turn: with a pipelining client, statements that do not wait for each other share a
 * round trip. A server skips what follows a failed statement of a transaction, so none of them can outlive it.
 */
function send(client: PoolClient, statement: QueryConfig | 'COMMIT'): Promise<QueryResult> {
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection;
  stream.cork();
  process.nextTick(() => stream.uncork());
  return statement === 'COMMIT' ? client.query(statement) : ask(client, statement);
}

interface SentStatement {
  text: string;
  values: unknown[];
  name: string | undefined;
}

/** A transaction of one tenant. Takes a connection and sends BEGIN with the first statement, so that an unused one costs nothing. */
export class TenantTransaction implements ActiveTransaction {
  private lease?: Promise<Lease>;
  private beginning?: Promise<QueryResult>;
  private begun = false;
  /** statements that were sent and not answered yet */
  private asked = 0;
  private broken = false;
  /** the connection, once BEGIN is answered */
  private held?: Lease;
  /** COMMIT, once it is sent */
  private ending?: Promise<void>;
  private readonly closing: QueryConfig[] = [];
  private readonly hooks: (() => void | Promise<void>)[] = [];

  constructor(private readonly target: SessionTarget) {}

  async query(text: string, values: unknown[] = [], name?: string): Promise<QueryResult> {
    return this.run(this.configOf(text, values, name));
  }

  queryAtCommit(text: string, values: unknown[] = [], name?: string): void {
    this.assertOpen();
    this.closing.push(this.configOf(text, values, name));
  }

  afterCommit(work: () => void | Promise<void>): void {
    this.hooks.push(work);
  }

  /**
   * Sends statements with COMMIT behind them, in one write. BEGIN may still have to move to another connection: the first statements of a
   * transaction are sent alone, and COMMIT follows when the work is done.
   */
  last(statements: readonly SentStatement[]): Promise<QueryResult>[] {
    const configs = statements.map(({ text, values, name }) => this.configOf(text, values, name));
    const lease = this.held;
    if (!lease || this.ending) return configs.map((config) => this.run(config));
    // each may wait for the one before; the connection is COMMIT's until it is given back, so this is never taken back
    this.asked++;
    lease.expect(unansweredAfter(this.target.timeoutMs * configs.length));
    const sent = configs.map((config) => this.watched(send(lease.client, config)));
    this.ending = this.end(lease);
    // what the server refuses is told by the statement that failed, or by commit()
    this.ending.catch(() => undefined);
    return sent;
  }

  async commit(): Promise<void> {
    const first = this.beginning ? undefined : this.closing.shift();
    if (first) {
      await this.run(first).catch(async (error: unknown) => {
        await this.rollback();
        throw error;
      });
    }
    const lease = this.ending ? undefined : await this.lease;
    if (lease && this.begun) {
      this.expect(lease);
      this.ending = this.end(lease);
    } else lease?.release();
    await this.ending;
    for (const hook of this.hooks) await hook();
  }

  async rollback(): Promise<void> {
    // the server rolls back what its COMMIT finds failed
    if (this.ending) return this.ending.catch(() => undefined);
    const lease = await this.lease?.catch(() => undefined);
    if (!lease) return;
    if (this.begun && !this.broken) {
      this.expect(lease);
      await lease.client.query('ROLLBACK').catch(() => {
        this.broken = true;
      });
    }
    lease.release(this.broken);
  }

  private assertOpen(): void {
    if (this.ending) throw new Error('a statement after the last of its transaction');
  }

  private configOf(text: string, values: unknown[], name?: string): QueryConfig {
    return { text, values, name: this.target.pool.prepared ? name : undefined };
  }

  private expect(lease: Lease): void {
    lease.expect(unansweredAfter(this.target.timeoutMs));
  }

  private async run(config: QueryConfig): Promise<QueryResult> {
    this.assertOpen();
    let lease: Lease | undefined;
    this.asked++;
    try {
      if (!this.beginning) return await (this.beginning = this.begin(config));
      // the first statement may have to move to another connection: none overtakes it
      if (!this.begun) await this.beginning.catch(() => undefined);
      // at once where that is possible: nothing that is sent later overtakes it, COMMIT least of all
      lease = this.held ?? (await this.lease!);
      this.expect(lease);
      return await send(lease.client, config);
    } catch (error) {
      this.broken ||= isConnectionError(error);
      throw error;
    } finally {
      // work of our own between two statements may take its time
      if (--this.asked === 0) lease?.expect(Infinity);
    }
  }

  private async begin(config: QueryConfig): Promise<QueryResult> {
    const { pool, tenant, actor, timeoutMs } = this.target;
    for (let attempt = 1; ; attempt++) {
      const lease = await (this.lease = pool.acquire(tenant.id));
      this.expect(lease);
      try {
        const result = await fly(lease.client, flightSettings(tenant, actor, timeoutMs), config, {
          begin: true,
          prepared: pool.prepared,
        });
        this.begun = true;
        this.held = lease;
        lease.expect(Infinity);
        return result;
      } catch (error) {
        if (!(error instanceof PoisonedConnectionError) || attempt === MOST_ATTEMPTS) {
          this.begun = true;
          throw error;
        }
        lease.release(true);
      }
    }
  }

  private async watched(sent: Promise<QueryResult>): Promise<QueryResult> {
    try {
      return await sent;
    } catch (error) {
      this.broken ||= isConnectionError(error);
      throw error;
    }
  }

  private async end(lease: Lease): Promise<void> {
    try {
      await this.sendCommit(lease.client);
    } catch (error) {
      this.broken ||= isConnectionError(error) && !(error instanceof TransactionLostError);
      throw error;
    } finally {
      lease.release(this.broken);
    }
  }

  /** COMMIT with the statements that go with it, in one write. What one of them refuses undoes all. */
  private async sendCommit(client: PoolClient): Promise<void> {
    const sent = [...this.closing.map((config) => send(client, config)), send(client, 'COMMIT')];
    const results = await Promise.allSettled(sent);
    const refused = results.find((result) => result.status === 'rejected');
    if (refused) throw refused.reason;
    const last = results.at(-1) as PromiseFulfilledResult<QueryResult>;
    if (last.value.command !== 'COMMIT') throw new TransactionLostError();
  }
}
