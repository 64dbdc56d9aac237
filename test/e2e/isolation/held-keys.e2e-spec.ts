import { randomUUID } from 'node:crypto';
import { PASSWORD, signUp, type Api } from '../../support/api.js';
import { send, type Call } from '../../support/surface/call.js';
import { foundCompany, type Company } from '../../support/surface/company.js';
import { contentsOf, type Contents } from '../../support/surface/database.js';
import { readOperations } from '../../support/surface/document.js';
import { validCall } from '../../support/surface/valid-calls.js';

/** What concerns the whole company, written down a second time. */
const COMPANY_WIDE = new Set(['users.write', 'settings.write', 'audit.read']);

const operations = readOperations().filter(({ permission }) => COMPANY_WIDE.has(String(permission)));
const named = operations.map((operation) => [operation.id, operation] as const);
const calls = new Map<string, Call>();
let company: Company;
let held: string;
let free: string;
let before: Contents;

async function newKey(api: Api, storeIds: string[] | null): Promise<string> {
  return String((await api.create('/v1/api-keys', { name: 'key of an administrator', role: 'admin', storeIds })).token);
}

const as = (token: string, method: string, path: string, body?: unknown) =>
  send({ method, path, headers: { 'if-match': '*' }, ...(body === undefined ? {} : { body }) }, token);

beforeAll(async () => {
  company = await foundCompany(await signUp(), `m${randomUUID().slice(0, 8)}`);
  [held, free] = [await newKey(company.api, [company.ids.store]), await newKey(company.api, null)];
  for (const operation of operations) calls.set(operation.id, await validCall(operation, company));
  before = await contentsOf(company.api.tenant);
}, 240_000);

describe("an administrator's key that is held to a store", () => {
  it('should meet every operation that concerns the whole company', () => {
    expect(operations.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['createUser', 'updateUser', 'deactivateUser', 'revokeApiKey', 'updateTenant', 'listAuditEvents']),
    );
  });

  it.each(named)('should be refused by %s', async (id) => {
    const { status, body } = await send(calls.get(id) as Call, held);
    expect({ status, code: body.code }).toEqual({ status: 403, code: 'auth.forbidden' });
  });

  it('should not deactivate a person, nor change role, stores or password of one', async () => {
    const path = `/v1/users/${company.ids.user}`;
    expect((await as(held, 'DELETE', path)).status).toBe(403);
    for (const change of [{ isActive: false }, { role: 'admin' }, { storeIds: [company.ids.store] }, { password: PASSWORD }]) {
      expect((await as(held, 'PATCH', path, change)).status).toBe(403);
    }
  });

  it.each(['/v1/stores', '/v1/imports'])(
    'should be told at POST %s that all stores are needed, not that its role may not',
    async (path) => {
      const { status, body } = await as(held, 'POST', path, { code: 'X-9', name: 'Otra' });
      expect({ status, code: body.code }).toEqual({ status: 403, code: 'auth.all_stores_required' });
      expect([400, 415]).toContain((await as(free, 'POST', path, {})).status);
    },
  );

  it('should not list what it cannot do', async () => {
    const permissions = async (token: string): Promise<unknown> => (await as(token, 'GET', '/v1/me')).body.permissions;
    expect(await permissions(held)).toEqual(expect.arrayContaining(['catalog.write', 'imports.read']));
    expect(await permissions(held)).not.toContain('imports.write');
    expect(await permissions(free)).toContain('imports.write');
  });

  it('should see of all people only the one whose key it is', async () => {
    const { data } = (await as(held, 'GET', '/v1/users')).body;
    const me = (await as(held, 'GET', '/v1/me')).body;
    expect(me).toMatchObject({ role: 'manager', storeIds: [company.ids.store] });
    expect(data).toEqual([expect.objectContaining({ id: me.userId })]);
    expect((await as(held, 'GET', `/v1/users/${company.ids.user}`)).status).toBe(404);
  });

  it('should have changed nothing', async () => {
    expect(await contentsOf(company.api.tenant)).toEqual(before);
  });
});

describe('the same key of every store', () => {
  // a key makes no keys, whatever it is held to
  it.each(named.filter(([id]) => id !== 'createApiKey'))('should be served by %s', async (id, operation) => {
    const { status, text } = await send(calls.get(id) as Call, free);
    expect({ served: operation.success.includes(status), text }).toEqual({ served: true, text });
  });
});
