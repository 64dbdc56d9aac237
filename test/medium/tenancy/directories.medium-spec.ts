import type { Principal } from '../../../src/kernel/auth/authenticator.js';
import { openMediumDatabase, type MediumDatabase } from '../../support/medium-database.js';
import { secretHash } from '../../../src/tenancy/auth/secret-token.js';
import { CALLER, codeOf, eventually, startProcess, type Process } from './tenancy-lab.js';

let db: MediumDatabase;
let processes: Process[];

beforeAll(async () => {
  db = await openMediumDatabase('tenancy_directories');
  processes = [await startProcess(db), await startProcess(db)];
});
afterAll(async () => {
  for (const one of processes) await one.end();
  await db.close();
});

const setStatus = (status: string) => db.root.query('UPDATE shared.tenants SET status = $2 WHERE id = $1', [db.acme.id, status]);
const everywhere = (wanted: (one: Process) => Promise<boolean>) =>
  eventually(async () => (await Promise.all(processes.map(wanted))).every(Boolean));
const killListeners = () =>
  db.root.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'fluxion notifications'`);
const listening = () =>
  processes.every((one) => one.notifications.isListening('fluxion_tenants') && one.notifications.isListening('fluxion_access'));

describe('TenantDirectory', () => {
  it('should know a tenant by id, slug and role, and the template by none', async () => {
    const { tenants } = processes[0]!;
    for (const found of [
      tenants.byId(db.acme.id),
      tenants.bySlug('acme'),
      tenants.byRole(db.acme.role),
      tenants.find(db.acme.id),
    ]) {
      expect(await found).toMatchObject({ id: db.acme.id, slug: 'acme', schema: db.acme.schema, status: 'active' });
    }
    const { rows } = await db.root.query<{ id: string }>("SELECT id FROM shared.tenants WHERE status = 'template'");
    expect(await tenants.byId(rows[0]!.id)).toBeUndefined();
    const active: string[] = [];
    for await (const { slug } of tenants.active()) active.push(slug);
    expect(active.toSorted()).toEqual(['acme', 'beta']);
  });

  it('should answer from memory until a change is told, then show it in every process', async () => {
    const [one] = processes;
    const known = await one!.tenants.byId(db.acme.id);
    expect(await one!.tenants.byId(db.acme.id)).toBe(known);
    for (const status of ['suspended', 'inactive', 'active']) {
      await setStatus(status);
      await everywhere(async ({ tenants }) => (await tenants.byId(db.acme.id))?.status === status);
    }
  });

  it('should be kept from operators where a tenant is protected', async () => {
    const { operations, tenants } = processes[0]!;
    await db.root.query("INSERT INTO shared.protected_slugs (slug, kind, reason) VALUES ('acme', 'protected', 'test')");
    expect(await codeOf(operations.setStatus('acme', 'suspended'))).toBe('tenancy.protected');
    expect(await codeOf(operations.setStatus('nobody', 'suspended'))).toBe('http.not_found');
    await operations.setStatus('beta', 'suspended');
    await everywhere(async (one) => (await one.tenants.bySlug('beta'))?.status === 'suspended');
    await operations.setStatus('beta', 'active');
    await everywhere(async (one) => (await one.tenants.bySlug('beta'))?.status === 'active');
    expect(await tenants.bySlug('acme')).toMatchObject({ status: 'active' });
    const events = await db.as(db.beta, () =>
      db.unit.query("SELECT event_type FROM events WHERE entity_type = 'tenant' ORDER BY id"),
    );
    expect(events).toEqual([{ event_type: 'tenant.suspended' }, { event_type: 'tenant.activated' }]);
  });

  it('should show a change of a plan', async () => {
    await db.root.query("UPDATE shared.plans SET statement_timeout_ms = 1234 WHERE code = 'standard'");
    await everywhere(async ({ tenants }) => (await tenants.byId(db.acme.id))?.settings.statementTimeoutMs === 1234);
  });

  it('should not miss what happened while nobody listened, and listen again', async () => {
    await everywhere(async ({ tenants }) => (await tenants.byId(db.acme.id))?.status === 'active');
    await killListeners();
    await setStatus('suspended');
    await everywhere(async ({ tenants }) => (await tenants.byId(db.acme.id))?.status === 'suspended');
    await eventually(listening);
    await setStatus('active');
    await everywhere(async ({ tenants }) => (await tenants.byId(db.acme.id))?.status === 'active');
  });
});

describe('RequestAuthenticator', () => {
  const logIn = async (changes: object = {}) => {
    const [one] = processes;
    const userId = await db.as(db.acme, () =>
      one!.users.create({ email: `u${Math.random()}@acme.example`, fullName: 'x', role: 'user', ...changes }, 'x'),
    );
    const { accessToken } = await one!.sessions.open({ userId, tenantId: db.acme.id, role: 'user' }, CALLER);
    return { userId, accessToken };
  };
  const principal = async (token: string, at = processes[0]!): Promise<Principal> => at.authenticator.authenticate(token);

  it('should answer a known token at once, with the same principal', async () => {
    const { accessToken } = await logIn();
    const first = await principal(accessToken);
    const again = processes[0]!.authenticator.authenticate(accessToken);
    expect(again).not.toBeInstanceOf(Promise);
    expect(again).toBe(first);
  });

  it('should show a change of role, stores, permissions and activity in every process', async () => {
    const { userId, accessToken } = await logIn();
    await everywhere(async (one) => (await principal(accessToken, one)).role === 'user');
    const change = (changes: object) => db.as(db.acme, () => processes[0]!.users.update(userId, changes));
    const [store] = await db.as(db.acme, () =>
      db.unit.query<{ id: string }>(`INSERT INTO stores (code, name) VALUES ('S1', 'Tienda') RETURNING id`),
    );
    await change({ role: 'manager', storeIds: [store!.id] });
    await everywhere(async (one) => {
      const { role, stores, permissions } = await principal(accessToken, one);
      return role === 'manager' && stores?.[0] === store!.id && permissions.has('catalog.write');
    });
    await change({ permissions: { grant: ['audit.read'], revoke: ['catalog.write'] } });
    await everywhere(async (one) => {
      const { permissions } = await principal(accessToken, one);
      return permissions.has('audit.read') && !permissions.has('catalog.write');
    });
    await change({ isActive: false });
    await everywhere(async (one) => (await codeOf(principal(accessToken, one))) !== 'none');
  });

  it('should not miss a revocation while nobody listened', async () => {
    const { userId, accessToken } = await logIn();
    await everywhere(async (one) => (await codeOf(principal(accessToken, one))) === 'none');
    await killListeners();
    await processes[0]!.sessions.closeAll(userId);
    await everywhere(async (one) => (await codeOf(principal(accessToken, one))) === 'auth.invalid_token');
    await eventually(listening);
  });

  it('should give a key no more than it has, and no more than its person still has', async () => {
    const { userId } = await logIn({ role: 'admin' });
    const token = 'flx_0123456789abcdef';
    const actor = { user: userId, role: 'admin' as const, via: 'http' };
    const key = { name: 'k', prefix: 'flx_0123', role: 'manager', scopes: ['catalog.read', 'catalog.write', 'sales.write'] };
    await db.as(
      db.acme,
      () => db.unit.query('SELECT gate.create_api_key($1, $2)', [JSON.stringify(key), secretHash(token)]),
      actor,
    );
    await everywhere(async (one) => {
      const { role, permissions, via, userId: person } = await principal(token, one);
      return role === 'manager' && via === 'api-key' && person === userId && permissions.size === 3;
    });
    // noted beside the answer, not before it
    await eventually(
      async () => (await db.root.query('SELECT FROM shared.api_keys WHERE last_used_at IS NOT NULL')).rowCount === 1,
    );
    await db.as(db.acme, () => processes[0]!.users.update(userId, { role: 'user' }));
    await everywhere(async (one) => {
      const { role, permissions } = await principal(token, one);
      return role === 'user' && [...permissions].toSorted().join() === 'catalog.read,sales.write';
    });
    await db.root.query("UPDATE shared.api_keys SET expires_at = now() - interval '1 second'");
    await everywhere(async (one) => (await codeOf(principal(token, one))) === 'auth.expired_token');
  });
});
