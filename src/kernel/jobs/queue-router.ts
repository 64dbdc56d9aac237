import type pg from 'pg';
import { currentScope } from '../database/tenant-context.js';

/** What the router needs of the UnitOfWork: joins the running transaction, else one flight. */
export interface TenantStatements {
  execute(sql: string, values?: unknown[], name?: string): Promise<{ rows: unknown[]; rowCount: number | null }>;
  transaction<T>(work: () => Promise<T>): Promise<T>;
}

const CALL = /^\s*SELECT\s+(?:id\s+FROM\s+)?(add_job|add_flow|add_jobs_bulk)\(/m;
const ADD_FLOW = 'SELECT id FROM add_flow($1::jsonb) AS t(id)';
const GATE_ADD_FLOW = 'SELECT id FROM gate.add_flow($1::jsonb) AS t(id)';
const GATE_ADD_JOB = 'SELECT gate.add_job($1, $2, $3, $4::jsonb, $5::jsonb, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) AS id';

/**
 * The pool that Queue and FlowProducer are given. Inside a tenant's scope an enqueue becomes a call of the gate in the tenant's own
 * transaction and nothing else is possible; outside, it is the queue's pool. Workers get that pool itself, never this.
 */
export class QueueRouter {
  constructor(
    private readonly pool: pg.Pool,
    private readonly tenants: TenantStatements,
  ) {}

  get options(): pg.PoolOptions {
    return this.pool.options;
  }

  async query(text: string, values: unknown[] = []): Promise<{ rows: unknown[]; rowCount: number | null }> {
    const call = CALL.exec(text)?.[1];
    // add_jobs_bulk makes a sequence and temporary tables: a bulk is a flow without parents, for everybody
    const params = call === 'add_jobs_bulk' ? [values[1]] : values;
    if (!currentScope()?.tenant) return this.pool.query(call === 'add_jobs_bulk' ? ADD_FLOW : text, params);
    if (!call) throw new Error('only an enqueue is possible inside a tenant scope');
    return call === 'add_job'
      ? this.tenants.execute(GATE_ADD_JOB, params, 'gate_add_job')
      : this.tenants.execute(GATE_ADD_FLOW, params, 'gate_add_flow');
  }

  connect(): Promise<pg.PoolClient> {
    return this.pool.connect();
  }

  on(event: 'error' | 'connect', listener: (value: never) => void): this {
    if (event === 'error') this.pool.on('error', listener as (error: Error) => void);
    return this;
  }

  removeAllListeners(): this {
    return this;
  }

  /** the pool outlives its queues */
  end(): Promise<void> {
    return Promise.resolve();
  }
}
