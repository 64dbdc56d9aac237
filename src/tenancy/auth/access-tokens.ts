import { Injectable } from '@nestjs/common';
import { errors, jwtVerify, SignJWT, type JWTHeaderParameters } from 'jose';
import { SigningKeys } from '../../kernel/auth/signing-keys.js';
import type { Role } from '../../kernel/database/tenant-context.js';
import { ProblemError } from '../../kernel/errors/index.js';

/** Seconds that an access token lives. */
export const ACCESS_SECONDS = 15 * 60;

const ALGORITHM = 'HS256';
const ISSUER = 'fluxion';
/** keeps a token of another purpose, signed with the same key, from passing for one of these (RFC 9068) */
const TYPE = 'at+jwt';

/** What an access token says. Role, stores and permissions are looked up: a token that is out never says what is no longer so. */
export interface AccessClaims {
  userId: string;
  tenantId: string;
  /** family of refresh tokens it was issued with */
  sessionId: string;
  /** milliseconds since 1970 */
  expiresAt: number;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Issues and verifies the JWTs of log-in. */
@Injectable()
export class AccessTokens {
  constructor(private readonly keys: SigningKeys) {}

  /** The role is there for clients that want to hide what will be refused; the server does not read it. */
  sign({ userId, tenantId, sessionId }: Omit<AccessClaims, 'expiresAt'>, role: Role): Promise<string> {
    const { kid, secret } = this.keys.current();
    return new SignJWT({ tid: tenantId, sid: sessionId, role })
      .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid })
      .setSubject(userId)
      .setIssuer(ISSUER)
      .setIssuedAt()
      .setExpirationTime(`${ACCESS_SECONDS}s`)
      .sign(secret);
  }

  /** @throws ProblemError auth.expired_token, or auth.invalid_token without a reason */
  async verify(token: string): Promise<AccessClaims> {
    try {
      const { payload } = await jwtVerify(token, (header) => this.keyOf(header), {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        typ: TYPE,
        requiredClaims: ['sub', 'exp', 'tid', 'sid'],
      });
      const { sub, tid, sid, exp } = payload;
      if (!isUuid(sub) || !isUuid(tid) || !isUuid(sid) || exp === undefined) throw new Error('claims of another form');
      return { userId: sub, tenantId: tid, sessionId: sid, expiresAt: exp * 1000 };
    } catch (error) {
      throw new ProblemError(error instanceof errors.JWTExpired ? 'auth.expired_token' : 'auth.invalid_token', { cause: error });
    }
  }

  private keyOf({ kid }: JWTHeaderParameters): Uint8Array {
    const key = kid === undefined ? undefined : this.keys.byId(kid);
    if (!key) throw new Error('unknown key');
    return key.secret;
  }
}

function isUuid(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value);
}
