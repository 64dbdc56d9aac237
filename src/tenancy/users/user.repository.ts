import { Injectable } from '@nestjs/common';
import type { Role } from '../../kernel/database/tenant-context.js';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';

/** A user as the tenant's schema keeps it. */
export interface UserRow {
  id: string;
  email: string;
  username: string | null;
  fullName: string;
  role: Role;
  storeIds: string[] | null;
  permissions: { grant?: unknown; revoke?: unknown };
  preferences: Record<string, unknown>;
  timezone: string | null;
  isActive: boolean;
  lastLoginAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

/** Columns to write; absent: unchanged. */
export interface UserChanges {
  email?: string;
  fullName?: string;
  username?: string | null;
  role?: Role;
  isActive?: boolean;
  storeIds?: string[] | null;
  permissions?: object;
  preferences?: object;
  timezone?: string | null;
}

const COLUMNS: Readonly<Record<keyof UserChanges, string>> = {
  email: 'email',
  fullName: 'full_name',
  username: 'username',
  role: 'role',
  isActive: 'is_active',
  storeIds: 'store_ids',
  permissions: 'permissions',
  preferences: 'preferences',
  timezone: 'timezone',
};

const USER = `SELECT id, email, username, full_name AS "fullName", role, store_ids AS "storeIds", permissions, preferences, timezone,
  is_active AS "isActive", last_login_at AS "lastLoginAt", created_at AS "createdAt", updated_at AS "updatedAt" FROM users`;

/** Users of the current tenant. Both halves, the registry's and the tenant's, are written by one function of the gate. */
@Injectable()
export class UserRepository {
  constructor(private readonly unit: UnitOfWork) {}

  /** `lock` holds the row until the transaction ends. Undefined also for a user that the caller may not see. */
  async find(id: string, lock = false): Promise<UserRow | undefined> {
    const sql = `${USER} WHERE id = $1${lock ? ' FOR NO KEY UPDATE' : ''}`;
    return (await this.unit.query<UserRow>(sql, [id], lock ? undefined : 'user_find'))[0];
  }

  /** By id, so in the order in which they were added. */
  list(filter: { q?: string; role?: Role; isActive?: boolean }, after: string | undefined, limit: number): Promise<UserRow[]> {
    return this.unit.query<UserRow>(
      `${USER}
        WHERE ($1::text IS NULL OR ext.immutable_unaccent(concat_ws(' ', full_name, email, username)) ILIKE '%' || ext.immutable_unaccent($1) || '%')
          AND ($2::text IS NULL OR role = $2) AND ($3::boolean IS NULL OR is_active = $3) AND ($4::uuid IS NULL OR id > $4)
        ORDER BY id LIMIT $5`,
      [filter.q?.replaceAll(/[\\%_]/g, '\\$&') ?? null, filter.role ?? null, filter.isActive ?? null, after ?? null, limit + 1],
    );
  }

  async create(changes: UserChanges, passwordHash: string): Promise<string> {
    const [row] = await this.unit.query<{ id: string }>('SELECT gate.save_user(NULL, $1, $2) AS id', [
      columns(changes),
      passwordHash,
    ]);
    return (row as { id: string }).id;
  }

  /** @returns whether the tenant has such a user */
  async update(id: string, changes: UserChanges): Promise<boolean> {
    const [row] = await this.unit.query<{ id: string | null }>('SELECT gate.save_user($1, $2) AS id', [id, columns(changes)]);
    return typeof row?.id === 'string';
  }

  /** Ends every session of the user but the one to keep. */
  async setPassword(id: string, passwordHash: string, keepSession: string | null): Promise<void> {
    await this.unit.execute('SELECT gate.set_password($1, $2, $3)', [id, passwordHash, keepSession]);
  }
}

function columns(changes: UserChanges): string {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  return JSON.stringify(Object.fromEntries(given.map(([key, value]) => [COLUMNS[key as keyof UserChanges], value])));
}
