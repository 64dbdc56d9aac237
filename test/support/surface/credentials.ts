import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { decodeJwt, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose';
import { Api, signUp, until } from '../api.js';
import { send } from './call.js';
import type { Company } from './company.js';
import { suspend } from './database.js';

/** A credential, or an X-Tenant beside a good one, that must open nothing; and what must be answered. */
export interface BadCredential {
  name: string;
  token: string | null;
  headers?: Record<string, string>;
  status: number;
  code: string;
}

const HEADER = { alg: 'HS256', typ: 'at+jwt' };

function signingKey(): { kid: string; k: string } {
  const file = path.join(String(process.env.DATA_DIR), 'keys', 'jwt.json');
  const { keys } = JSON.parse(readFileSync(file, 'utf8')) as { keys: { kid: string; k: string }[] };
  return keys[0] as { kid: string; k: string };
}

/** Tokens made by somebody with the right form, and for some of them even the right key. */
async function forgeries(token: string, foreignTenant: string): Promise<BadCredential[]> {
  const { kid, k } = signingKey();
  const claims = decodeJwt(token);
  const right = createSecretKey(Buffer.from(k, 'base64url'));
  const wrong = createSecretKey(randomBytes(32));
  const make = (payload: JWTPayload, key = right, header: object = {}): Promise<string> =>
    new SignJWT(payload).setProtectedHeader({ ...HEADER, kid, ...header }).sign(key);
  const now = Math.floor(Date.now() / 1000);
  const [head, , tail] = token.split('.');
  const swapped = Buffer.from(JSON.stringify({ ...claims, tid: foreignTenant })).toString('base64url');
  const { exp: _exp, ...endless } = claims;
  const invalid = { status: 401, code: 'auth.invalid_token' };
  return [
    {
      name: 'an expired token',
      token: await make({ ...claims, iat: now - 3600, exp: now - 1 }),
      ...invalid,
      code: 'auth.expired_token',
    },
    { name: 'a token signed with another key', token: await make(claims, wrong), ...invalid },
    { name: 'a token of an unknown key', token: await make(claims, right, { kid: 'other' }), ...invalid },
    { name: 'a token with alg none', token: new UnsecuredJWT(claims).encode(), ...invalid },
    { name: 'a token of another algorithm', token: await make(claims, right, { alg: 'HS512' }), ...invalid },
    { name: 'a token of another type', token: await make(claims, right, { typ: 'JWT' }), ...invalid },
    { name: 'a token of another issuer', token: await make({ ...claims, iss: 'other' }), ...invalid },
    { name: 'a token that never expires', token: await make(endless), ...invalid },
    { name: 'a token with the tenant swapped', token: `${head}.${swapped}.${tail}`, ...invalid },
    { name: 'a signed token that names another tenant', token: await make({ ...claims, tid: foreignTenant }), ...invalid },
    { name: 'a signed token of an unknown session', token: await make({ ...claims, sid: randomUUID() }), ...invalid },
    { name: 'a signed token of an unknown user', token: await make({ ...claims, sub: randomUUID() }), ...invalid },
    {
      name: 'a token with another signature',
      token: `${head}.${token.split('.')[1]}.${randomBytes(32).toString('base64url')}`,
      ...invalid,
    },
    { name: 'a text that is no token', token: 'flx.flx.flx', ...invalid },
  ];
}

const whoAmI = async (token: string): Promise<number> =>
  (await send({ method: 'GET', path: '/v1/me', headers: {} }, token)).status;

/** Waits until the credential no longer works: a change reaches the API by notification. */
async function ended(token: string): Promise<string> {
  await until(async () => (await whoAmI(token)) !== 200, 'a credential to end');
  return token;
}

/** Credentials that were good once. */
async function formerCredentials(company: Company): Promise<BadCredential[]> {
  const { api } = company;
  const [out, gone] = await Promise.all([company.person('admin'), company.person('admin')]);
  await out.api.call('POST', '/v1/auth/logout', {});
  const key = await api.create('/v1/api-keys', { name: 'revoked' });
  for (const place of [`/v1/api-keys/${String(key.id)}`, `/v1/users/${gone.id}`]) {
    const { headers } = await api.get(place);
    await api.delete(place, String(headers.get('etag')));
  }
  const suspended = await signUp();
  const suspendedKey = await suspended.create('/v1/api-keys', { name: 'key of a suspended company' });
  await suspend(suspended.tenant);
  const invalid = { status: 401, code: 'auth.invalid_token' };
  const refused = { status: 403, code: 'tenancy.suspended' };
  return [
    { name: 'a session that ended', token: await ended(String(out.api.token)), ...invalid },
    { name: 'a revoked API key', token: await ended(String(key.token)), ...invalid },
    { name: 'an API key that never was', token: `flx_${randomBytes(24).toString('hex')}`, ...invalid },
    { name: 'somebody who was deactivated', token: await ended(String(gone.api.token)), ...invalid },
    { name: 'a token of a suspended company', token: await ended(String(suspended.token)), ...refused },
    { name: 'an API key of a suspended company', token: await ended(String(suspendedKey.token)), ...refused },
  ];
}

/** Every credential that must not open anything of `company`. */
export async function badCredentials(company: Company, foreign: Api): Promise<BadCredential[]> {
  const token = String(company.api.token);
  const { id } = (await foreign.get('/v1/tenant')).body;
  const key = String((await company.api.create('/v1/api-keys', { name: 'attacks' })).token);
  const mismatch = { status: 403, code: 'tenancy.mismatch' };
  return [
    { name: 'no credential', token: null, status: 401, code: 'auth.required' },
    ...(await forgeries(token, String(id))),
    ...(await formerCredentials(company)),
    { name: 'X-Tenant of another company, by name', token, headers: { 'x-tenant': foreign.tenant }, ...mismatch },
    { name: 'X-Tenant of another company, by id', token, headers: { 'x-tenant': String(id) }, ...mismatch },
    {
      name: 'X-Tenant of two companies',
      token,
      headers: { 'x-tenant': `${company.api.tenant}, ${foreign.tenant}` },
      ...mismatch,
    },
    { name: 'X-Tenant of nobody', token, headers: { 'x-tenant': 'nobody-at-all' }, ...mismatch },
    { name: 'an API key with X-Tenant of another company', token: key, headers: { 'x-tenant': foreign.tenant }, ...mismatch },
  ];
}
