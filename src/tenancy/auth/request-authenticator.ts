import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Authenticator, Principal } from '../../kernel/auth/authenticator.js';
import type { TenantRef } from '../../kernel/database/tenant-context.js';
import { ProblemError } from '../../kernel/errors/index.js';
import { TenantDirectory } from '../tenants/tenant-directory.js';
import { AccessDirectory, type Access } from './access-directory.js';
import { AccessTokens, type AccessClaims } from './access-tokens.js';
import { KeyPrincipals } from './key-principals.js';

const MAX_TOKENS = 20_000;

/** A verified token, and the principal it last stood for. */
interface Verified {
  readonly claims: AccessClaims;
  access: Access | undefined;
  principal: Principal | undefined;
}

/**
 * Tells the kernel who calls. A token's signature is verified once; at every request only memory is asked whether its session, its user
 * and its tenant are as they were, so a change anywhere shows within a second. Known callers are answered without a promise.
 */
@Injectable()
export class RequestAuthenticator implements Authenticator {
  /** by hash: a dump of this process's memory holds no token of others */
  private readonly verified = new LRUCache<string, Verified>({ max: MAX_TOKENS });

  constructor(
    private readonly tokens: AccessTokens,
    private readonly access: AccessDirectory,
    private readonly tenants: TenantDirectory,
    private readonly keys: KeyPrincipals,
  ) {}

  authenticate(credential: string): Principal | Promise<Principal> {
    const digest = hash('sha256', credential, 'hex');
    if (credential.startsWith('flx_')) return this.keys.find(digest);
    const known = this.verified.get(digest);
    return known ? this.recognise(known, digest) : this.admit(credential, digest);
  }

  tenant(id: string): TenantRef | Promise<TenantRef | undefined> {
    return this.tenants.peek(id) ?? this.tenants.byId(id);
  }

  /** The session that an access token belongs to; undefined for an API key. */
  async sessionOf(credential: string): Promise<string | undefined> {
    return credential.startsWith('flx_') ? undefined : (await this.tokens.verify(credential)).sessionId;
  }

  private recognise(known: Verified, digest: string): Principal | Promise<Principal> {
    const { userId, sessionId, expiresAt } = known.claims;
    if (expiresAt <= Date.now()) {
      this.verified.delete(digest);
      throw new ProblemError('auth.expired_token');
    }
    const user = this.access.users.peek(userId);
    const session = this.access.sessions.peek(sessionId);
    if (!user || !session) return this.lookUp(known);
    return principalOf(known, user.value, session.value);
  }

  private async admit(credential: string, digest: string): Promise<Principal> {
    const known: Verified = { claims: await this.tokens.verify(credential), access: undefined, principal: undefined };
    this.verified.set(digest, known);
    return this.lookUp(known);
  }

  private async lookUp(known: Verified): Promise<Principal> {
    const { userId, sessionId } = known.claims;
    const [user, session] = await Promise.all([this.access.users.get(userId), this.access.sessions.get(sessionId)]);
    return principalOf(known, user, session);
  }
}

function principalOf(known: Verified, access: Access | undefined, session: true | undefined): Principal {
  if (!session || !access || access.tenantId !== known.claims.tenantId) throw new ProblemError('auth.invalid_token');
  if (!access.isActive) throw new ProblemError('auth.user_inactive');
  if (known.principal && known.access === access) return known.principal;
  const { userId, tenantId, role, stores, permissions, locale } = access;
  known.access = access;
  known.principal = Object.freeze({
    tenantId,
    userId,
    role,
    stores,
    permissions,
    via: 'http',
    expiresAt: known.claims.expiresAt,
    ...(locale ? { locale } : {}),
  });
  return known.principal;
}
