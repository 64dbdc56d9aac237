import type { TenantRef } from '../database/tenant-context.js';

/** Injection token of the TenantDirectory; tenancy provides it. */
export const TENANT_DIRECTORY = Symbol('TENANT_DIRECTORY');

/** Finds tenants for code that starts without a request: jobs, schedules, commands. */
export interface TenantDirectory {
  /** undefined when there is none (any more) */
  byId(id: string): Promise<TenantRef | undefined>;
  /** undefined when there is none of that name */
  bySlug(slug: string): Promise<TenantRef | undefined>;
  /** every active tenant, in batches by the implementation's choice */
  active(): AsyncIterable<TenantRef>;
}
