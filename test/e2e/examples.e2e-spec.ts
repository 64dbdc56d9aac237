import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { addSundries } from '../../src/demo/sundries.js';
import { boot } from '../../src/demo/boot.js';
import { writeDemo } from '../../src/demo/demo-files.js';
import { EXAMPLE_ID } from '../../src/kernel/openapi/example-ids.js';
import { ApiSession } from '../../src/kernel/runtime/api-session.js';
import { DEMO_TENANT } from '../../src/kernel/runtime/demo-login.js';
import { localDateOf } from '../../src/kernel/time/zone.js';
import { logIn, PASSWORD, until } from '../support/api.js';
import { send, type Call, type Reply } from '../support/surface/call.js';
import { readOperations, type Operation } from '../support/surface/document.js';

/** Operations whose example cannot run unedited: what they need is a secret that no document may hold. Each has another test. */
const NEEDS_A_SECRET: Readonly<Record<string, { why: string; test: string; calls: string }>> = {
  refreshSession: {
    why: 'a refresh token is given out at log-in and works once',
    test: 'test/e2e/tenancy.e2e-spec.ts',
    calls: '/v1/auth/refresh',
  },
  changePassword: {
    why: "it asks for the caller's own password",
    test: 'test/e2e/tenancy.e2e-spec.ts',
    calls: '/v1/me/password',
  },
};

/** The newest of the demo's two years of sales: enough for a forecast and for every kind of sale. */
const LINES = 15_000;
const ADMIN = { tenant: DEMO_TENANT, email: `admin@${DEMO_TENANT}.example`, password: PASSWORD };

interface Served {
  operationId: string;
  parameters?: {
    name: string;
    in: string;
    required?: boolean;
    example?: unknown;
    schema: { example?: unknown; default?: unknown };
  }[];
  requestBody?: { content: Record<string, { examples?: Record<string, { value: Record<string, unknown> }> }> };
}

const home = mkdtempSync(path.join(tmpdir(), 'flx-examples-'));
const operations = readOperations();
// the one that ends the session of whoever tries it comes last
const runnable = operations
  .filter(({ id }) => !(id in NEEDS_A_SECRET))
  .toSorted((left, right) => Number(left.id === 'logOut') - Number(right.id === 'logOut'));
const served = new Map<string, Served>();
let token: string | null;

/** A small demo, by the way that the demo itself goes: its own files, taken in by the import. */
async function buildDemo(): Promise<void> {
  const files = path.join(home, 'files');
  await writeDemo(files, { today: localDateOf(new Date(), 'America/Caracas'), seed: 'fluxion' });
  const sales = path.join(files, 'sales.csv');
  writeFileSync(sales, readFileSync(sales, 'utf8').split('\n').slice(0, LINES).join('\n'));
  const { signal } = new AbortController();
  const session = new ApiSession(String(process.env.APP_URL), ADMIN, signal);
  await session.open('Fluxion Demo');
  await boot({ session, dataDir: home, folder: { path: files, shift: false }, log: () => undefined, signal });
  await addSundries(session);
}

beforeAll(async () => {
  await buildDemo();
  const api = await logIn(DEMO_TENANT, ADMIN.email);
  token = api.token;
  await until(
    async () => ((await api.get('/v1/alerts?status=active')).body.data as unknown as unknown[]).length >= 3,
    'three alerts',
    60,
  );
  await until(
    async () => ((await api.get('/v1/replenishment/suggestions')).body.data as unknown as unknown[]).length >= 3,
    'three suggestions',
    60,
  );
  const { paths } = (await (await fetch(`${process.env.APP_URL}/docs-json`)).json()) as {
    paths: Record<string, Record<string, Served>>;
  };
  for (const methods of Object.values(paths)) for (const one of Object.values(methods)) served.set(one.operationId, one);
}, 300_000);

afterAll(() => rmSync(home, { recursive: true, force: true }));

/** What Swagger UI sends when nothing is touched: every parameter that has an example or a default. */
function parametersOf({ parameters = [] }: Served, place: string): [string, string][] {
  return parameters
    .filter((parameter) => parameter.in === place)
    .flatMap(({ name, example, schema }) => {
      const value = example ?? schema.example ?? schema.default;
      return value === undefined ? [] : [[name, String(value)] as [string, string]];
    });
}

function formOf(value: Record<string, unknown>): FormData {
  const form = new FormData();
  for (const [name, part] of Object.entries(value)) {
    if (name !== 'file') form.append(name, String(part));
  }
  form.append('file', new Blob([String(value['file'])]), 'example.csv');
  return form;
}

/** The calls of an operation, one for each example of its body. */
function callsOf(operation: Operation): Call[] {
  const shown = served.get(operation.id) as Served;
  const inPath = new Map(parametersOf(shown, 'path'));
  const query = new URLSearchParams(parametersOf(shown, 'query')).toString();
  const base = {
    method: operation.method,
    path:
      operation.path.replace(/\{(\w+)\}/g, (_, name: string) => inPath.get(name) ?? `no example for ${name}`) +
      (query && `?${query}`),
    headers: Object.fromEntries(parametersOf(shown, 'header')),
    isStream: operation.isStream,
  };
  if (!shown.requestBody) return [base];
  const examples = Object.values(shown.requestBody.content).flatMap((content) => Object.values(content.examples ?? {}));
  return examples.map(({ value }) => ({ ...base, body: operation.isUpload ? formOf(value) : value }));
}

describe('the examples of the served document', () => {
  it.each(runnable.map((operation) => [operation.id, operation] as const))(
    'should run as they stand: %s',
    async (_, operation) => {
      const calls = callsOf(operation);
      expect(calls.length).toBeGreaterThan(0);
      for (const call of calls) {
        expect(JSON.stringify(call)).not.toContain(EXAMPLE_ID);
        const { status, text }: Reply = await send(call, operation.permission === null ? null : token);
        expect({ call, status, text: operation.success.includes(status) ? '' : text }).toEqual({
          call,
          status: operation.success[0],
          text: '',
        });
      }
    },
  );

  it('should be of the demo alone: the committed document names nothing that exists', () => {
    const committed = readFileSync('docs/openapi.json', 'utf8');
    for (const [, shown] of served) for (const [, id] of parametersOf(shown, 'path')) expect(committed).not.toContain(id);
  });
});

describe('an operation whose example needs a secret', () => {
  it.each(Object.entries(NEEDS_A_SECRET))('should exist and be tested elsewhere: %s', (id, { test, calls }) => {
    expect(operations.map((operation) => operation.id)).toContain(id);
    expect(existsSync(test) && readFileSync(test, 'utf8')).toContain(calls);
  });
});
