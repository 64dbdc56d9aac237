import { Injectable } from '@nestjs/common';
import type { QueryResult } from 'pg';
import { DataSource, type EntityTarget, type ObjectLiteral, type Repository } from 'typeorm';
import { Statement } from './statement.js';
import { runInScope, tenantScope } from './tenant-context.js';
import { TenantPool } from './tenant-pool.js';
import { runFlight, TenantTransaction, type SessionTarget } from './tenant-session.js';
import { statementTimeout } from './statement-timeout.js';

/**
 * Sends the last statements of a transaction with its COMMIT, in one round trip: the locks that they take are held no longer than they run.
 * Only for statements of which every refusal is an error of the server, because then the server rolls back instead. Work that joined a
 * transaction cannot end it: there they share a round trip only. A connection lost before the answer leaves open whether they are kept.
 * @returns their answers
 * @throws what the first of them was refused for; those behind it fail because of it
 */
export type Last = <T extends readonly unknown[]>(...statements: { [K in keyof T]: Statement<T[K]> }) => Promise<T>;

async function answers<T extends readonly unknown[]>(
  statements: readonly Statement<unknown>[],
  sent: readonly Promise<QueryResult>[],
): Promise<T> {
  const settled = await Promise.allSettled(sent);
  return settled.map((one, index) => {
    const statement = statements[index]!;
    if (one.status === 'rejected') throw statement.refusal(one.reason);
    return statement.answer(one.value.rows as unknown[]);
  }) as unknown as T;
}

/** The tenant's database for the current scope: every statement carries the tenant's role, search path and settings. */
@Injectable()
export class UnitOfWork {
  constructor(
    private readonly pool: TenantPool,
    private readonly dataSource: DataSource,
  ) {}

  /** Rows of one statement; joins the running transaction, else one flight. A `name` makes it a prepared statement. */
  async query<R>(sql: string, values: unknown[] = [], name?: string): Promise<R[]> {
    return (await this.execute(sql, values, name)).rows as R[];
  }

  /** One statement, as `query`. */
  async run<T>(statement: Statement<T>): Promise<T> {
    try {
      return statement.answer(await this.query(statement.text, statement.values, statement.name));
    } catch (error) {
      throw statement.refusal(error);
    }
  }

  async execute(sql: string, values: unknown[] = [], name?: string): Promise<QueryResult> {
    const scope = tenantScope();
    if (scope.transaction) return scope.transaction.query(sql, values, name);
    return runFlight(this.target(), { text: sql, values, name });
  }

  /**
   * A statement whose answer nobody waits for, as the running transaction's last word: it travels with the COMMIT, and what it refuses undoes
   * the transaction, whose `transaction()` then throws. Without one it runs at once.
   */
  async executeAtCommit(sql: string, values: unknown[] = [], name?: string): Promise<void> {
    const { transaction } = tenantScope();
    if (transaction) transaction.queryAtCommit(sql, values, name);
    else await this.execute(sql, values, name);
  }

  /**
   * Runs `work` in one transaction of the tenant, or in the one that already runs. Commits when it resolves, else rolls back.
   * Statements of `work`, TypeORM repositories and enqueued jobs all join. Statements that do not wait for each other (Promise.all) run in
   * the order in which they were sent and share a round trip; its last ones may share it with COMMIT.
   */
  async transaction<T>(work: (last: Last) => Promise<T>): Promise<T> {
    const scope = tenantScope();
    const joined = scope.transaction;
    if (joined)
      return work((...statements) =>
        answers(
          statements,
          statements.map(({ text, values, name }) => joined.query(text, values, name)),
        ),
      );
    const transaction = new TenantTransaction(this.target());
    const last: Last = (...statements) => answers(statements, transaction.last(statements));
    let result: T;
    try {
      // a scope of its own: branches of one request that run side by side never share a transaction by accident
      result = await runInScope({ ...scope, transaction }, () => work(last));
    } catch (error) {
      await transaction.rollback();
      throw error;
    }
    await transaction.commit();
    return result;
  }

  /** A part of the running transaction that may fail by itself: its changes are undone, the rest goes on. */
  async savepoint<T>(work: () => Promise<T>): Promise<T> {
    return this.transaction(async () => {
      await this.execute('SAVEPOINT part');
      try {
        const result = await work();
        await this.execute('RELEASE SAVEPOINT part');
        return result;
      } catch (error) {
        await this.execute('ROLLBACK TO SAVEPOINT part');
        throw error;
      }
    });
  }

  /** Runs `work` once the running transaction is committed, or now when there is none. */
  async afterCommit(work: () => void | Promise<void>): Promise<void> {
    const { transaction } = tenantScope();
    if (transaction) transaction.afterCommit(work);
    else await work();
  }

  /** TypeORM repository on the current tenant; joins the running transaction. */
  repository<E extends ObjectLiteral>(entity: EntityTarget<E>): Repository<E> {
    return this.dataSource.getRepository(entity);
  }

  private target(): SessionTarget {
    const { tenant, actor } = tenantScope();
    return { pool: this.pool, tenant, actor, timeoutMs: statementTimeout(tenant, actor) };
  }
}
