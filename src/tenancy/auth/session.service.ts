import { Injectable } from '@nestjs/common';
import type { Role } from '../../kernel/database/tenant-context.js';
import { uuidV7, uuidV7Time } from '../../kernel/database/uuid-v7.js';
import { ProblemError } from '../../kernel/errors/index.js';
import { AccessDirectory } from './access-directory.js';
import { ACCESS_SECONDS, AccessTokens } from './access-tokens.js';
import { newSecret, secretHash } from './secret-token.js';
import { SessionRepository, type Caller, type RefreshToken } from './session.repository.js';

const DAY_MS = 86_400_000;
/** a session that is not used for so long ends */
const IDLE_DAYS = 30;
/** and after so long one logs in again in any case */
const LONGEST_DAYS = 180;

/** What a client gets to keep. */
export interface TokenPair {
  accessToken: string;
  refreshToken: string;
  /** seconds until the access token expires */
  expiresIn: number;
}

interface SessionOwner {
  userId: string;
  tenantId: string;
  role: Role;
}

/**
 * Sessions: a family of refresh tokens of which only the newest works. One that comes back after its use was stolen (or the thief's
 * use came first): the whole family ends, and with it every access token of the session.
 */
@Injectable()
export class SessionService {
  constructor(
    private readonly sessions: SessionRepository,
    private readonly tokens: AccessTokens,
    private readonly access: AccessDirectory,
  ) {}

  open(owner: SessionOwner, caller: Caller): Promise<TokenPair> {
    return this.issue(uuidV7(), owner, caller);
  }

  /**
   * Exchanges a refresh token for a new pair.
   * @throws ProblemError auth.invalid_refresh_token, auth.refresh_reused, auth.user_inactive, tenancy.suspended
   */
  async refresh(refreshToken: string, caller: Caller): Promise<TokenPair> {
    const hash = secretHash(refreshToken);
    const seen = await this.sessions.find(hash);
    if (!seen || seen.isRevoked || seen.isExpired) throw refusalOf(seen);
    const owner = seen.isUsed ? undefined : await this.access.assertMayEnter(seen.userId);
    const result = await this.sessions.transaction(async () => {
      const token = await this.sessions.lock(hash);
      if (!token || token.isRevoked || token.isExpired) return refusalOf(token);
      // the refusal is returned, not thrown: what it revokes has to be committed
      if (token.isUsed || !owner) {
        await this.sessions.revoke(token.familyId, 'reuse');
        return new ProblemError('auth.refresh_reused');
      }
      await this.sessions.markUsed(token.id);
      return this.issue(token.familyId, { ...token, role: owner.role }, caller);
    });
    if (result instanceof ProblemError) throw result;
    return result;
  }

  /** Ends one session, and the one of the given refresh token if it is of the same user. */
  async close(userId: string, sessionId: string, refreshToken: string | undefined): Promise<void> {
    const named = refreshToken === undefined ? undefined : await this.sessions.familyOf(secretHash(refreshToken), userId);
    for (const family of new Set([sessionId, named ?? sessionId])) await this.sessions.revoke(family, 'logout');
  }

  closeAll(userId: string): Promise<void> {
    return this.sessions.revokeAll(userId, 'logout');
  }

  private async issue(familyId: string, owner: SessionOwner, caller: Caller): Promise<TokenPair> {
    const { userId, tenantId, role } = owner;
    const refreshToken = newSecret('flxr_');
    const end = Math.min(Date.now() + IDLE_DAYS * DAY_MS, uuidV7Time(familyId).getTime() + LONGEST_DAYS * DAY_MS);
    await this.sessions.add({
      ...caller,
      familyId,
      tenantId,
      userId,
      tokenHash: secretHash(refreshToken),
      expiresAt: new Date(end),
    });
    const accessToken = await this.tokens.sign({ userId, tenantId, sessionId: familyId }, role);
    return { accessToken, refreshToken, expiresIn: ACCESS_SECONDS };
  }
}

function refusalOf(token: RefreshToken | undefined): ProblemError {
  return new ProblemError(token?.isUsed && token.isRevoked ? 'auth.refresh_reused' : 'auth.invalid_refresh_token');
}
