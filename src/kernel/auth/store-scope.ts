import { tenantScope } from '../database/tenant-context.js';
import { notFound, ProblemError } from '../errors/problem-error.js';

/** Stores the caller may touch; null = all. Queries take it as a parameter: `($1::uuid[] IS NULL OR store_id = ANY ($1))`. */
export function storeScope(): string[] | null {
  return tenantScope().actor.stores;
}

/** Whether the caller may touch the store. */
export function isStoreAllowed(storeId: string): boolean {
  const stores = storeScope();
  return stores === null || stores.includes(storeId);
}

/** A store beyond the caller's scope answers as one that does not exist. */
export function assertStoreAllowed(...storeIds: (string | null | undefined)[]): void {
  for (const storeId of storeIds) {
    if (storeId && !isStoreAllowed(storeId)) throw notFound();
  }
}

/**
 * For what concerns the whole company: somebody who is held to some stores is refused, whatever the role.
 * @throws ProblemError auth.all_stores_required
 */
export function assertAllStores(): void {
  if (storeScope() !== null) throw new ProblemError('auth.all_stores_required');
}
