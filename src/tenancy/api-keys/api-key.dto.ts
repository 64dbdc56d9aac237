import { PERMISSIONS, type PermissionName } from '../../kernel/auth/permissions.js';
import type { Role } from '../../kernel/database/tenant-context.js';
import { Choice, ChoicesOf, Flag, Instant, Text, Uuid, Uuids } from '../../kernel/http/fields.js';
import { PageQuery } from '../../kernel/http/page.dto.js';
import { ROLES } from '../users/roles.js';

/** Which keys to list. */
export class ApiKeyQuery extends PageQuery {
  /** true: only keys that work; false: only revoked and expired ones. */
  @Flag({ optional: true })
  isActive?: boolean;
}

/** A new key. */
export class CreateApiKeyDto {
  /**
   * What it is for.
   * @example 'Point of sale, Chacao'
   */
  @Text(200)
  name: string;

  /**
   * Role it has at most; absent: that of the person who makes it.
   * @example 'user'
   */
  @Choice(ROLES, { optional: true })
  role?: Role;

  /**
   * Permissions of that role it is narrowed to; absent: all of them.
   * @example ['sales.write', 'catalog.read', 'inventory.read']
   */
  @ChoicesOf(PERMISSIONS, { optional: true, min: 1 })
  scopes?: PermissionName[];

  /** Stores it may touch; null or absent: all of them. A key that is held to some acts as a manager at most. */
  @Uuids(1000, { optional: true, nullable: true, min: 1, example: null })
  storeIds?: string[] | null;

  /** When it stops working; null or absent: never. */
  @Instant({ optional: true, nullable: true, example: null })
  expiresAt?: string | null;
}

/** A key, without its secret. */
export class ApiKeyDto {
  /** Id of the key. */
  @Uuid()
  id: string;

  /**
   * What it is for.
   * @example 'Point of sale, Chacao'
   */
  @Text(200)
  name: string;

  /**
   * How it begins, to recognise it.
   * @example 'flx_9f86d081'
   */
  @Text(20)
  prefix: string;

  /** Role it has at most; never more than that of its person. */
  @Choice(ROLES)
  role: Role;

  /** Permissions it is narrowed to; empty: all of its role. */
  @ChoicesOf(PERMISSIONS)
  scopes: PermissionName[];

  /** Stores it may touch; null: all of them. */
  @Uuids(1000, { nullable: true })
  storeIds: string[] | null;

  /** Whose key it is: it ends with the person. */
  @Uuid({ nullable: true })
  userId: string | null;

  /** When it was made. */
  @Instant()
  createdAt: Date;

  /** When it stops working; null: never. */
  @Instant({ nullable: true })
  expiresAt: Date | null;

  /** When it was revoked; null: it was not. */
  @Instant({ nullable: true })
  revokedAt: Date | null;

  /** When it was last used, to the minute; null: never. */
  @Instant({ nullable: true })
  lastUsedAt: Date | null;

  /** When it was made or revoked. */
  @Instant()
  updatedAt: Date;
}

/** A key and its secret. */
export class CreatedApiKeyDto extends ApiKeyDto {
  /** For `Authorization: Bearer`. It is shown this once. */
  @Text(60)
  token: string;
}
