import type { TokenPair } from '../../../src/tenancy/auth/session.service.js';
import { openMediumDatabase, type MediumDatabase } from '../../support/medium-database.js';
import { CALLER, codeOf, eventually, startProcess, type Process } from './tenancy-lab.js';

let db: MediumDatabase;
let one: Process;
let other: Process;
let userId: string;

beforeAll(async () => {
  db = await openMediumDatabase('tenancy_sessions');
  [one, other] = [await startProcess(db), await startProcess(db)];
  userId = await db.as(db.acme, () =>
    one.users.create({ email: 'luis@acme.example', fullName: 'Luis', role: 'user' }, 'no password'),
  );
});
afterAll(async () => {
  await one.end();
  await other.end();
  await db.close();
});

const open = () => one.sessions.open({ userId, tenantId: db.acme.id, role: 'user' }, CALLER);
const refresh = (refreshToken: string, at = one) => at.sessions.refresh(refreshToken, CALLER);
const recognised = async ({ accessToken }: TokenPair, at = one) =>
  (await codeOf(Promise.resolve().then(() => at.authenticator.authenticate(accessToken)))) === 'none';

describe('a session', () => {
  it('should hand out a new pair for each refresh token, once', async () => {
    const first = await open();
    const second = await refresh(first.refreshToken);
    const third = await refresh(second.refreshToken, other);
    expect(new Set([first, second, third].map(({ refreshToken }) => refreshToken)).size).toBe(3);
    expect(await recognised(third)).toBe(true);
  });

  it('should end in every process when a used refresh token comes back', async () => {
    const first = await open();
    const second = await refresh(first.refreshToken);
    expect([await recognised(second), await recognised(second, other)]).toEqual([true, true]);
    expect(await codeOf(refresh(first.refreshToken, other))).toBe('auth.refresh_reused');
    expect(await codeOf(refresh(second.refreshToken))).toBe('auth.invalid_refresh_token');
    await eventually(async () => !(await recognised(second)) && !(await recognised(second, other)));
  });

  it('should leave nothing alive of a family whose token was sent twice at once', async () => {
    for (let round = 0; round < 10; round++) {
      const { refreshToken } = await open();
      const tries = Array.from({ length: 8 }, (_, i) => refresh(refreshToken, i % 2 ? one : other));
      const pairs = (await Promise.allSettled(tries)).flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
      expect(pairs).toHaveLength(1);
      expect(await codeOf(refresh(pairs[0]!.refreshToken))).toBe('auth.invalid_refresh_token');
    }
  });

  it('should not be revived by a rotation that races with the detection of a theft', async () => {
    for (let round = 0; round < 10; round++) {
      const first = await open();
      const second = await refresh(first.refreshToken);
      const [rotated] = await Promise.allSettled([refresh(second.refreshToken), codeOf(refresh(first.refreshToken, other))]);
      const last = rotated.status === 'fulfilled' ? rotated.value : second;
      expect(await codeOf(refresh(last.refreshToken))).toBe('auth.invalid_refresh_token');
    }
  });

  it('should end with a log-out, and leave the other sessions of the person', async () => {
    const [here, there] = [await open(), await open()];
    const session = await one.authenticator.sessionOf(here.accessToken);
    await one.sessions.close(userId, session!, undefined);
    await eventually(async () => !(await recognised(here, other)));
    expect(await codeOf(refresh(here.refreshToken))).toBe('auth.invalid_refresh_token');
    expect(await recognised(there, other)).toBe(true);
    await one.sessions.closeAll(userId);
    await eventually(async () => !(await recognised(there, other)));
  });

  it('should end with a new password, but for the one that asked', async () => {
    const [here, there] = [await open(), await open()];
    const keep = await one.authenticator.sessionOf(here.accessToken);
    const actor = { user: userId, role: 'user' as const, via: 'http' };
    await db.as(db.acme, () => one.users.setPassword(userId, 'new', keep!), actor);
    await eventually(async () => !(await recognised(there)));
    expect(await recognised(here)).toBe(true);
  });

  it('should refuse tokens of nobody, of another form, expired ones and those of a tenant kept out', async () => {
    const { refreshToken } = await open();
    expect(await codeOf(refresh(`flxr_${'0'.repeat(48)}`))).toBe('auth.invalid_refresh_token');
    await db.root.query("UPDATE shared.tenants SET status = 'suspended' WHERE id = $1", [db.acme.id]);
    // the token is good once: it is not shown before the news has come
    await eventually(async () => (await one.tenants.byId(db.acme.id))?.status === 'suspended');
    expect(await codeOf(refresh(refreshToken))).toBe('tenancy.suspended');
    await db.root.query("UPDATE shared.tenants SET status = 'active' WHERE id = $1", [db.acme.id]);
    await eventually(async () => (await one.tenants.byId(db.acme.id))?.status === 'active');
    await db.root.query("UPDATE shared.sessions SET expires_at = now() - interval '1 second' WHERE used_at IS NULL");
    expect(await codeOf(refresh(refreshToken))).toBe('auth.invalid_refresh_token');
  });

  it('should refuse a token that was signed by others or for another purpose', async () => {
    const { accessToken } = await open();
    const [header, payload, signature] = accessToken.split('.') as [string, string, string];
    const forged = [
      `${header}.${payload}.${signature.replace(/^./, (letter) => (letter === 'A' ? 'B' : 'A'))}`,
      `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${payload}.`,
      `${header}.${Buffer.from(JSON.stringify({ sub: userId })).toString('base64url')}.${signature}`,
      'flx_0000',
      'x',
    ];
    for (const token of forged) {
      expect(await codeOf(Promise.resolve().then(() => one.authenticator.authenticate(token)))).toBe('auth.invalid_token');
    }
  });
});

describe('the sweep', () => {
  it('should forget what expired long ago, of the registry and of every tenant, and nothing else', async () => {
    const kept = await open();
    await open();
    await db.root.query(`UPDATE shared.sessions SET expires_at = now() - interval '8 days'
      WHERE id = (SELECT id FROM shared.sessions ORDER BY created_at DESC LIMIT 1)`);
    await db.root.query(`INSERT INTO shared.idempotency_keys (operation, key, request_hash, expires_at)
      VALUES ('op', 'old', 'x', now() - interval '1 hour'), ('op', 'new', 'x', now() + interval '1 hour')`);
    for (const tenant of [db.acme, db.beta]) {
      await db.as(tenant, () =>
        db.unit.execute(`INSERT INTO idempotency_keys (operation, key, request_hash, expires_at)
          SELECT 'op', i::text, 'x', now() + (i - 1000) * interval '1 minute' FROM generate_series(0, 1001) i`),
      );
    }
    // 1,000 and one in each tenant take two statements
    expect(await one.sweep.sweep()).toEqual({ removed: 1 + 2 * 1001 });
    const { rows } = await db.root.query(`SELECT (SELECT array_agg(key) FROM shared.idempotency_keys) AS registry,
      (SELECT count(*)::int FROM ${db.acme.schema}.idempotency_keys) AS tenant`);
    expect(rows).toEqual([{ registry: ['new'], tenant: 1 }]);
    expect(await recognised(await refresh(kept.refreshToken))).toBe(true);
  });
});
