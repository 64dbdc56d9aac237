import { SignJWT } from 'jose';
import type { SigningKey, SigningKeys } from '../../kernel/auth/signing-keys.js';
import { ACCESS_SECONDS, AccessTokens } from './access-tokens.js';

const OLD = { kid: 'old', secret: Buffer.alloc(32, 1) };
const NEW = { kid: 'new', secret: Buffer.alloc(32, 2) };
const CLAIMS = {
  userId: '0193b1e2-7c5a-7b3e-9d2f-1a2b3c4d5e6f',
  tenantId: '0193b1e2-7c5a-7b3e-9d2f-1a2b3c4d5e70',
  sessionId: '0193b1e2-7c5a-7b3e-9d2f-1a2b3c4d5e71',
};

function tokensOf(...keys: SigningKey[]): AccessTokens {
  const ring: Pick<SigningKeys, 'current' | 'byId'> = {
    current: () => keys[0]!,
    byId: (kid) => keys.find((key) => key.kid === kid),
  };
  return new AccessTokens(ring as SigningKeys);
}

/** A token of our making with one thing changed. */
function forge({ header = {}, payload = {}, key = NEW, seconds = 60, issuer = 'fluxion' } = {}): Promise<string> {
  return new SignJWT({ tid: CLAIMS.tenantId, sid: CLAIMS.sessionId, ...payload })
    .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: key.kid, ...header })
    .setSubject(CLAIMS.userId)
    .setIssuer(issuer)
    .setIssuedAt()
    .setExpirationTime(new Date(Date.now() + seconds * 1000))
    .sign(key.secret);
}

describe('AccessTokens', () => {
  it('should give back what was signed, for a quarter of an hour', async () => {
    const before = Date.now();
    const { expiresAt, ...claims } = await tokensOf(NEW).verify(await tokensOf(NEW).sign(CLAIMS, 'user'));
    expect(claims).toEqual(CLAIMS);
    expect(expiresAt).toBeGreaterThan(before + (ACCESS_SECONDS - 2) * 1000);
    expect(expiresAt).toBeLessThanOrEqual(Date.now() + ACCESS_SECONDS * 1000);
  });

  it('should verify tokens of a key that no longer signs, until it is retired', async () => {
    const token = await tokensOf(OLD).sign(CLAIMS, 'user');
    await expect(tokensOf(NEW, OLD).verify(token)).resolves.toMatchObject(CLAIMS);
    await expect(tokensOf(NEW).verify(token)).rejects.toMatchObject({ code: 'auth.invalid_token' });
  });

  it('should take a token of its own making', async () => {
    await expect(tokensOf(NEW).verify(await forge())).resolves.toMatchObject(CLAIMS);
  });

  it('should say of an expired token that it expired', async () => {
    await expect(tokensOf(NEW).verify(await forge({ seconds: -1 }))).rejects.toMatchObject({ code: 'auth.expired_token' });
  });

  it.each([
    ['another key under the same name', { key: { kid: 'new', secret: OLD.secret } }],
    ['no key named', { header: { kid: undefined } }],
    ['another purpose', { header: { typ: 'JWT' } }],
    ['no tenant', { payload: { tid: undefined } }],
    ['a tenant that is no id', { payload: { tid: "x' OR '1'='1" } }],
    ['another issuer', { issuer: 'somebody' }],
  ])('should refuse a token with %s', async (_, change) => {
    const token = await forge(change);
    await expect(tokensOf(NEW).verify(token)).rejects.toMatchObject({ code: 'auth.invalid_token' });
  });
});
