import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { projectRoot } from '../../../src/kernel/database/topology.js';
import { Api, PASSWORD } from '../../support/api.js';
import { openMediumDatabase, type MediumDatabase } from '../../support/medium-database.js';
import { eventually } from './tenancy-lab.js';

/** generous: whole processes start here, and a tenant's schema is built */
const LIMIT = 60_000;

let db: MediumDatabase;
let dataDir: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  db = await openMediumDatabase('killed_sign_up');
  dataDir = mkdtempSync(path.join(tmpdir(), 'fluxion-killed-'));
}, LIMIT);
afterAll(async () => {
  for (const child of children) await kill(child);
  await db.close();
  rmSync(dataDir, { recursive: true, force: true });
}, LIMIT);

/** An API process on the database. */
async function startApi(): Promise<{ child: ChildProcess; visitor: Api }> {
  const child = spawn(process.execPath, [path.join(projectRoot, 'dist/main.js')], {
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'test',
      DATABASE_URL: db.url,
      DATA_DIR: dataDir,
      HOST: '127.0.0.1',
      PORT: '0',
      RATE_LIMITS: '0',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  let url: string | undefined;
  createInterface({ input: child.stdout }).on('line', (line) => (url ??= /API (http:\/\/[\w.:]+)/.exec(line)?.[1]));
  await eventually(() => url, LIMIT);
  return { child, visitor: new Api(null, '', url) };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

const made = async () =>
  (await db.root.query<{ id: string; slug: string }>(`SELECT id, slug FROM shared.tenants WHERE slug LIKE 'killed%'`)).rows;
const waitsForOutbox = async () =>
  (await db.root.query(`SELECT FROM pg_locks WHERE relation = 'shared.outbox'::regclass AND NOT granted`)).rowCount;

describe('a process that is killed after the commit of a sign-up', () => {
  const key = { 'idempotency-key': 'sign-up-of-killed' };
  const body = {
    slug: 'killed',
    name: 'Bodega',
    admin: { email: 'ana@killed.example', password: PASSWORD, fullName: 'Ana' },
  };

  it(
    'should leave one tenant, and its answer to whoever repeats the request',
    async () => {
      const first = await startApi();
      // the step after the commit notes an event: it waits here until the process is gone
      await db.root.query('BEGIN; LOCK TABLE shared.outbox IN ACCESS EXCLUSIVE MODE');
      const answer = first.visitor.post('/v1/tenants', body, key).then(
        ({ status }) => status,
        () => 'none',
      );
      await eventually(async () => (await made()).length === 1 && (await waitsForOutbox()), LIMIT);
      await kill(first.child);
      expect(await answer).toBe('none');
      await db.root.query('ROLLBACK');

      const { visitor } = await startApi();
      const again = await visitor.post('/v1/tenants', body, key);
      const [tenant, ...more] = await made();
      expect(more).toEqual([]);
      expect(again.headers.get('idempotency-replayed')).toBe('true');
      const { adminId, ...rest } = again.body;
      expect([again.status, rest]).toEqual([201, { id: tenant?.id, slug: 'killed', name: 'Bodega', status: 'active' }]);
      const { rows } = await db.root.query('SELECT id FROM shared.tenant_users WHERE tenant_id = $1', [tenant?.id]);
      expect(rows).toEqual([{ id: adminId }]);

      const refusal = async (request: object, headers: Record<string, string>) => {
        const refused = await visitor.post('/v1/tenants', { ...body, ...request }, headers);
        return [refused.status, refused.body.code];
      };
      expect(await refusal({ slug: 'killed-2' }, key)).toEqual([422, 'http.idempotency_mismatch']);
      expect(await refusal({}, { 'idempotency-key': 'another' })).toEqual([409, 'tenancy.slug_taken']);
      expect(await refusal({}, {})).toEqual([409, 'tenancy.slug_taken']);
      expect(await made()).toEqual([tenant]);
      const login = { email: body.admin.email, password: PASSWORD, tenant: 'killed' };
      expect((await visitor.post('/v1/auth/login', login)).status).toBe(200);
    },
    3 * LIMIT,
  );
});
