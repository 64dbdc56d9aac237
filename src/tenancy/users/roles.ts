import type { Role } from '../../kernel/database/tenant-context.js';

/** The roles, the one that may least first. */
export const ROLES: readonly Role[] = ['viewer', 'user', 'manager', 'admin'];

/** The one of two roles that may less. */
export function lowerRole(one: Role, other: Role): Role {
  return ROLES.indexOf(one) < ROLES.indexOf(other) ? one : other;
}
