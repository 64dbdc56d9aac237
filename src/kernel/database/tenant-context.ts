import { AsyncLocalStorage } from 'node:async_hooks';
import type { ClientBase, QueryResult } from 'pg';

export type TenantStatus = 'provisioning' | 'active' | 'inactive' | 'suspended' | 'deleting';
export type Role = 'admin' | 'manager' | 'user' | 'viewer';
export type Locale = 'es' | 'en';

/** Settings of a tenant that code reads; the column may hold more. */
export interface TenantSettings {
  timezone: string;
  currency: string;
  secondCurrency?: string;
  locale: string;
  negativeStock?: boolean;
  alertHysteresisPercent?: number;
  /** HH:mm in the tenant's time zone */
  forecastTime?: string;
  /** ISO 8601: 1 = Monday ... 7 = Sunday */
  forecastFullRunWeekday?: number;
  [key: string]: unknown;
}

/** What every layer needs to know of a tenant. Immutable: a change makes a new object. */
export interface TenantRef {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly schema: string;
  readonly role: string;
  readonly status: TenantStatus;
  readonly plan: string;
  readonly settings: TenantSettings;
}

/** Who acts. Travels to the database as the one JSON setting `app.actor`, which audit triggers and per-user policies read. */
export interface Actor {
  /** user id; null for jobs */
  user: string | null;
  role: Role | null;
  /** stores the actor may touch; null = all */
  stores: string[] | null;
  /** 'http', 'api-key', 'job:<name>', 'cli' */
  via: string;
  request?: string;
  ip?: string;
  agent?: string;
}

/** The running transaction of a context; statements of this context join it. */
export interface ActiveTransaction {
  query(text: string, values?: unknown[], name?: string): Promise<QueryResult>;
  /** Sends a statement with the COMMIT, in one write; what it refuses undoes the transaction. */
  queryAtCommit(text: string, values?: unknown[], name?: string): void;
  /** Runs once the transaction is committed; never after a rollback. */
  afterCommit(work: () => void | Promise<void>): void;
}

/** One unit of execution: an HTTP request, a job or a command. */
export interface ExecutionScope {
  requestId: string;
  locale: Locale;
  tenant?: TenantRef;
  actor?: Actor;
  permissions?: ReadonlySet<string>;
  transaction?: ActiveTransaction;
  /**
   * Notes the answer of a request with an Idempotency-Key in the transaction of `client`, which does the request's work: both are
   * committed or neither. Only there while no tenant is known; in a tenant the request's own transaction does it.
   */
  noteAnswer?: (client: ClientBase, body: unknown) => Promise<void>;
}

const storage = new AsyncLocalStorage<ExecutionScope>();

export class NoTenantError extends Error {
  constructor() {
    super('no tenant in the current context');
    this.name = 'NoTenantError';
  }
}

/** Runs `work` in the given scope; everything awaited inside sees it. */
export function runInScope<T>(scope: ExecutionScope, work: () => T): T {
  return storage.run(scope, work);
}

export function currentScope(): ExecutionScope | undefined {
  return storage.getStore();
}

/** The scope with a tenant, or NoTenantError: forgetting the tenant must never reach the database. */
export function tenantScope(): ExecutionScope & { tenant: TenantRef; actor: Actor } {
  const scope = storage.getStore();
  if (!scope?.tenant || !scope.actor) throw new NoTenantError();
  return scope as ExecutionScope & { tenant: TenantRef; actor: Actor };
}

/** Runs `work` as `actor` of `tenant` (jobs, commands). A fresh scope: it never joins the caller's transaction. */
export function runAsTenant<T>(
  tenant: TenantRef,
  actor: Actor,
  work: () => T,
  options: { requestId?: string; locale?: Locale } = {},
): T {
  const locale: Locale = options.locale ?? (tenant.settings.locale.startsWith('en') ? 'en' : 'es');
  return storage.run({ requestId: options.requestId ?? actor.request ?? actor.via, locale, tenant, actor }, work);
}
