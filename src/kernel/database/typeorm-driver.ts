import pg from 'pg';
import type { PoolClient, QueryResult } from 'pg';
import { currentScope, NoTenantError, tenantScope, type ActiveTransaction } from './tenant-context.js';
import type { TenantPool } from './tenant-pool.js';
import { runFlight, TenantTransaction, type SessionTarget } from './tenant-session.js';
import { statementTimeout } from './statement-timeout.js';

type Release = (error?: unknown) => void;
type Connected = (error: Error | undefined, client: unknown, release: Release) => void;

const listeners = { on: () => undefined, removeListener: () => undefined };

/** What a TypeORM query runner sees outside a unit of work: flights, and a transaction that begins with its first statement. */
class TenantClient {
  readonly on = listeners.on;
  readonly removeListener = listeners.removeListener;
  private transaction?: TenantTransaction;

  constructor(private readonly target: SessionTarget) {}

  async query(text: string, values?: unknown[]): Promise<QueryResult | { rows: never[]; command: string }> {
    const { transaction } = this;
    if (text === 'START TRANSACTION') this.transaction = new TenantTransaction(this.target);
    else if (!transaction) return runFlight(this.target, { text, values });
    else if (text === 'COMMIT') await this.end((ended) => ended.commit());
    else if (text === 'ROLLBACK') await this.end((ended) => ended.rollback());
    else return transaction.query(text, values);
    return { rows: [], command: text };
  }

  /** A runner released in the middle of a transaction gave it up. */
  async release(): Promise<void> {
    await this.end((left) => left.rollback());
  }

  private async end(how: (transaction: TenantTransaction) => Promise<void>): Promise<void> {
    const { transaction } = this;
    this.transaction = undefined;
    if (transaction) await how(transaction);
  }
}

/** What a TypeORM query runner sees inside a unit of work: the running transaction; its own transactions become savepoints. */
class JoinedClient {
  readonly on = listeners.on;
  readonly removeListener = listeners.removeListener;

  constructor(private readonly transaction: ActiveTransaction) {}

  query(text: string, values?: unknown[]): Promise<QueryResult> {
    if (text === 'START TRANSACTION') return this.transaction.query('SAVEPOINT typeorm');
    if (text === 'COMMIT') return this.transaction.query('RELEASE SAVEPOINT typeorm');
    if (text === 'ROLLBACK') return this.transaction.query('ROLLBACK TO SAVEPOINT typeorm');
    return this.transaction.query(text, values);
  }
}

/**
 * pg for TypeORM's `driver` option, whose Pool is the TenantPool. Until `initialized` is called TypeORM's own questions
 * (server version) run as the bare login; after that a statement without a tenant throws.
 */
export function typeOrmDriver(pool: TenantPool): { driver: object; initialized: () => void } {
  let ready = false;
  class Pool {
    on(): void {}

    connect(connected: Connected): void {
      const scope = currentScope();
      if (scope?.tenant) {
        if (scope.transaction) return connected(undefined, new JoinedClient(scope.transaction), () => undefined);
        const { tenant, actor } = tenantScope();
        const client = new TenantClient({ pool, tenant, actor, timeoutMs: statementTimeout(tenant, actor) });
        return connected(undefined, client, () => void client.release());
      }
      if (ready) return connected(new NoTenantError(), undefined, () => undefined);
      pool.acquire('').then(
        (lease) => connected(undefined, lease.client satisfies PoolClient, (error) => lease.release(Boolean(error))),
        (error: Error) => connected(error, undefined, () => undefined),
      );
    }

    end(ended: (error?: Error) => void): void {
      ended(); // the pool outlives the data source: its owner ends it
    }
  }
  return { driver: { ...pg, Pool, defaults: pg.defaults, types: pg.types }, initialized: () => (ready = true) };
}
