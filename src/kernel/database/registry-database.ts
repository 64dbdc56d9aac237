import { Injectable } from '@nestjs/common';
import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';
import type { PoolClient, QueryResult } from 'pg';
import { endPool } from './bounds.js';
import { isConnectionError } from './flight.js';
import { TransactionLostError } from './tenant-session.js';
import { laneConnection, type DatabaseTopology } from './topology.js';

/** ms; its statements are small, and every request that shows a key or logs in waits for one */
const ANSWER_MS = 30_000;

/** Schema `shared` under the registry's role: sign-up, log-in, keys, sessions. Knows no tenant; never used for a tenant's own rows. */
@Injectable()
export class RegistryDatabase {
  private readonly pool: pg.Pool;
  private readonly current = new AsyncLocalStorage<PoolClient>();

  constructor(topology: DatabaseTopology, max: number) {
    this.pool = new pg.Pool({
      ...laneConnection(topology, 'registry', 'shared,ext'),
      max,
      application_name: 'fluxion registry',
      query_timeout: ANSWER_MS,
    });
    this.pool.on('error', () => undefined); // an idle connection that died: the pool replaces it
    // one that dies between two statements of a transaction would end the process otherwise; the next statement rejects
    this.pool.on('connect', (client) => client.on('error', () => undefined));
  }

  async query<R>(sql: string, values: unknown[] = [], name?: string): Promise<R[]> {
    return (await this.execute(sql, values, name)).rows as R[];
  }

  execute(sql: string, values: unknown[] = [], name?: string): Promise<QueryResult> {
    return (this.current.getStore() ?? this.pool).query({ text: sql, values, name });
  }

  /** Runs `work` in one transaction of the registry, or in the one that already runs. */
  async transaction<T>(work: () => Promise<T>): Promise<T> {
    if (this.current.getStore()) return work();
    const client = await this.pool.connect();
    let broken = false;
    try {
      await client.query('BEGIN');
      const result = await this.current.run(client, work);
      const { command } = await client.query('COMMIT');
      if (command !== 'COMMIT') throw new TransactionLostError();
      return result;
    } catch (error) {
      broken = isConnectionError(error) && (error as { code?: string }).code !== undefined;
      await client.query('ROLLBACK').catch(() => {
        broken = true;
      });
      throw error;
    } finally {
      client.release(broken);
    }
  }

  end(): Promise<void> {
    return endPool(this.pool);
  }
}
