import { randomUUID } from 'node:crypto';
import { signUp, type Api } from '../../support/api.js';
import { send, type Call } from '../../support/surface/call.js';
import { foundCompany, type Company } from '../../support/surface/company.js';
import { badCredentials, type BadCredential } from '../../support/surface/credentials.js';
import { contentsOf, type Contents } from '../../support/surface/database.js';
import { readOperations, type Operation } from '../../support/surface/document.js';
import { validCall } from '../../support/surface/valid-calls.js';

/** The contract's list; nothing is added to it by accident. */
const PUBLIC = ['checkLiveness', 'checkReadiness', 'logIn', 'refreshSession', 'signUpTenant'];

/** Who may do what, written down a second time: the server's own table is what is tested. */
const ROLES: Readonly<Record<string, (permission: string) => boolean>> = {
  manager: (permission) => !['users.write', 'settings.write', 'audit.read'].includes(permission),
  user: (permission) => /^(catalog|forecasts)\.read$|^(inventory|sales|alerts)\.(read|write)$/.test(permission),
  viewer: (permission) => permission.endsWith('.read') && !/^(users|audit)\./.test(permission),
};

/** Served, but as if there were nothing: only administrators see other people. */
const UNSEEN = new Set(['getUser']);

const operations = readOperations();
const closed = operations.filter(({ permission }) => permission !== null);
const bare = closed.map((operation) => [operation.id, operation] as const);
const calls = new Map<string, Call>();
const people: Record<string, Api> = {};
let company: Company;
let foreign: Api;
let bad: BadCredential[];
let before: Contents;

const callOf = ({ id }: Operation): Call => calls.get(id) as Call;

beforeAll(async () => {
  [company, foreign] = [await foundCompany(await signUp(), `m${randomUUID().slice(0, 8)}`), await signUp()];
  bad = await badCredentials(company, foreign);
  for (const role of Object.keys(ROLES)) people[role] = (await company.person(role)).api;
  const narrow = { name: 'reads one area', scopes: ['reports.read'] };
  people['a key for reports'] = { token: String((await company.api.create('/v1/api-keys', narrow)).token) } as Api;
  // an error here names an operation that cannot be called: the document and the suite have to agree before anything is proved
  for (const operation of operations) calls.set(operation.id, await validCall(operation, company));
  before = await contentsOf(company.api.tenant);
}, 180_000);

describe('a bad credential', () => {
  it('should be needed by every operation but the public ones', () => {
    const open = operations.filter(({ permission }) => permission === null).map(({ id }) => id);
    expect(open.toSorted()).toEqual(PUBLIC);
    expect(closed.length).toBeGreaterThan(70);
  });

  it.each(bare)('should not open %s', async (_, operation) => {
    for (const { name, token, headers, status, code } of bad) {
      const reply = await send(callOf(operation), token, headers);
      expect({ name, status: reply.status, code: reply.body.code }).toEqual({ name, status, code });
      expect(reply.text).not.toContain(company.mark);
    }
  });
});

describe('a lower role', () => {
  it.each(bare)('should get of %s what its permissions say', async (_, operation) => {
    const permission = String(operation.permission);
    const roles = { ...ROLES, 'a key for reports': (name: string) => name === 'reports.read' };
    for (const [role, may] of Object.entries(roles)) {
      const allowed = permission === '*' || may(permission);
      if (allowed && operation.method !== 'GET') continue;
      const reply = await send(callOf(operation), String(people[role]?.token));
      const served = UNSEEN.has(operation.id) ? 404 : 200;
      const { code } = reply.body;
      expect({ role, status: reply.status, code }).toEqual(
        allowed ? { role, status: served, code } : { role, status: 403, code: 'auth.forbidden' },
      );
    }
  });
});

describe('refused calls', () => {
  it('should have written nothing', async () => {
    expect(await contentsOf(company.api.tenant)).toEqual(before);
  });
});

describe('the same call', () => {
  it.each(operations.map((operation) => [operation.id, operation] as const))('should be served: %s', async (_, operation) => {
    const call = callOf(operation);
    const token = operation.permission === null ? null : (call.token ?? company.api.token);
    const reply = await send(call, token);
    // without a 2xx the refusals above would prove nothing
    expect({ documented: operation.success.includes(reply.status), reply: reply.text }).toEqual({
      documented: true,
      reply: reply.text,
    });
  });
});
