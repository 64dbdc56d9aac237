import { PartialType } from '@nestjs/swagger';
import type { PermissionName } from '../../kernel/auth/permissions.js';
import type { Role } from '../../kernel/database/tenant-context.js';
import { Choice, ChoicesOf, Code, Email, Flag, Instant, Part, Secret, Text, Uuid, Uuids } from '../../kernel/http/fields.js';
import { PageQuery } from '../../kernel/http/page.dto.js';
import { TimeZone } from '../tenants/tenant-fields.js';
import { EXCEPTIONAL } from './permission-exceptions.js';
import { ROLES } from './roles.js';

/** Exceptions to what the role allows. */
export class PermissionExceptionsDto {
  /** Permissions beyond the role; users.write and settings.write come with the role admin only. */
  @ChoicesOf(EXCEPTIONAL, { default: [], example: [] })
  grant: PermissionName[];

  /** Permissions of the role that this person does not have. */
  @ChoicesOf(EXCEPTIONAL, { default: [], example: [] })
  revoke: PermissionName[];
}

/** Which users to list. */
export class UserQuery extends PageQuery {
  /**
   * Part of the name, e-mail or user name; case and accents do not count.
   * @example 'ana'
   */
  @Text(100, { optional: true })
  q?: string;

  /** Users of this role. */
  @Choice(ROLES, { optional: true })
  role?: Role;

  /** Only those who may log in, or only those who may not. */
  @Flag({ optional: true })
  isActive?: boolean;
}

/** A person of the tenant. */
export class UserDto {
  /** Id of the user. */
  @Uuid()
  id: string;

  /**
   * E-mail to log in with.
   * @example 'maria@fluxion-demo.example'
   */
  @Email()
  email: string;

  /**
   * Short name, unique in the tenant.
   * @example 'maria'
   */
  @Code(60, { nullable: true })
  username: string | null;

  /**
   * Name as people read it.
   * @example 'María Pérez'
   */
  @Text(200)
  fullName: string;

  /** What the person may do; see also permissions. */
  @Choice(ROLES)
  role: Role;

  /** Stores the person works with; null: all of them. */
  @Uuids(1000, { nullable: true })
  storeIds: string[] | null;

  /** Exceptions to the role. */
  @Part(PermissionExceptionsDto)
  permissions: PermissionExceptionsDto;

  /**
   * Own time zone; null: the tenant's.
   * @example 'America/Caracas'
   */
  @TimeZone({ nullable: true })
  timezone: string | null;

  /** Whether the person may log in. */
  @Flag()
  isActive: boolean;

  /** Last log-in; null: never. */
  @Instant({ nullable: true })
  lastLoginAt: Date | null;

  /** When the person was added. */
  @Instant()
  createdAt: Date;

  /** When something of the above was last changed, log-ins aside. */
  @Instant()
  updatedAt: Date;
}

class UserChangesDto {
  /**
   * E-mail to log in with, unique in the tenant.
   * @example 'maria@fluxion-demo.example'
   */
  @Email()
  email: string;

  /**
   * Name as people read it.
   * @example 'María Pérez'
   */
  @Text(200)
  fullName: string;

  /**
   * What the person may do.
   * @example 'user'
   */
  @Choice(ROLES)
  role: Role;

  /**
   * Password to begin with, 8 characters or more.
   * @example 'cuatro-palabras-nada-comunes'
   */
  @Secret(8, 200)
  password: string;

  /**
   * Short name, unique in the tenant.
   * @example 'maria'
   */
  @Code(60, { optional: true, nullable: true })
  username?: string | null;

  /** Stores the person works with; null or absent: all of them. An administrator always has all. */
  @Uuids(1000, { optional: true, nullable: true, example: null })
  storeIds?: string[] | null;

  /** Exceptions to the role; an administrator has none. */
  @Part(PermissionExceptionsDto, { optional: true })
  permissions?: PermissionExceptionsDto;

  /**
   * Own time zone; null: the tenant's.
   * @example 'America/Caracas'
   */
  @TimeZone({ optional: true, nullable: true })
  timezone?: string | null;
}

/** A new person of the tenant. */
export class CreateUserDto extends UserChangesDto {}

/** Change of a person; what is absent stays. A new password ends all sessions of the person. */
export class UpdateUserDto extends PartialType(UserChangesDto) {
  /** Whether the person may log in. */
  @Flag({ optional: true })
  isActive?: boolean;
}
