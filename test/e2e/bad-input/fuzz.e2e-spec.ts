import { randomUUID } from 'node:crypto';
import fc, { type Arbitrary } from 'fast-check';
import { settled, signUp, until, type Any } from '../../support/api.js';
import { send, type Call, type Reply } from '../../support/surface/call.js';
import { foundCompany, type Company } from '../../support/surface/company.js';
import { contentsOf, type Contents } from '../../support/surface/database.js';
import { readOperations, type Operation } from '../../support/surface/document.js';
import { isNamed, namedId, validCall } from '../../support/surface/valid-calls.js';
import { wildCalls } from '../../support/surface/wild-calls.js';

/** The same calls in every run; FUZZ_SEED and FUZZ_RUNS look for others. A failure tells the smallest call that has it. */
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_121);
const RUNS = Number(process.env.FUZZ_RUNS ?? 80);
/** a stream is read for a while each time */
const STREAM_RUNS = 10;

/** What tells of the inside: a stack, SQL, a path, names of the database. */
const INSIDE =
  /node_modules|\n\s+at |\.[tj]s:\d|SELECT |INSERT |pg_catalog|syntax error at|violates |relation \\?"|QueryFailed|TypeError|ECONN|gate\.|shared\./;

const operations = readOperations();
const calls = new Map<string, Call>();
/** operations of which at least one call was right */
const served = new Set<string>();
let company: Company;
let neighbour: string;
let before: Contents;

/** Mostly the thing that the name means; else another one, or none. */
function idOf(name: string): Arbitrary<string> {
  const any = fc.constantFrom(...Object.values(company.ids));
  const meant = isNamed(name) ? fc.constant(namedId(company, name)) : any;
  return fc.oneof({ weight: 6, arbitrary: meant }, { weight: 1, arbitrary: any }, { weight: 1, arbitrary: fc.uuid() });
}

/** An answer that was foreseen: no failure of ours, and an error in the promised form. */
function expectSound(operation: Operation, call: Call, reply: Reply): void {
  const { status, text, body, headers } = reply;
  const what = `${call.method} ${call.path} ${JSON.stringify(call.headers)} ${JSON.stringify(call.body ?? null).slice(0, 2_000)}`;
  if (status >= 500) throw new Error(`${what} was answered ${status}: ${text}`);
  if (status < 400) return;
  if (!operation.statuses.includes(status) && !TRANSPORT.has(status))
    throw new Error(`${what}: ${status} is not documented: ${text}`);
  const isProblem =
    (headers.get('content-type') ?? '').startsWith('application/problem+json') && body.status === (status as unknown);
  if (!isProblem || !/^[a-z]+\.[a-z_]+$/.test(String(body.code)))
    throw new Error(`${what} was answered no problem: ${status} ${text}`);
  if (INSIDE.test(text)) throw new Error(`${what} tells of the inside: ${text}`);
}

/** Refusals of HTTP itself, which any request may get whatever the operation. */
const TRANSPORT = new Set([400, 404, 405, 406, 408, 413, 414, 415, 431]);

beforeAll(async () => {
  company = await foundCompany(await signUp(), `m${randomUUID().slice(0, 8)}`);
  for (const operation of operations) calls.set(operation.id, await validCall(operation, company));
  neighbour = (await settled(await signUp())).tenant;
  before = await contentsOf(neighbour);
}, 240_000);

describe('any input at all', () => {
  it.each(operations.map((operation) => [operation.id, operation] as const))(
    'should be answered soundly by %s',
    async (id, operation) => {
      const right = calls.get(id) as Call;
      const token = operation.permission === null ? null : (right.token ?? company.api.token);
      const property = fc.asyncProperty(wildCalls(operation, right, idOf), async (call) => {
        const reply = await send(call, token);
        if (reply.status < 300) served.add(id);
        expectSound(operation, call, reply);
      });
      await fc.assert(property, {
        seed: SEED,
        numRuns: operation.isStream ? Math.min(STREAM_RUNS, RUNS) : RUNS,
        endOnFailure: true,
      });
    },
    Math.max(120_000, RUNS * 2_000),
  );
});

describe('after all of it', () => {
  it('should have reached what is behind the checks nearly everywhere', () => {
    expect(operations.length - served.size).toBeLessThanOrEqual(3);
  });

  it('should be ready, and every import and run should have ended', async () => {
    expect((await send({ method: 'GET', path: '/health/ready', headers: {} }, null)).status).toBe(200);
    for (const list of ['/v1/imports?limit=200', '/v1/forecasts/runs?limit=200']) {
      await until(
        async () => {
          const rows = (await company.api.get(list)).body.data as unknown as Any[];
          return rows.every(({ status }) => /^(completed|failed|cancelled)$/.test(String(status)));
        },
        `${list} to end`,
        120,
      );
    }
  });

  it('should have stock that is the sum of its movements', async () => {
    expect((await company.api.get('/v1/inventory/integrity')).body).toMatchObject({ consistent: true, differing: 0 });
  });

  it('should have left another company alone', async () => {
    expect(await contentsOf(neighbour)).toEqual(before);
  });
});
