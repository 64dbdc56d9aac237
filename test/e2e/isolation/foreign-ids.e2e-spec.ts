import { randomUUID } from 'node:crypto';
import { PASSWORD, signUp } from '../../support/api.js';
import { send, type Call, type Reply } from '../../support/surface/call.js';
import { foundCompany, type Company } from '../../support/surface/company.js';
import { contentsOf, rowIds, type Contents } from '../../support/surface/database.js';
import { readOperations, type Operation } from '../../support/surface/document.js';
import { leaksIn, wordsOf, type Secrets } from '../../support/surface/leaks.js';
import { idPointers, withValue } from '../../support/surface/sample.js';
import { fillPath, namedId, validCall } from '../../support/surface/valid-calls.js';

/** Search by these is by meaning, not by id: the other company's own words are tried. */
const WORDS = new Set(['q', 'sku', 'barcode', 'entityType', 'eventType']);

const operations = readOperations();
const named = (chosen: (operation: Operation) => boolean) =>
  operations.filter(chosen).map((operation) => [operation.id, operation] as const);
const queryOf = ({ parameters }: Operation, chosen: (name: string, format?: string) => boolean): string[] =>
  parameters.filter(({ in: place, name, schema }) => place === 'query' && chosen(name, schema.format)).map(({ name }) => name);

const own = new Map<string, Call>();
const theirs = new Map<string, Call>();
let company: Company;
let other: Company;
let secrets: Secrets;
let before: [Contents, Contents];

const ownCall = ({ id }: Operation): Call => own.get(id) as Call;
const theirCall = ({ id }: Operation): Call => theirs.get(id) as Call;
const contents = async (): Promise<[Contents, Contents]> => [
  await contentsOf(company.api.tenant),
  await contentsOf(other.api.tenant),
];

/** Sends it as the company; a reply that tells anything of the other one fails at once. */
async function attack(call: Call): Promise<Reply> {
  const reply = await send(call, company.api.token);
  const said = `${call.path} ${JSON.stringify(call.headers)} ${JSON.stringify(call.body ?? '')}`;
  expect({ call: call.path, leaks: leaksIn(reply, secrets, said) }).toEqual({ call: call.path, leaks: [] });
  expect(reply.status).toBeLessThan(500);
  return reply;
}

/** The id of the other company and one of nobody have to be answered in the same words. */
async function compare(withId: (id: string) => Call, id: string): Promise<Reply> {
  const unknown = randomUUID();
  const [foreign, nobody] = [await attack(withId(id)), await attack(withId(unknown))];
  expect(wordsOf(foreign, id)).toEqual(wordsOf(nobody, unknown));
  return foreign;
}

beforeAll(async () => {
  const mark = (): string => `m${randomUUID().replaceAll('-', '').slice(0, 12)}`;
  company = await foundCompany(await signUp(), mark());
  other = await foundCompany(await signUp(), mark());
  for (const operation of operations) {
    own.set(operation.id, await validCall(operation, company));
    theirs.set(operation.id, await validCall(operation, other));
  }
  const known = await rowIds(company.api.tenant);
  const ids = new Set([...(await rowIds(other.api.tenant))].filter((id) => !known.has(id)));
  secrets = { ids, mark: other.mark };
  expect(ids.size).toBeGreaterThan(150);
  before = await contents();
}, 240_000);

describe("another company's ids", () => {
  it.each(named(({ path }) => path.includes('/{id}')))('should be unknown in the path of %s', async (_, operation) => {
    const call = { ...ownCall(operation), headers: theirCall(operation).headers };
    const id = theirCall(operation)
      .path.split('/')
      .find((part) => secrets.ids.has(part) || /^[0-9a-f-]{36}$/.test(part));
    const reply = await compare((value) => ({ ...call, path: operation.path.replace('{id}', value) }), String(id));
    expect([reply.status, reply.body.code]).toEqual([404, 'http.not_found']);
  });

  it.each(named(({ path }) => /\{(?!id\})/.test(path)))(
    'should be unknown in every part of the path of %s',
    async (_, operation) => {
      const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => String(name));
      for (const foreign of names) {
        const call = { ...ownCall(operation), headers: theirCall(operation).headers };
        const path = (id: string): string => fillPath(operation.path, (name) => (name === foreign ? id : namedId(company, name)));
        const reply = await compare((id) => ({ ...call, path: path(id) }), namedId(other, foreign));
        expect([reply.status, reply.body.code]).toEqual([404, 'http.not_found']);
      }
    },
  );

  it.each(named(({ body }) => body !== undefined && idPointers(body).length > 0))(
    'should be refused in the body of %s',
    async (_, operation) => {
      const schema = operation.body ?? {};
      const call = ownCall(operation);
      const replies = new Map<string, number>();
      for (const pointer of idPointers(schema)) {
        const name = pointer.split('/').findLast((part) => !/^\d*$/.test(part)) ?? '';
        const open = (property: string): string => namedId(company, property);
        const reply = await compare(
          (id) => ({ ...call, body: withValue(call.body, schema, pointer, id, open) }),
          namedId(other, name.replace(/s$/, '')),
        );
        replies.set(pointer, reply.status);
      }
      expect([...replies].filter(([, status]) => status < 400)).toEqual([]);
    },
  );

  it.each(named((operation) => queryOf(operation, (_, format) => format === 'uuid').length > 0))(
    'should find nothing in the query of %s',
    async (_, operation) => {
      for (const name of queryOf(operation, (_name, format) => format === 'uuid')) {
        const call = ownCall(operation);
        await compare((id) => ({ ...call, path: `${call.path}?${name}=${id}` }), namedId(other, name));
      }
    },
  );

  it.each(named((operation) => queryOf(operation, (name) => WORDS.has(name)).length > 0))(
    'should not be found by the words of %s',
    async (_, operation) => {
      for (const name of queryOf(operation, (word) => WORDS.has(word))) {
        await attack({ ...ownCall(operation), path: `${ownCall(operation).path}?${name}=${other.mark}` });
      }
    },
  );
});

describe("another company's cursor", () => {
  it.each(named((operation) => queryOf(operation, (name) => name === 'cursor').length > 0))(
    'should not open a page of %s',
    async (_, operation) => {
      const first = { ...theirCall(operation), path: `${theirCall(operation).path}?limit=1` };
      const { body } = await send(first, other.api.token);
      // a list of one row has no cursor to steal: the fixture has to have two of everything
      expect(body.nextCursor).toEqual(expect.any(String));
      const stolen = await attack({
        ...ownCall(operation),
        path: `${ownCall(operation).path}?limit=1&cursor=${body.nextCursor}`,
      });
      expect([stolen.status, stolen.body.code]).toEqual([400, 'http.invalid_cursor']);
    },
  );
});

describe('what is open to the company itself', () => {
  it.each(named(({ method, permission }) => method === 'GET' && permission !== null))(
    'should show nothing of another: %s',
    async (_, operation) => {
      const reply = await attack(ownCall(operation));
      expect(reply.status).toBe(200);
    },
  );

  it('should stream nothing of the other company from the place of its alert on', async () => {
    const streams = operations.filter(({ isStream }) => isStream);
    expect(streams.length).toBeGreaterThan(0);
    // an id is a place in time: it shows the company's own alerts since then, and `attack` looks for the other's
    for (const operation of streams) {
      for (const place of [other.ids.alert, `1-${other.ids.alert}`]) {
        const reply = await attack({ ...ownCall(operation), headers: { 'last-event-id': place } });
        expect([reply.status, reply.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/event-stream')]);
      }
    }
  });

  it('should not log anybody in to another company', async () => {
    const { email } = (await company.api.get('/v1/me')).body as unknown as { email: string };
    const enter = (tenant: string): Call => ({
      method: 'POST',
      path: '/v1/auth/login',
      headers: {},
      body: { email, password: PASSWORD, tenant },
    });
    const foreign = await send(enter(other.api.tenant), null);
    expect([foreign.status, foreign.body.code]).toEqual([401, 'auth.invalid_credentials']);
    expect(wordsOf(foreign)).toEqual(wordsOf(await send(enter('nobody-at-all'), null)));
  });
});

describe('all these attacks', () => {
  it('should have changed nothing, on either side', async () => {
    expect(await contents()).toEqual(before);
  });
});

describe("another company's Idempotency-Key", () => {
  const keyed = named(
    ({ parameters, permission }) => permission !== null && parameters.some(({ name }) => name === 'Idempotency-Key'),
  );
  it.each(keyed)('should not bring its answer of %s', async (_, operation) => {
    const headers = { 'idempotency-key': randomUUID() };
    const first = await send(theirCall(operation), other.api.token, headers);
    expect(operation.success).toContain(first.status);
    const known = String(first.text.match(/"(?:id|importId|runId)":"([^"]+)"/)?.[1]);
    const second = await send(ownCall(operation), company.api.token, headers);
    expect([second.status, second.headers.get('idempotency-replayed')]).toEqual([first.status, null]);
    expect(second.text).not.toContain(known);
    expect(leaksIn(second, secrets)).toEqual([]);
  });
});
