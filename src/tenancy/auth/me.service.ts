import { Injectable } from '@nestjs/common';
import { type PermissionName, usable } from '../../kernel/auth/permissions.js';
import { tenantScope } from '../../kernel/database/tenant-context.js';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import { notFound, ProblemError } from '../../kernel/errors/index.js';
import { assertMatch } from '../../kernel/http/etag.js';
import { AuditTrail } from '../audit/audit-trail.js';
import { assertStrong } from '../users/password-policy.js';
import { UserRepository, type UserRow } from '../users/user.repository.js';
import type { ChangePasswordDto, MeDto, UpdateMeDto } from './auth.dto.js';
import { IdentityRepository } from './identity.repository.js';
import type { OwnSession } from './own-sessions.js';
import { PasswordCheck } from './password-check.js';
import { PasswordHasher } from './password-hasher.js';
import type { Caller } from './session.repository.js';

/** The caller's own person. */
@Injectable()
export class MeService {
  constructor(
    private readonly unit: UnitOfWork,
    private readonly users: UserRepository,
    private readonly identities: IdentityRepository,
    private readonly check: PasswordCheck,
    private readonly hasher: PasswordHasher,
    private readonly audit: AuditTrail,
  ) {}

  async get(): Promise<MeDto> {
    return present(await this.own(false));
  }

  async update(ifMatch: string, changes: UpdateMeDto): Promise<MeDto> {
    await this.unit.transaction(async () => {
      const row = await this.own(true);
      assertMatch(ifMatch, row);
      await this.users.update(row.id, changes);
    });
    return this.get();
  }

  /** @throws ProblemError auth.wrong_password, auth.locked, users.weak_password */
  async changePassword(session: OwnSession, { currentPassword, newPassword }: ChangePasswordDto, caller: Caller): Promise<void> {
    const { email, fullName } = await this.own(false);
    assertStrong(newPassword, '/newPassword', { email, name: fullName });
    const matches = await this.check.matching(await this.identities.byUser(session.userId), currentPassword, caller);
    if (matches.length === 0) throw new ProblemError('auth.wrong_password');
    const hash = await this.hasher.hash(newPassword);
    await this.unit.transaction(async () => {
      await this.users.setPassword(session.userId, hash, session.sessionId);
      await this.audit.note('user', session.userId, 'password_changed');
    });
  }

  private async own(lock: boolean): Promise<UserRow> {
    const { user } = tenantScope().actor;
    const row = user === null ? undefined : await this.users.find(user, lock);
    if (!row) throw notFound();
    return row;
  }
}

/** Role, stores and permissions are those of this request: an API key has less than its person. */
function present({ id, email, fullName, username, timezone, preferences, updatedAt }: UserRow): MeDto {
  const { tenant, actor, permissions } = tenantScope();
  return {
    userId: id,
    tenant: tenant.slug,
    tenantId: tenant.id,
    email,
    fullName,
    username,
    role: actor.role ?? 'viewer',
    storeIds: actor.stores,
    permissions: usable((permissions ?? []) as Iterable<PermissionName>, actor.stores).toSorted(),
    via: actor.via,
    timezone,
    preferences,
    updatedAt,
  };
}
