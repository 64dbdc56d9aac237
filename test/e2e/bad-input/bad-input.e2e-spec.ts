import { randomUUID } from 'node:crypto';
import { signUp } from '../../support/api.js';
import { send, type Call, type Reply } from '../../support/surface/call.js';
import { foundCompany, type Company } from '../../support/surface/company.js';
import { contentsOf, type Contents } from '../../support/surface/database.js';
import { readOperations, type Operation, type Schema } from '../../support/surface/document.js';
import { validCall } from '../../support/surface/valid-calls.js';

const NUL = String.fromCharCode(0);
const INJECTIONS = [
  `'; DROP TABLE products; --`,
  `$1::text || current_user`,
  `=cmd|'/c calc'!A1`,
  '../../etc/passwd',
  `a${NUL}b`,
  '\ud800',
];

const operations = readOperations();
const named = (chosen: (operation: Operation) => boolean) =>
  operations.filter(chosen).map((operation) => [operation.id, operation] as const);
const takesJson = ({ body, isUpload }: Operation): boolean => body !== undefined && !isUpload;

const calls = new Map<string, Call>();
let company: Company;
let before: Contents;

const callOf = ({ id }: Operation): Call => calls.get(id) as Call;

async function sendIt(operation: Operation, changes: Partial<Call>): Promise<Reply> {
  const call = callOf(operation);
  const headers = { ...call.headers, ...changes.headers };
  const token = operation.permission === null ? null : (call.token ?? company.api.token);
  return send({ ...call, ...changes, headers }, token);
}

/** A refusal in the form that is promised, and nothing that tells of the inside. */
function expectProblem(reply: Reply, what: string): void {
  const { status, body, headers, text } = reply;
  expect({ what, refused: status >= 400 && status < 500, text }).toEqual({ what, refused: true, text });
  expect({ what, type: headers.get('content-type') }).toEqual({
    what,
    type: expect.stringMatching(/^application\/problem\+json/),
  });
  expect(body).toMatchObject({ status, code: expect.stringMatching(/^[a-z]+\.[a-z_]+$/), requestId: expect.any(String) });
  expect(text).not.toMatch(/node_modules|\.ts:\d|SELECT |INSERT |pg_catalog|stack/);
}

async function expectRefused(operation: Operation, what: string, changes: Partial<Call>, code?: string): Promise<Reply> {
  const reply = await sendIt(operation, changes);
  expectProblem(reply, what);
  if (code !== undefined) expect({ what, code: reply.body.code }).toEqual({ what, code });
  return reply;
}

/** Values that the field cannot take, by its type. */
function wrongValues({ type, format, enum: choices }: Schema): unknown[] {
  const types = [type].flat();
  if (choices) return ['no such choice', 7, {}];
  if (format === 'uuid') return ['not-a-uuid', 7, `${randomUUID()}'`, [], ...INJECTIONS];
  if (format === 'decimal') return ['NaN', 'Infinity', '1e309', '0x10', '1,5', true, {}, '9'.repeat(60), ...INJECTIONS];
  if (format === 'date' || format === 'date-time') return ['2026-02-30', '0000-00-00', 'yesterday', 7, {}, ...INJECTIONS];
  if (types.includes('integer')) return [1.5, '99999999999999999999', -1, {}, 'x'];
  if (types.includes('number')) return [1e300, -1, true, {}, 'x'];
  if (types.includes('boolean')) return ['perhaps', 7, {}];
  if (types.includes('array')) return ['x', 7, { length: 1e9 }, Array.from({ length: 5_000 }, () => 'x')];
  if (types.includes('object') || !types[0]) return ['x', 7, []];
  return [7, {}, [], true, `a${NUL}b`, '\ud800', 'x'.repeat(70_000)];
}

beforeAll(async () => {
  company = await foundCompany(await signUp(), `m${randomUUID().slice(0, 8)}`);
  for (const operation of operations) calls.set(operation.id, await validCall(operation, company));
  before = await contentsOf(company.api.tenant);
}, 240_000);

describe('a body that is no body', () => {
  it.each(named(takesJson))('should be refused by %s', async (_, operation) => {
    const valid = JSON.stringify(callOf(operation).body);
    const refuse = (what: string, changes: Partial<Call>, code?: string): Promise<Reply> =>
      expectRefused(operation, what, changes, code);
    await refuse('malformed', { body: valid.slice(0, -1) }, 'http.malformed_json');
    await refuse('two documents', { body: `${valid}${valid}` }, 'http.malformed_json');
    await refuse('a duplicate key', { body: valid === '{}' ? '{"a":1,"a":2}' : valid.replace(/^\{("[^"]+":)/, '{$1null,$1') });
    await refuse('prototype', { body: `{"__proto__":{"role":"admin"},${valid.slice(1)}` });
    await refuse('an array', { body: [] });
    await refuse('null', { body: 'null' });
    await refuse('text', { body: '"text"' });
    await refuse('not UTF-8', { body: new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]) });
    await refuse('deep nesting', { body: `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}` });
    await refuse('too much', { body: `{"a":"${'x'.repeat(3_000_000)}"}` }, 'http.body_too_large');
    await refuse('XML', { body: '<a/>', headers: { 'content-type': 'application/xml' } }, 'http.unsupported_media_type');
    await refuse(
      'a form',
      { body: 'a=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      'http.unsupported_media_type',
    );
  });
});

describe('a field that is wrong', () => {
  it.each(named(takesJson))('should be pointed at by %s', async (_, operation) => {
    const body = callOf(operation).body as Record<string, unknown>;
    const unknown = await expectRefused(
      operation,
      'unknown',
      { body: { ...body, 'no/such~field': 1 } },
      'http.validation_failed',
    );
    expect(unknown.body.errors).toEqual(expect.arrayContaining([expect.objectContaining({ pointer: '/no~1such~0field' })]));
    for (const [name, schema] of Object.entries(operation.body?.properties ?? {})) {
      for (const value of wrongValues(schema)) {
        const what = `${name} = ${(JSON.stringify(value) ?? '').slice(0, 60)}`;
        const reply = await expectRefused(operation, what, { body: { ...body, [name]: value } });
        const pointers = ((reply.body.errors ?? []) as unknown as { pointer: string }[]).map(({ pointer }) => pointer);
        expect({ what, pointed: pointers.some((pointer) => pointer.startsWith(`/${name}`)), pointers }).toEqual({
          what,
          pointed: true,
          pointers,
        });
      }
    }
    for (const name of operation.body?.required ?? []) {
      const { [name]: _left, ...rest } = body;
      const reply = await expectRefused(operation, `without ${name}`, { body: rest }, 'http.validation_failed');
      expect(reply.body.errors).toEqual(expect.arrayContaining([expect.objectContaining({ pointer: `/${name}` })]));
    }
  });
});

describe('a parameter that is wrong', () => {
  it.each(named(({ path }) => path.includes('{')))('should be refused in the path of %s', async (_, operation) => {
    for (const value of ['1', 'not-a-uuid', `${randomUUID()}'--`, '%00', '..%2f..%2fusers', 'a'.repeat(900)]) {
      const reply = await expectRefused(operation, value.slice(0, 40), { path: operation.path.replace(/\{\w+\}/g, value) });
      expect([400, 404, 414]).toContain(reply.status);
    }
  });

  it.each(named(({ parameters }) => parameters.some(({ in: place }) => place === 'query')))(
    'should be refused in the query of %s',
    async (_, operation) => {
      const { path } = callOf(operation);
      const wrong = ['noSuch=1'];
      for (const { name, in: place, schema } of operation.parameters) {
        if (place !== 'query') continue;
        const typed = [schema.type].flat().includes('integer') || schema.format !== undefined || schema.enum !== undefined;
        if (typed) wrong.push(`${name}=%27%3B--`, `${name}=`, `${name}[a]=1`);
        if (name === 'limit') wrong.push('limit=0', 'limit=-1', 'limit=1e9', 'limit=99999999999999999999', 'limit=1.5');
        if (name === 'cursor')
          wrong.push('cursor=x', 'cursor=eyJhIjoxfQ.AAAAAAAAAAAAAAAAAAAAAA', `cursor=${'a'.repeat(3000)}`, 'cursor=%00');
        wrong.push(`${name}=a%00b`);
      }
      for (const query of wrong) await expectRefused(operation, query.slice(0, 60), { path: `${path}?${query}` });
    },
  );

  it.each(named(({ parameters }) => parameters.some(({ name }) => /^(If-Match|Idempotency-Key)$/.test(name))))(
    'should be refused in the headers of %s',
    async (_, operation) => {
      for (const { name } of operation.parameters) {
        if (name === 'Idempotency-Key') {
          await expectRefused(
            operation,
            'a long key',
            { headers: { 'idempotency-key': 'k'.repeat(300) } },
            'http.invalid_idempotency_key',
          );
        }
        if (name === 'If-Match') {
          await expectRefused(operation, 'a stale version', { headers: { 'if-match': '"stale"' } }, 'http.precondition_failed');
          await expectRefused(operation, 'no version', { headers: { 'if-match': '' } }, 'http.precondition_required');
        }
      }
    },
  );

  it('should be refused when a header is too long', async () => {
    const reply = await send({ method: 'GET', path: '/v1/me', headers: { 'x-long': 'x'.repeat(40_000) } }, company.api.token);
    expect([431, 400]).toContain(reply.status);
    const credential = await send({ method: 'GET', path: '/v1/me', headers: {} }, 'x'.repeat(9_000));
    expectProblem(credential, 'a credential of 9 KB');
  });
});

describe('an upload that is wrong', () => {
  it.each(named(({ isUpload }) => isUpload))('should be refused by %s', async (_, operation) => {
    const form = (fields: [string, string | Blob][]): FormData => {
      const data = new FormData();
      for (const [name, value] of fields) data.append(name, value);
      return data;
    };
    const file = new Blob(['code,name\nA,B\n']);
    const forms: [string, FormData][] = [
      ['nothing', form([])],
      ['no file', form([['kind', 'stores']])],
      ['no kind', form([['file', file]])],
      [
        'an unknown kind',
        form([
          ['kind', 'users; --'],
          ['file', file],
        ]),
      ],
      [
        'an unknown field',
        form([
          ['kind', 'stores'],
          ['role', 'admin'],
          ['file', file],
        ]),
      ],
      [
        'a file of nothing',
        form([
          ['kind', 'stores'],
          ['file', new Blob([])],
        ]),
      ],
    ];
    for (const [what, body] of forms) await expectRefused(operation, what, { body });
    await expectRefused(operation, 'JSON', { body: { kind: 'stores' } });
    const cut = {
      body: '--x\r\nContent-Disposition: form-data; name="kind"\r\n\r\nsto',
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
    };
    await expectRefused(operation, 'a form that is cut off', cut);
  });
});

describe('all this input', () => {
  it('should have written nothing', async () => {
    expect(await contentsOf(company.api.tenant)).toEqual(before);
  });
});
