import type { QueryConfig, QueryResult } from 'pg';
import { flightSettings, fly, PoisonedConnectionError } from './flight.js';
import type { ActiveTransaction, Actor, TenantRef } from './tenant-context.js';
import type { Lease, TenantPool } from './tenant-pool.js';

/** COMMIT of a failed transaction answers ROLLBACK without an error: nothing was kept. */
export class TransactionLostError extends Error {
  constructor() {
    super('the transaction had failed and was rolled back');
    this.name = 'TransactionLostError';
  }
}

/** True when the connection itself is gone or its state unknown: such a client is destroyed, never released. */
export function isConnectionError(error: unknown): boolean {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code !== 'string' || code.length !== 5 || /^(08|57P)/.test(code);
}

export interface SessionTarget {
  pool: TenantPool;
  tenant: TenantRef;
  actor: Actor;
  timeoutMs: number;
}

/** One statement in its own implicit transaction; once more on another connection where this one refused the settings. */
export async function runFlight(target: SessionTarget, config: QueryConfig): Promise<QueryResult> {
  for (;;) {
    try {
      return await flyOnce(target, config);
    } catch (error) {
      // each attempt uses up one poisoned connection, and only an injected statement makes one
      if (!(error instanceof PoisonedConnectionError)) throw error;
    }
  }
}

async function flyOnce({ pool, tenant, actor, timeoutMs }: SessionTarget, config: QueryConfig): Promise<QueryResult> {
  const lease = await pool.acquire(tenant.id);
  let destroy = false;
  try {
    return await fly(lease.client, flightSettings(tenant, actor, timeoutMs), config, { begin: false, prepared: pool.prepared });
  } catch (error) {
    destroy = isConnectionError(error);
    throw error;
  } finally {
    lease.release(destroy);
  }
}

/** A transaction of one tenant. Takes a connection and sends BEGIN with the first statement, so that an unused one costs nothing. */
export class TenantTransaction implements ActiveTransaction {
  private lease?: Promise<Lease>;
  private begun = false;
  private broken = false;
  private readonly hooks: (() => void | Promise<void>)[] = [];

  constructor(private readonly target: SessionTarget) {}

  async query(text: string, values: unknown[] = [], name?: string): Promise<QueryResult> {
    const { pool, tenant } = this.target;
    const lease = await (this.lease ??= pool.acquire(tenant.id));
    const config: QueryConfig = { text, values, name: pool.prepared ? name : undefined };
    try {
      if (this.begun) return await lease.client.query({ ...config, queryMode: 'extended' } as QueryConfig);
      this.begun = true;
      return await this.begin(lease, config);
    } catch (error) {
      this.broken ||= isConnectionError(error);
      throw error;
    }
  }

  /** Sends at once, so that a statement beside this one cannot overtake BEGIN. */
  private async begin(first: Lease, config: QueryConfig): Promise<QueryResult> {
    const { pool, tenant, actor, timeoutMs } = this.target;
    for (let lease = first; ; lease = await (this.lease = pool.acquire(tenant.id))) {
      try {
        return await fly(lease.client, flightSettings(tenant, actor, timeoutMs), config, {
          begin: true,
          prepared: pool.prepared,
        });
      } catch (error) {
        if (!(error instanceof PoisonedConnectionError)) throw error;
        lease.release(true);
      }
    }
  }

  afterCommit(work: () => void | Promise<void>): void {
    this.hooks.push(work);
  }

  async commit(): Promise<void> {
    const lease = await this.lease;
    if (lease && this.begun) {
      try {
        const result = await lease.client.query('COMMIT');
        if (result.command !== 'COMMIT') throw new TransactionLostError();
      } catch (error) {
        this.broken ||= isConnectionError(error) && !(error instanceof TransactionLostError);
        throw error;
      } finally {
        lease.release(this.broken);
      }
    } else lease?.release();
    for (const hook of this.hooks) await hook();
  }

  async rollback(): Promise<void> {
    const lease = await this.lease?.catch(() => undefined);
    if (!lease) return;
    if (this.begun && !this.broken) {
      await lease.client.query('ROLLBACK').catch(() => {
        this.broken = true;
      });
    }
    lease.release(this.broken);
  }
}
