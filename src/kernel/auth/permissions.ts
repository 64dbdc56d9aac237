import type { Role } from '../database/tenant-context.js';

/** What a role may do, as data. `<area>.<verb>`. */
export const PERMISSIONS = [
  'catalog.read',
  'catalog.write',
  'inventory.read',
  'inventory.write',
  'inventory.approve',
  'sales.read',
  'sales.write',
  'sales.approve',
  'purchasing.read',
  'purchasing.write',
  'purchasing.approve',
  'forecasts.read',
  'forecasts.write',
  'alerts.read',
  'alerts.write',
  'alerts.configure',
  'imports.read',
  'imports.write',
  'reports.read',
  'users.read',
  'users.write',
  'settings.read',
  'settings.write',
  'audit.read',
] as const;

export type PermissionName = (typeof PERMISSIONS)[number];

const ADMIN_ONLY: readonly PermissionName[] = ['users.write', 'settings.write', 'audit.read'];
const HIDDEN_FROM_VIEWERS: readonly PermissionName[] = ['users.read', 'audit.read'];

export const ROLE_PERMISSIONS: Readonly<Record<Role, readonly PermissionName[]>> = {
  admin: PERMISSIONS,
  manager: PERMISSIONS.filter((name) => !ADMIN_ONLY.includes(name)),
  user: [
    'catalog.read',
    'inventory.read',
    'sales.read',
    'alerts.read',
    'forecasts.read',
    'sales.write',
    'inventory.write',
    'alerts.write',
  ],
  viewer: PERMISSIONS.filter((name) => name.endsWith('.read') && !HIDDEN_FROM_VIEWERS.includes(name)),
};

/** Whatever these allow concerns the whole company (`assertAllStores`): of no use to somebody who is held to some stores. */
const COMPANY_WIDE: readonly PermissionName[] = ['imports.write', 'audit.read'];

/** What of these permissions is of use to somebody with access to those stores; null: to all. */
export function usable(permissions: Iterable<PermissionName>, stores: readonly string[] | null): PermissionName[] {
  return [...permissions].filter((name) => stores === null || !COMPANY_WIDE.includes(name));
}

const known = new Set<string>(PERMISSIONS);

export function isPermission(name: string): name is PermissionName {
  return known.has(name);
}

/**
 * The permissions of a person: the role's, or a given list cut to what the role allows (a user's own list, an API key's scopes).
 * A list never grants more than its role.
 */
export function permissionsOf(role: Role, only?: readonly string[] | null): ReadonlySet<PermissionName> {
  const granted = ROLE_PERMISSIONS[role];
  return new Set(only ? granted.filter((name) => only.includes(name)) : granted);
}
