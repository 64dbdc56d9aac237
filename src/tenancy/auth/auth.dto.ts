import { PERMISSIONS, type PermissionName } from '../../kernel/auth/permissions.js';
import type { Role } from '../../kernel/database/tenant-context.js';
import {
  Choice,
  ChoicesOf,
  Code,
  Count,
  Email,
  Flag,
  Instant,
  OpenData,
  Pattern,
  Secret,
  Text,
  Uuid,
  Uuids,
} from '../../kernel/http/fields.js';
import { TimeZone } from '../tenants/tenant-fields.js';
import { ROLES } from '../users/roles.js';

const REFRESH_TOKEN = /^flxr_[0-9a-f]{48}$/;
const FORM = { es: 'un token de renovación', en: 'a refresh token' };
const EXAMPLE = { example: `flxr_${'0'.repeat(48)}` };

/** Who wants to come in. */
export class LoginDto {
  /**
   * E-mail of the person; capitals do not count.
   * @example 'admin@fluxion-demo.example'
   */
  @Email()
  email: string;

  /** The password. */
  @Secret(1, 200)
  password: string;

  /**
   * Slug or id of the tenant; needed when the e-mail belongs to several and neither X-Tenant nor the subdomain says which.
   * @example 'fluxion-demo'
   */
  @Text(40, { optional: true })
  tenant?: string;
}

/** Tokens of a session. */
export class TokenPairDto {
  /** JWT for `Authorization: Bearer`. */
  @Text(4000)
  accessToken: string;

  /** Gets the next pair from POST /v1/auth/refresh; works once. */
  @Text(60)
  refreshToken: string;

  /**
   * Seconds until the access token expires.
   * @example 900
   */
  @Count(1, 86_400)
  expiresIn: number;
}

/** The token to exchange. */
export class RefreshDto {
  /** The newest refresh token of the session. */
  @Pattern(REFRESH_TOKEN, 60, FORM, EXAMPLE)
  refreshToken: string;
}

/** What to end. */
export class LogoutDto {
  /** A refresh token whose session ends as well. */
  @Pattern(REFRESH_TOKEN, 60, FORM, { optional: true, ...EXAMPLE })
  refreshToken?: string;

  /** Ends every session of the person, on all devices. */
  @Flag({ default: false })
  everywhere: boolean;
}

/** The caller. */
export class MeDto {
  /** Id of the user; of an API key, the person it stands for. */
  @Uuid()
  userId: string;

  /**
   * Slug of the tenant.
   * @example 'fluxion-demo'
   */
  @Code(40)
  tenant: string;

  /** Id of the tenant. */
  @Uuid()
  tenantId: string;

  /**
   * E-mail of the person.
   * @example 'admin@fluxion-demo.example'
   */
  @Email()
  email: string;

  /**
   * Name as people read it.
   * @example 'Administrador'
   */
  @Text(200)
  fullName: string;

  /** Short name in the tenant. */
  @Code(60, { nullable: true })
  username: string | null;

  /** Role that counts for this caller. */
  @Choice(ROLES)
  role: Role;

  /** Stores the caller may touch; null: all of them. */
  @Uuids(1000, { nullable: true })
  storeIds: string[] | null;

  /**
   * Everything the caller may do. Held to some stores, one lacks imports.write and audit.read, and opens no store and marks no day of all
   * stores: `auth.all_stores_required`.
   */
  @ChoicesOf(PERMISSIONS)
  permissions: PermissionName[];

  /** A person with a token, or a program with an API key. */
  @Choice(['http', 'api-key'])
  via: string;

  /** Own time zone; null: the tenant's. */
  @TimeZone({ nullable: true })
  timezone: string | null;

  /** Settings that the person's programs keep here; `locale` (es, en) sets the language of messages. */
  @OpenData()
  preferences: Record<string, unknown>;

  /** When the profile was last changed. */
  @Instant()
  updatedAt: Date;
}

/** Change of the own profile; what is absent stays. */
export class UpdateMeDto {
  /**
   * Name as people read it.
   * @example 'Administrador'
   */
  @Text(200, { optional: true })
  fullName?: string;

  /** Short name in the tenant. */
  @Code(60, { optional: true, nullable: true })
  username?: string | null;

  /** Own time zone; null: the tenant's. */
  @TimeZone({ optional: true, nullable: true })
  timezone?: string | null;

  /** Replaces all preferences. */
  @OpenData({ optional: true })
  preferences?: Record<string, unknown>;
}

/** A new password for oneself. */
export class ChangePasswordDto {
  /** The password until now. */
  @Secret(1, 200)
  currentPassword: string;

  /**
   * 8 characters or more; long beats complicated.
   * @example 'cuatro-palabras-nada-comunes'
   */
  @Secret(8, 200)
  newPassword: string;
}
