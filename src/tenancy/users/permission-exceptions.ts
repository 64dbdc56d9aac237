import { isPermission, PERMISSIONS, permissionsOf, type PermissionName } from '../../kernel/auth/permissions.js';
import type { Role } from '../../kernel/database/tenant-context.js';

/** What one person may do beyond the role, and what of the role not. */
export interface PermissionExceptions {
  grant: PermissionName[];
  revoke: PermissionName[];
}

/** Whoever holds one of these can make administrators: they come with the role only. */
const ADMIN_ONLY: readonly PermissionName[] = ['users.write', 'settings.write'];

/** What may be granted or revoked to one person. */
export const EXCEPTIONAL: readonly PermissionName[] = PERMISSIONS.filter((name) => !ADMIN_ONLY.includes(name));

/** Reads the stored form; names that are none (any more) count for nothing. */
export function readExceptions(stored: { grant?: unknown; revoke?: unknown } | null | undefined): PermissionExceptions {
  return { grant: permissionsIn(stored?.grant), revoke: permissionsIn(stored?.revoke) };
}

function permissionsIn(list: unknown): PermissionName[] {
  return Array.isArray(list) ? list.filter((name) => typeof name === 'string' && isPermission(name)) : [];
}

/** The role's permissions, with what is granted and without what is revoked. An administrator always has all. */
export function effectivePermissions(role: Role, { grant, revoke }: PermissionExceptions): ReadonlySet<PermissionName> {
  const own = permissionsOf(role);
  if (role === 'admin') return own;
  const all = new Set([...own, ...grant.filter((name) => EXCEPTIONAL.includes(name))]);
  for (const name of revoke) all.delete(name);
  return all;
}
