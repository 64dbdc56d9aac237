import type { Actor } from '../../../src/kernel/database/tenant-context.js';
import { openMediumDatabase, type MediumDatabase } from '../../support/medium-database.js';
import { codeOf } from './tenancy-lab.js';

let db: MediumDatabase;
let admin: string;

beforeAll(async () => {
  db = await openMediumDatabase('tenancy_halves');
  const { rows } = await db.root.query<{ id: string }>('SELECT id FROM shared.tenant_users WHERE tenant_id = $1', [db.acme.id]);
  admin = rows[0]!.id;
});
afterAll(() => db.close());

type Changes = Record<string, unknown>;
const save = (id: string | null, changes: Changes, actor: Partial<Actor> = {}, tenant = db.acme) =>
  db
    .as(
      tenant,
      () => db.unit.query<{ id: string | null }>('SELECT gate.save_user($1, $2) AS id', [id, JSON.stringify(changes)]),
      actor,
    )
    .then((rows) => rows[0]!.id);
const newUser = async (changes: Changes = {}, tenant = db.acme) =>
  (await save(null, { email: `u${Math.random()}@x.example`, full_name: 'x', ...changes }, {}, tenant))!;

/** What `db audit` compares: every user is in both halves, and what both know is the same. */
async function differences(): Promise<unknown[]> {
  const { rows } = await db.root.query(
    `SELECT s.id, t.id, s.email, t.email, s.role, t.role FROM shared.tenant_users s
       FULL JOIN ${db.acme.schema}.users t ON t.id = s.id
      WHERE coalesce(s.tenant_id, t.tenant_id) = $1
        AND (s.id IS NULL OR t.id IS NULL
             OR (s.email::text, s.full_name, s.role, s.is_active) IS DISTINCT FROM (t.email::text, t.full_name, t.role, t.is_active))`,
    [db.acme.id],
  );
  return rows;
}

describe('the two halves of a user', () => {
  it('should be the same whatever is saved, refused or rolled back', async () => {
    const ids = [await newUser(), await newUser(), await newUser()];
    const values: Changes[] = [
      { role: 'manager' },
      { is_active: false },
      { is_active: true, role: 'viewer' },
      { full_name: 'Nuevo nombre', username: null },
      { email: 'same@x.example' },
      { email: 'SAME@x.example' },
      { role: 'emperor' },
      { username: 'taken' },
      { store_ids: ['01890000-0000-7000-8000-000000000001'] },
      { preferences: { locale: 'en' }, timezone: 'UTC' },
    ];
    let refused = 0;
    for (let i = 0; i < 60; i++) {
      const change = () => save(ids[i % 3]!, values[(i * 7) % values.length]!);
      const undone = db.as(db.acme, () =>
        db.unit.transaction(async () => {
          await db.unit.query('SELECT gate.save_user($1, $2)', [
            ids[i % 3],
            JSON.stringify({ role: 'manager', email: `${i}@y.example` }),
          ]);
          throw new Error('undone');
        }),
      );
      if ((await codeOf(Promise.all([change(), undone.catch(() => undefined)]))) !== 'none') refused++;
    }
    expect(refused).toBeGreaterThan(10);
    expect(await differences()).toEqual([]);
  });

  it('should keep the hash out of the tenant and its audit stream', async () => {
    const [row] = await db.as(db.acme, () =>
      db.unit.query<{ id: string }>('SELECT gate.save_user(NULL, $1, $2) AS id', [
        JSON.stringify({ email: 'hash@x.example', full_name: 'x' }),
        '$argon2id$THEHASH',
      ]),
    );
    await db.as(db.acme, () => db.unit.execute('SELECT gate.set_password($1, $2)', [row!.id, '$argon2id$THEHASH']));
    const { rows } = await db.root.query<{ found: boolean }>(
      `SELECT EXISTS (SELECT FROM ${db.acme.schema}.users u WHERE u::text LIKE '%THEHASH%')
           OR EXISTS (SELECT FROM ${db.acme.schema}.events e WHERE e::text LIKE '%THEHASH%') AS found`,
    );
    expect(rows[0]!.found).toBe(false);
  });

  it('should be out of reach of a tenant that writes by itself', async () => {
    const attacks = [
      `UPDATE users SET role = 'admin'`,
      `UPDATE users SET store_ids = NULL`,
      `UPDATE users SET permissions = '{"grant":["users.write"]}'`,
      `UPDATE users SET is_active = true, email = 'me@x.example'`,
      `INSERT INTO users (email, full_name, role) VALUES ('x@x.example', 'x', 'admin')`,
      `DELETE FROM users`,
      `UPDATE shared.tenant_users SET role = 'admin'`,
      `SELECT password_hash FROM shared.tenant_users`,
      `SELECT key_hash FROM shared.api_keys`,
    ];
    for (const sql of attacks) expect([sql, await codeOf(db.as(db.acme, () => db.unit.query(sql)))]).toEqual([sql, '42501']);
  });
});

describe('gate.save_user', () => {
  it('should let people change their own profile and nothing else', async () => {
    const id = await newUser({ role: 'user' });
    const other = await newUser();
    const actor = { user: id, role: 'user' as const, via: 'http' };
    expect(await save(id, { full_name: 'Yo', username: 'yo', preferences: { locale: 'en' } }, actor)).toBe(id);
    for (const changes of [
      { role: 'admin' },
      { is_active: true },
      { store_ids: null },
      { permissions: {} },
      { email: 'a@b.example' },
    ]) {
      expect(await codeOf(save(id, changes, actor))).toBe('42501');
    }
    expect(await codeOf(save(other, { full_name: 'x' }, actor))).toBe('42501');
    expect(await codeOf(save(null, { email: 'new@x.example', full_name: 'x' }, actor))).toBe('42501');
    expect(await codeOf(save(id, { tenant_id: db.beta.id }))).toBe('22023');
  });

  it('should not reach users of another tenant, whatever schema is named', async () => {
    const foreign = await newUser({}, db.beta);
    expect(await save(foreign, { full_name: 'mine' })).toBeNull();
    const forged = db.as(db.acme, () =>
      db.unit.query<{ id: string | null }>('SELECT gate.save_user($1, $2, NULL, $3) AS id', [
        foreign,
        '{"role":"admin"}',
        db.beta.schema,
      ]),
    );
    expect((await forged)[0]!.id).toBeNull();
    const { rows } = await db.root.query('SELECT full_name, role FROM shared.tenant_users WHERE id = $1', [foreign]);
    expect(rows).toEqual([{ full_name: 'x', role: 'user' }]);
  });

  it('should refuse stores that do not exist', async () => {
    const [store] = await db.as(db.acme, () =>
      db.unit.query<{ id: string }>(`INSERT INTO stores (code, name) VALUES ('T1', 'Tienda') RETURNING id`),
    );
    const id = await newUser();
    expect(await codeOf(save(id, { store_ids: [store!.id, '01890000-0000-7000-8000-000000000001'] }))).toBe(
      'users_store_ids_fkey',
    );
    expect(await save(id, { store_ids: [store!.id] })).toBe(id);
  });

  it('should end sessions and keys of somebody who is deactivated, for good', async () => {
    const id = await newUser({ role: 'admin' });
    await db.root.query(
      `INSERT INTO shared.sessions (family_id, tenant_id, user_id, token_hash, expires_at) VALUES (ext.uuid_v7(), $1, $2, '\\x01', now() + interval '1 day')`,
      [db.acme.id, id],
    );
    const actor = { user: id, role: 'admin' as const, via: 'http' };
    await db.as(
      db.acme,
      () =>
        db.unit.query('SELECT gate.create_api_key($1, $2)', ['{"name":"k","prefix":"flx_1","role":"admin"}', Buffer.from([2])]),
      actor,
    );
    await save(id, { is_active: false });
    await save(id, { is_active: true, role: 'user' });
    const { rows } = await db.root.query(
      `SELECT (SELECT revoked_reason FROM shared.sessions WHERE user_id = $1) AS session,
              (SELECT revoked_at IS NOT NULL FROM shared.api_keys WHERE user_id = $1) AS key`,
      [id],
    );
    expect(rows).toEqual([{ session: 'deactivated', key: true }]);
  });
});

describe('the last administrator', () => {
  it('should stay, whoever writes', async () => {
    expect(await codeOf(save(admin, { role: 'manager' }))).toBe('tenant_users_last_admin');
    expect(await codeOf(save(admin, { is_active: false }))).toBe('tenant_users_last_admin');
    expect(await codeOf(db.root.query('DELETE FROM shared.tenant_users WHERE id = $1', [admin]))).toBe('tenant_users_last_admin');
    expect(await codeOf(db.root.query(`UPDATE shared.tenant_users SET role = 'user' WHERE id = $1`, [admin]))).toBe(
      'tenant_users_last_admin',
    );
  });

  it('should be one of two who demote each other at once', async () => {
    for (let round = 0; round < 15; round++) {
      const second = await newUser({ role: 'admin' });
      const first = (await admins())[0]!;
      const codes = await Promise.all([codeOf(save(first, { role: 'user' })), codeOf(save(second, { is_active: false }))]);
      expect(codes.toSorted()).toEqual(['none', 'tenant_users_last_admin']);
      expect(await admins()).toHaveLength(1);
    }
    expect(await differences()).toEqual([]);
  });

  it('should not stand in the way of the end of a tenant', async () => {
    await db.root.query("UPDATE shared.tenants SET status = 'deleting' WHERE id = $1", [db.beta.id]);
    expect(await codeOf(db.root.query('DELETE FROM shared.tenant_users WHERE tenant_id = $1', [db.beta.id]))).toBe('none');
  });
});

async function admins(): Promise<string[]> {
  const { rows } = await db.root.query<{ id: string }>(
    `SELECT id FROM shared.tenant_users WHERE tenant_id = $1 AND role = 'admin' AND is_active ORDER BY id`,
    [db.acme.id],
  );
  return rows.map(({ id }) => id);
}
