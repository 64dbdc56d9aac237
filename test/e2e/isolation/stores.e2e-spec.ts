import { randomUUID } from 'node:crypto';
import { signUp, type Api } from '../../support/api.js';
import { send, type Call, type Reply } from '../../support/surface/call.js';
import { foundCompany, type Company, type Kind } from '../../support/surface/company.js';
import { contentsOf, rowIdsOfStore, type Contents } from '../../support/surface/database.js';
import { readOperations, type Operation } from '../../support/surface/document.js';
import { leaksIn, wordsOf, type Secrets } from '../../support/surface/leaks.js';
import { idPointers, withValue } from '../../support/surface/sample.js';
import { kindOf, namedId, validCall } from '../../support/surface/valid-calls.js';

/** Kinds of things that belong to one store. */
const IN_STORE = new Set<Kind>(['store', 'purchaseOrder', 'stockTransfer', 'suggestion', 'sale', 'alert']);
const STORE = /^(storeId|fromStoreId|toStoreId|storeIds)$/;

const operations = readOperations().filter(({ permission }) => permission !== null);
const named = (chosen: (operation: Operation) => boolean) =>
  operations.filter(chosen).map((operation) => [operation.id, operation] as const);
const storePointers = ({ body }: Operation): string[] =>
  idPointers(body ?? {}).filter((pointer) => STORE.test(pointer.split('/').findLast((part) => !/^\d*$/.test(part)) ?? ''));

const calls = new Map<string, Call>();
let company: Company;
let people: Api[];
let secrets: Secrets;
let before: Contents;

const callOf = ({ id }: Operation): Call => calls.get(id) as Call;

async function attack(person: Api, call: Call): Promise<Reply> {
  const reply = await send(call, person.token);
  const said = `${call.path} ${JSON.stringify(call.headers)} ${JSON.stringify(call.body ?? '')}`;
  expect({ call: call.path, leaks: leaksIn(reply, secrets, said) }).toEqual({ call: call.path, leaks: [] });
  return reply;
}

/** For everybody who is held to the other store: the hidden store's id is answered as one of nobody. */
async function compare(operation: Operation, withId: (id: string) => Call, id: string): Promise<Reply[]> {
  const replies: Reply[] = [];
  for (const person of people) {
    const unknown = randomUUID();
    const [hidden, nobody] = [await attack(person, withId(id)), await attack(person, withId(unknown))];
    expect({ operation: operation.id, ...wordsOf(hidden, id) }).toEqual({ operation: operation.id, ...wordsOf(nobody, unknown) });
    replies.push(hidden);
  }
  return replies;
}

beforeAll(async () => {
  company = await foundCompany(await signUp(), `m${randomUUID().slice(0, 8)}`);
  const { api, ids } = company;
  await api.create('/v1/calendar-days', { date: company.freeDate(), kind: 'closed', storeId: ids.store });
  for (const operation of operations) calls.set(operation.id, await validCall(operation, company));
  const held = [ids.otherStore];
  const key = await api.create('/v1/api-keys', { name: 'one store', storeIds: held });
  people = [(await company.person('manager', held)).api, { token: String(key.token) } as Api];
  secrets = { ids: await rowIdsOfStore(api.tenant, ids.store) };
  expect(secrets.ids.size).toBeGreaterThan(50);
  before = await contentsOf(api.tenant);
}, 240_000);

describe('a store beyond the scope of a person', () => {
  it.each(named(({ path }) => path.includes('/{id}')).filter(([, operation]) => IN_STORE.has(kindOf(operation))))(
    'should be unknown in the path of %s',
    async (_, operation) => {
      const call = callOf(operation);
      const id = String(/[0-9a-f-]{36}/.exec(call.path)?.[0]);
      for (const { status } of await compare(
        operation,
        (value) => ({ ...call, path: operation.path.replace('{id}', value) }),
        id,
      ))
        expect(status).toBe(404);
    },
  );

  it.each(named(({ path }) => path.includes('{storeId}')))('should be unknown in the path of %s', async (_, operation) => {
    const call = callOf(operation);
    const path = (id: string): string => call.path.replace(company.ids.store, id);
    for (const reply of await compare(operation, (id) => ({ ...call, path: path(id) }), company.ids.store))
      expect(reply.status).toBe(404);
  });

  it.each(named(({ parameters }) => parameters.some(({ in: place, name }) => place === 'query' && name === 'storeId')))(
    'should be unknown in the query of %s',
    async (_, operation) => {
      await compare(
        operation,
        (id) => ({ ...callOf(operation), path: `${callOf(operation).path}?storeId=${id}` }),
        company.ids.store,
      );
    },
  );

  it.each(named((operation) => storePointers(operation).length > 0))(
    'should be refused in the body of %s',
    async (_, operation) => {
      const call = callOf(operation);
      const schema = operation.body ?? {};
      // everything else in the body is of the store that is open to them
      const open = (name: string): string => (STORE.test(name) ? company.ids.otherStore : namedId(company, name));
      let base = call.body;
      for (const pointer of storePointers(operation)) {
        const name = pointer.slice(1);
        if (schema.required?.includes(name)) base = withValue(base, schema, pointer, company.ids.otherStore, open);
      }
      for (const pointer of storePointers(operation)) {
        const body = (id: string): unknown => withValue(base, schema, pointer, id, open);
        const replies = await compare(operation, (id) => ({ ...call, body: body(id) }), company.ids.store);
        for (const { status } of replies)
          expect({ pointer, refused: status >= 400 && status < 500 }).toEqual({ pointer, refused: true });
      }
    },
  );

  it.each(named(({ method, path }) => method === 'GET' && !path.includes('{')))('should not show in %s', async (_, operation) => {
    for (const person of people) await attack(person, callOf(operation));
  });
});

describe('all these attempts', () => {
  it('should have changed nothing', async () => {
    expect(await contentsOf(company.api.tenant)).toEqual(before);
  });
});
