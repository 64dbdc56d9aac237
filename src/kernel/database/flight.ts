import pg from 'pg';
import type { PoolClient, QueryConfig, QueryResult } from 'pg';
import type { Actor, TenantRef } from './tenant-context.js';

/** Everything a tenant's statement needs to be told; all of it ends with the statement or transaction. */
export interface FlightSettings {
  searchPath: string;
  tenantId: string;
  actor: string;
  timeout: string;
  role: string;
}

// role last: once it is a tenant's, set_config is no longer ours to call
const SETTINGS = `SELECT set_config('search_path', $1, true), set_config('app.current_tenant_id', $2, true), set_config('app.actor', $3, true),
  set_config('statement_timeout', $4, true), set_config('role', $5, true)`;
const BEGIN = 'BEGIN';

const trusted = new WeakSet<TenantRef>();

/** The row rules believe the role. Whoever mixes up the parts of two tenants is stopped here, before anything is sent. */
function assertOneTenant(tenant: TenantRef): void {
  if (trusted.has(tenant)) return;
  if (!tenant.role.endsWith(`_${tenant.id.replaceAll('-', '')}`))
    throw new Error(`the role ${tenant.role} is not that of tenant ${tenant.id}`);
  trusted.add(tenant);
}

export function flightSettings(tenant: TenantRef, actor: Actor, timeoutMs: number): FlightSettings {
  assertOneTenant(tenant);
  return {
    searchPath: `${tenant.schema}, ext`,
    tenantId: tenant.id,
    actor: JSON.stringify(actor),
    timeout: String(timeoutMs),
    role: tenant.role,
  };
}

/** The part of pg's connection that its own Query uses; the published types lack most of it. */
interface WireConnection {
  stream: { cork(): void; uncork(): void; destroy(): void };
  bind(config: { portal: string; statement: string; values: unknown[] }): void;
  execute(config: { portal: string; rows: number }): void;
  parse(config: { text: string; name: string; types?: number[] }): void;
}

/** True when the connection itself is gone or its state unknown: such a client is destroyed, never released. */
export function isConnectionError(error: unknown): boolean {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code !== 'string' || code.length !== 5 || /^(08|57P)/.test(code);
}

/**
 * The preamble itself failed: what an earlier statement left behind (SET ROLE, DEALLOCATE) is in the way. The statement has not run, or
 * within a transaction that was never committed: it may be sent again.
 */
export class PoisonedConnectionError extends Error {
  constructor(cause: Error) {
    super('the connection does not take the settings of a tenant any more', { cause });
    this.name = 'PoisonedConnectionError';
  }
}

type Done = (error: Error | null, result: QueryResult) => void;
interface WireQuery {
  name?: string;
  queryMode?: string;
  submit(connection: WireConnection): Error | null;
  handleError(error: Error, connection: WireConnection): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: WireConnection): void;
}
const BaseQuery = pg.Query as unknown as new (text: string, values: unknown[] | undefined, done: Done) => WireQuery;

/** A statement by the extended protocol, as pg sends it. */
class WireStatement extends BaseQuery {
  constructor({ text, values, name }: QueryConfig, done: Done) {
    // in parts: a config would be copied, property by property, for each statement
    super(text, values, done);
    this.name = name;
    this.queryMode = 'extended';
  }
}

/**
 * A statement of a running transaction. One that pg cannot even send is no error of the server, which would go on with what was sent behind
 * it in the same write, COMMIT too: the connection is cut, and nothing of that write leaves.
 */
class JoinedStatement extends WireStatement {
  override submit(connection: WireConnection): Error | null {
    const unsendable = super.submit(connection);
    if (unsendable) connection.stream.destroy();
    return unsendable;
  }

  override handleError(error: Error, connection: WireConnection): void {
    if (!(error instanceof pg.DatabaseError)) connection.stream.destroy();
    super.handleError(error, connection);
  }
}

/**
 * [BEGIN +] the settings + one statement before ONE Sync, in one write. Without BEGIN the three are one implicit transaction:
 * measured 0.69-0.79 of a bare query against 0.28 for awaited BEGIN, SET and COMMIT.
 * The extended protocol is forced: after a failed preamble the server would skip a simple query and the client would wait for ever.
 */
class Flight extends WireStatement {
  private skip: number;

  constructor(
    private readonly settings: FlightSettings,
    private readonly mode: { begin: boolean; prepared: boolean },
    config: QueryConfig,
    done: Done,
  ) {
    super(config, done);
    this.skip = mode.begin ? 2 : 1;
  }

  override submit(connection: WireConnection): Error | null {
    connection.stream.cork();
    try {
      if (this.mode.begin) this.preamble(connection, 'fx_begin', BEGIN, []);
      const { searchPath, tenantId, actor, timeout, role } = this.settings;
      this.preamble(connection, 'fx_settings', SETTINGS, [searchPath, tenantId, actor, timeout, role]);
      return super.submit(connection);
    } finally {
      connection.stream.uncork();
    }
  }

  override handleDataRow(message: unknown): void {
    if (this.skip === 0) super.handleDataRow(message);
  }

  override handleCommandComplete(message: unknown, connection: WireConnection): void {
    if (this.skip > 0) this.skip--;
    else super.handleCommandComplete(message, connection);
  }

  override handleError(error: Error, connection: WireConnection): void {
    // of a lost connection nobody knows how far the server came: outside a transaction the statement may be committed
    const mayRepeat = this.skip > 0 && (this.mode.begin || !isConnectionError(error));
    super.handleError(mayRepeat ? new PoisonedConnectionError(error) : error, connection);
  }

  private preamble(connection: WireConnection, name: string, text: string, values: unknown[]): void {
    const statement = this.mode.prepared ? name : '';
    if (!this.mode.prepared) connection.parse({ text, name: '' });
    connection.bind({ portal: '', statement, values });
    connection.execute({ portal: '', rows: 0 });
  }
}

/** Sends one flight on a connection that `prepareClient` has made ready. */
export function fly(
  client: PoolClient,
  settings: FlightSettings,
  config: QueryConfig,
  mode: { begin: boolean; prepared: boolean },
): Promise<QueryResult> {
  const statement = mode.prepared ? config : { text: config.text, values: config.values };
  return submit(client, (done) => new Flight(settings, mode, statement, done));
}

/** Sends a statement of a running transaction. */
export function ask(client: PoolClient, config: QueryConfig): Promise<QueryResult> {
  return submit(client, (done) => new JoinedStatement(config, done));
}

function submit(client: PoolClient, make: (done: Done) => WireQuery): Promise<QueryResult> {
  return new Promise((resolve, reject) => {
    const query = make((error, result) => (error ? reject(error) : resolve(result)));
    (client.query as unknown as (query: WireQuery) => void).call(client, query);
  });
}

/** Prepares the preamble's two statements once for each connection; awaited, because a busy client may not be given another query. */
export async function prepareClient(client: PoolClient): Promise<void> {
  await client.query({ name: 'fx_begin', text: BEGIN });
  await client.query({ name: 'fx_settings', text: SETTINGS, values: ['pg_catalog', '', '', '0', 'none'] });
  await client.query('ROLLBACK');
}
