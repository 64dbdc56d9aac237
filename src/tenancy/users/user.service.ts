import { Injectable } from '@nestjs/common';
import { assertAllStores } from '../../kernel/auth/store-scope.js';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import { invalid, notFound, registerConstraints } from '../../kernel/errors/index.js';
import { CursorCodec } from '../../kernel/http/cursor-codec.js';
import { assertMatch } from '../../kernel/http/etag.js';
import type { Page } from '../../kernel/http/page.js';
import { AuditTrail } from '../audit/audit-trail.js';
import { PasswordHasher } from '../auth/password-hasher.js';
import { assertStrong } from './password-policy.js';
import { readExceptions } from './permission-exceptions.js';
import type { CreateUserDto, UpdateUserDto, UserDto, UserQuery } from './user.dto.js';
import { UserRepository, type UserChanges, type UserRow } from './user.repository.js';

registerConstraints({
  tenant_users_email_key: { code: 'users.email_taken', pointer: '/email' },
  users_email_key: { code: 'users.email_taken', pointer: '/email' },
  users_username_key: { code: 'users.username_taken', pointer: '/username' },
  tenant_users_last_admin: { code: 'users.last_admin', pointer: '/role' },
  users_store_ids_fkey: { code: 'http.validation_failed', pointer: '/storeIds' },
});

const OPERATION = 'listUsers';
const NONE = { grant: [], revoke: [] };

/** People of the tenant. A change of role, stores, permissions or activity takes effect in every process within a second. */
@Injectable()
export class UserService {
  constructor(
    private readonly unit: UnitOfWork,
    private readonly users: UserRepository,
    private readonly hasher: PasswordHasher,
    private readonly cursors: CursorCodec,
    private readonly audit: AuditTrail,
  ) {}

  async list({ limit, cursor, ...filter }: UserQuery): Promise<Page<UserDto>> {
    const after = this.cursors.after(OPERATION, cursor)?.[0] as string | undefined;
    const page = this.cursors.page(OPERATION, await this.users.list(filter, after, limit), limit, (last) => [last.id]);
    return { ...page, data: page.data.map(present) };
  }

  async get(id: string): Promise<UserDto> {
    const row = await this.users.find(id);
    if (!row) throw notFound();
    return present(row);
  }

  async create({ password, ...given }: CreateUserDto): Promise<UserDto> {
    // a key that is held to some stores would make itself somebody who is not
    assertAllStores();
    assertStrong(password, '/password', { email: given.email, name: given.fullName });
    const changes = rolesRule(given.role, given);
    // before the transaction: hashing takes longer than all of it
    const hash = await this.hasher.hash(password);
    const id = await this.unit.transaction(() => this.users.create(changes, hash));
    return this.get(id);
  }

  async update(id: string, ifMatch: string, { password, ...given }: UpdateUserDto): Promise<UserDto> {
    assertAllStores();
    const hash = password === undefined ? undefined : await this.hasher.hash(password);
    await this.unit.transaction(async () => {
      const row = await this.locked(id, ifMatch);
      if (password !== undefined) {
        assertStrong(password, '/password', { email: given.email ?? row.email, name: given.fullName ?? row.fullName });
      }
      await this.users.update(id, rolesRule(given.role ?? row.role, given));
      if (hash !== undefined) await this.resetPassword(id, hash);
    });
    return this.get(id);
  }

  /** Others refer to a person: the person stays, and cannot log in any more. */
  async deactivate(id: string, ifMatch: string): Promise<void> {
    assertAllStores();
    await this.unit.transaction(async () => {
      await this.locked(id, ifMatch);
      await this.users.update(id, { isActive: false });
    });
  }

  private async resetPassword(id: string, hash: string): Promise<void> {
    await this.users.setPassword(id, hash, null);
    await this.audit.note('user', id, 'password_changed');
  }

  private async locked(id: string, ifMatch: string): Promise<UserRow> {
    const row = await this.users.find(id, true);
    if (!row) throw notFound();
    assertMatch(ifMatch, row);
    return row;
  }
}

/** An administrator has every store and no exceptions; a person who becomes one loses both. */
function rolesRule(role: string, changes: UserChanges): UserChanges {
  if (role !== 'admin') return changes;
  if (changes.storeIds) throw invalid({ pointer: '/storeIds', code: 'field.not_allowed' });
  const { grant, revoke } = readExceptions(changes.permissions);
  if (grant.length + revoke.length > 0) throw invalid({ pointer: '/permissions', code: 'field.not_allowed' });
  return { ...changes, storeIds: null, permissions: NONE };
}

function present(row: UserRow): UserDto {
  const { id, email, username, fullName, role, storeIds, timezone, isActive, lastLoginAt, createdAt, updatedAt } = row;
  const permissions = readExceptions(row.permissions);
  return { id, email, username, fullName, role, storeIds, permissions, timezone, isActive, lastLoginAt, createdAt, updatedAt };
}
