import type { Locale, Role, TenantRef } from '../database/tenant-context.js';

/** Who a token or API key stands for, once verified. Immutable: it is cached and shared by requests. */
export interface Principal {
  readonly tenantId: string;
  /** user of the tenant; null for an API key of the tenant itself */
  readonly userId: string | null;
  readonly role: Role;
  /** stores the caller may touch; null = all */
  readonly stores: readonly string[] | null;
  readonly permissions: ReadonlySet<string>;
  readonly via: 'http' | 'api-key';
  /** milliseconds since 1970 after which it is no longer valid */
  readonly expiresAt: number;
  /** the person's language, when known */
  readonly locale?: Locale;
}

/**
 * What the tenancy feature tells the kernel about callers and tenants.
 * Both may answer at once (cached) or later; a synchronous answer saves a request one turn of the event loop.
 */
export interface Authenticator {
  /** Verifies a JWT or API key. Throws ProblemError auth.invalid_token or auth.expired_token. Asked at every request: it keeps what it verified itself. */
  authenticate(credential: string): Principal | Promise<Principal>;
  /** The tenant as it is now: a suspension must show within a second. */
  tenant(id: string): TenantRef | undefined | Promise<TenantRef | undefined>;
}

/** Injection token of the Authenticator. */
export const AUTHENTICATOR = Symbol('AUTHENTICATOR');
