import { Injectable } from '@nestjs/common';
import { RegistryDatabase } from '../../kernel/database/registry-database.js';

export interface Caller {
  ip: string;
  agent: string | undefined;
}

export interface NewRefreshToken extends Caller {
  familyId: string;
  tenantId: string;
  userId: string;
  tokenHash: Buffer;
  expiresAt: Date;
}

/** A refresh token as it was issued. */
export interface RefreshToken {
  id: string;
  familyId: string;
  tenantId: string;
  userId: string;
  isExpired: boolean;
  isUsed: boolean;
  isRevoked: boolean;
}

export type RevokedReason = 'logout' | 'reuse' | 'password' | 'deactivated' | 'admin';

/** Families of refresh tokens: one row a token, one family a log-in. */
@Injectable()
export class SessionRepository {
  constructor(private readonly registry: RegistryDatabase) {}

  transaction<T>(work: () => Promise<T>): Promise<T> {
    return this.registry.transaction(work);
  }

  async add(token: NewRefreshToken): Promise<void> {
    await this.registry.execute(
      `INSERT INTO shared.sessions (family_id, tenant_id, user_id, token_hash, expires_at, ip_address, user_agent) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [token.familyId, token.tenantId, token.userId, token.tokenHash, token.expiresAt, token.ip, token.agent ?? null],
      'session_add',
    );
  }

  /** The token, its family held until the transaction ends: two that rotate it queue, and none is added while it is being revoked. */
  async lock(tokenHash: Buffer): Promise<RefreshToken | undefined> {
    await this.registry.execute(
      "SELECT pg_advisory_xact_lock(hashtextextended('session/' || family_id, 0)) FROM shared.sessions WHERE token_hash = $1",
      [tokenHash],
      'session_lock',
    );
    return this.find(tokenHash);
  }

  async find(tokenHash: Buffer): Promise<RefreshToken | undefined> {
    const [row] = await this.registry.query<RefreshToken>(
      `SELECT id, family_id AS "familyId", tenant_id AS "tenantId", user_id AS "userId", expires_at <= now() AS "isExpired",
              used_at IS NOT NULL AS "isUsed", revoked_at IS NOT NULL AS "isRevoked"
         FROM shared.sessions WHERE token_hash = $1`,
      [tokenHash],
      'session_find',
    );
    return row;
  }

  async markUsed(id: string): Promise<void> {
    await this.registry.execute('UPDATE shared.sessions SET used_at = now() WHERE id = $1', [id], 'session_used');
  }

  async revoke(familyId: string, reason: RevokedReason): Promise<void> {
    await this.registry.execute(
      'UPDATE shared.sessions SET revoked_at = now(), revoked_reason = $2 WHERE family_id = $1 AND revoked_at IS NULL',
      [familyId, reason],
    );
  }

  async revokeAll(userId: string, reason: RevokedReason): Promise<void> {
    await this.registry.execute(
      'UPDATE shared.sessions SET revoked_at = now(), revoked_reason = $2 WHERE user_id = $1 AND revoked_at IS NULL',
      [userId, reason],
    );
  }

  /** The family that a user's refresh token belongs to. */
  async familyOf(tokenHash: Buffer, userId: string): Promise<string | undefined> {
    const [row] = await this.registry.query<{ familyId: string }>(
      'SELECT family_id AS "familyId" FROM shared.sessions WHERE token_hash = $1 AND user_id = $2',
      [tokenHash, userId],
    );
    return row?.familyId;
  }

  /** Whether the family still has a token that may be used. */
  async isAlive(familyId: string): Promise<boolean> {
    const [row] = await this.registry.query<{ alive: boolean }>(
      `SELECT EXISTS (SELECT FROM shared.sessions WHERE family_id = $1 AND revoked_at IS NULL AND used_at IS NULL AND expires_at > now()) AS alive`,
      [familyId],
      'session_alive',
    );
    return row?.alive === true;
  }

  /** Forgets tokens that expired more than a week ago. @returns how many */
  async dropExpired(limit: number): Promise<number> {
    const { rowCount } = await this.registry.execute(
      `DELETE FROM shared.sessions WHERE id IN (SELECT id FROM shared.sessions WHERE expires_at < now() - interval '7 days' LIMIT $1)`,
      [limit],
    );
    return rowCount ?? 0;
  }
}
