import { Injectable } from '@nestjs/common';
import { RegistryDatabase } from '../../kernel/database/registry-database.js';
import type { Role, TenantStatus } from '../../kernel/database/tenant-context.js';
import { lockSeconds } from './lockout.js';

/** One row of the log-in directory that an e-mail leads to. */
export interface Identity {
  userId: string;
  tenantId: string;
  slug: string;
  tenantName: string;
  tenantStatus: TenantStatus;
  role: Role;
  isActive: boolean;
  passwordHash: string | null;
}

/** An identity whose password may be tried now: the try is counted already. */
export interface Attempt {
  userId: string;
  /** wrong passwords in a row, this try among them */
  failures: number;
}

/** More tenants than this are not tried with one password: the person has to name one. */
const MOST_TENANTS = 10;
const SCHEDULE = Array.from({ length: 20 }, (_, i) => lockSeconds(i + 1));

const IDENTITY = `SELECT u.id AS "userId", u.tenant_id AS "tenantId", t.slug, t.name AS "tenantName", t.status AS "tenantStatus", u.role,
  u.is_active AS "isActive", u.password_hash AS "passwordHash" FROM shared.tenant_users u JOIN shared.tenants t ON t.id = u.tenant_id`;

/** The log-in directory in schema shared. */
@Injectable()
export class IdentityRepository {
  constructor(private readonly registry: RegistryDatabase) {}

  /** The people behind an e-mail: of one tenant (slug or id), or of all. */
  byEmail(email: string, tenant: string | undefined): Promise<Identity[]> {
    return this.registry.query<Identity>(
      `${IDENTITY}
        WHERE u.email = $1::citext AND t.status IN ('active', 'inactive', 'suspended') AND ($2::text IS NULL OR $2 IN (t.slug, t.id::text))
        ORDER BY t.slug LIMIT $3`,
      [email, tenant ?? null, MOST_TENANTS],
      'identities_by_email',
    );
  }

  async byUser(userId: string): Promise<Identity[]> {
    return this.registry.query<Identity>(`${IDENTITY} WHERE u.id = $1`, [userId]);
  }

  /**
   * Counts one try for each identity that is not locked, before the password is looked at: of any number of tries at once only as
   * many as allowed are looked at. A right password takes the count back.
   */
  beginAttempts(userIds: string[]): Promise<Attempt[]> {
    return this.registry.query<Attempt>(
      `UPDATE shared.tenant_users SET failed_logins = failed_logins + 1,
              locked_until = now() + nullif(($2::int[])[least(failed_logins + 1, cardinality($2))], 0) * interval '1 second'
        WHERE id = ANY ($1) AND (locked_until IS NULL OR locked_until <= now())
        RETURNING id AS "userId", failed_logins AS failures`,
      [userIds, SCHEDULE],
      'begin_attempts',
    );
  }

  async forgiveAttempts(userIds: string[]): Promise<void> {
    await this.registry.execute(
      'UPDATE shared.tenant_users SET failed_logins = 0, locked_until = NULL WHERE id = ANY ($1)',
      [userIds],
      'forgive_attempts',
    );
  }

  /** Takes back tries that were counted and could not be made. */
  async withdrawAttempts(userIds: string[]): Promise<void> {
    await this.registry.execute(
      'UPDATE shared.tenant_users SET failed_logins = greatest(failed_logins - 1, 0), locked_until = NULL WHERE id = ANY ($1)',
      [userIds],
    );
  }

  /** Seconds until the first of the identities takes a password again. */
  async lockedFor(userIds: string[]): Promise<number> {
    const [row] = await this.registry.query<{ seconds: number }>(
      `SELECT greatest(1, ceil(extract(epoch FROM min(locked_until) - now())))::int AS seconds FROM shared.tenant_users
        WHERE id = ANY ($1) AND locked_until > now()`,
      [userIds],
    );
    return row?.seconds ?? 1;
  }

  /** Keeps a password's hash at today's cost; a password that was changed meanwhile stays. */
  async rehash(userId: string, from: string, to: string): Promise<void> {
    await this.registry.execute('UPDATE shared.tenant_users SET password_hash = $3 WHERE id = $1 AND password_hash = $2', [
      userId,
      from,
      to,
    ]);
  }
}
