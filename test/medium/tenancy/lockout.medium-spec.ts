import { openMediumDatabase, type MediumDatabase } from '../../support/medium-database.js';
import { CALLER, codeOf, startProcess, type Process } from './tenancy-lab.js';

const PASSWORD = 'cuatro palabras nada comunes';

let db: MediumDatabase;
let sut: Process;

beforeAll(async () => {
  db = await openMediumDatabase('tenancy_lockout');
  sut = await startProcess(db);
});
afterAll(async () => {
  await sut.end();
  await db.close();
});

async function newUser(email: string, tenant = db.acme, password = PASSWORD): Promise<string> {
  const hash = await sut.hasher.hash(password);
  return db.as(tenant, () => sut.users.create({ email, fullName: email, role: 'user' }, hash));
}

const logIn = (email: string, password = PASSWORD, tenant?: string) =>
  sut.logins.logIn({ email, password, ...(tenant ? { tenant } : {}) }, undefined, CALLER);

async function lockOf(id: string): Promise<{ failures: number; seconds: number }> {
  const { rows } = await db.root.query<{ failures: number; seconds: number }>(
    `SELECT failed_logins AS failures, coalesce(round(extract(epoch FROM locked_until - now())), 0)::int AS seconds
       FROM shared.tenant_users WHERE id = $1`,
    [id],
  );
  return rows[0]!;
}

const endLock = (id: string) => db.root.query('UPDATE shared.tenant_users SET locked_until = NULL WHERE id = $1', [id]);

describe('log-in', () => {
  it('should not care for capitals in the e-mail', async () => {
    await newUser('Maria@Acme.example');
    expect(await codeOf(logIn('MARIA@acme.EXAMPLE'))).toBe('none');
  });

  it('should lock after five wrong passwords, also for the right one, and longer each time', async () => {
    const id = await newUser('pedro@acme.example');
    for (let i = 0; i < 5; i++) expect(await codeOf(logIn('pedro@acme.example', 'wrong'))).toBe('auth.invalid_credentials');
    expect(await codeOf(logIn('pedro@acme.example'))).toBe('auth.locked');
    const first = await lockOf(id);
    expect(first.failures).toBe(5);
    await endLock(id);
    expect(await codeOf(logIn('pedro@acme.example', 'wrong'))).toBe('auth.invalid_credentials');
    expect((await lockOf(id)).seconds).toBeGreaterThan(first.seconds + 20);
  });

  it('should start to count anew after a right password', async () => {
    const id = await newUser('rosa@acme.example');
    for (let i = 0; i < 4; i++) await codeOf(logIn('rosa@acme.example', 'wrong'));
    expect(await codeOf(logIn('rosa@acme.example'))).toBe('none');
    expect(await lockOf(id)).toEqual({ failures: 0, seconds: 0 });
  });

  it('should look at no more of many guesses at once than one after the other', async () => {
    const id = await newUser('juan@acme.example');
    const codes = await Promise.all(Array.from({ length: 40 }, (_, i) => codeOf(logIn('juan@acme.example', `guess ${i}`))));
    expect(codes.filter((code) => code === 'auth.invalid_credentials')).toHaveLength(5);
    expect(codes.filter((code) => code === 'auth.locked')).toHaveLength(35);
    expect((await lockOf(id)).failures).toBe(5);
  });

  it('should answer for an e-mail that nobody has as for a wrong password', async () => {
    const codes: string[] = [];
    for (let i = 0; i < 6; i++) codes.push(await codeOf(logIn('nobody@acme.example', 'wrong')));
    expect(codes).toEqual([...Array.from({ length: 5 }, () => 'auth.invalid_credentials'), 'auth.locked']);
  });

  it('should note log-ins and locks in the audit stream', async () => {
    const id = await newUser('eva@acme.example');
    await logIn('eva@acme.example');
    for (let i = 0; i < 5; i++) await codeOf(logIn('eva@acme.example', 'wrong'));
    const events = await db.as(db.acme, () =>
      db.unit.query<{ type: string; user: string | null; ip: string }>(
        `SELECT event_type AS type, user_id AS user, host(ip_address) AS ip FROM events WHERE entity_id = $1 AND event_type <> 'user.created' ORDER BY id`,
        [id],
      ),
    );
    expect(events).toEqual([
      { type: 'user.logged_in', user: id, ip: CALLER.ip },
      { type: 'user.locked', user: null, ip: CALLER.ip },
    ]);
  });
});

describe('one e-mail in several tenants', () => {
  it('should be asked which, by name, only with the right password', async () => {
    await newUser('both@x.example');
    await newUser('both@x.example', db.beta);
    expect(await codeOf(logIn('both@x.example', 'wrong'))).toBe('auth.invalid_credentials');
    await expect(logIn('both@x.example')).rejects.toMatchObject({
      code: 'auth.choose_tenant',
      extra: {
        tenants: [
          { slug: 'acme', name: 'acme' },
          { slug: 'beta', name: 'beta' },
        ],
      },
    });
    const pair = await logIn('both@x.example', PASSWORD, 'beta');
    expect(await sut.authenticator.authenticate(pair.accessToken)).toMatchObject({ tenantId: db.beta.id });
    expect(await codeOf(logIn('both@x.example', PASSWORD, db.acme.id))).toBe('none');
    expect(await codeOf(logIn('both@x.example', PASSWORD, 'gamma'))).toBe('auth.invalid_credentials');
  });

  it('should lead to the one whose password it is', async () => {
    await newUser('two@x.example', db.acme, 'first password of two');
    await newUser('two@x.example', db.beta, 'second password of two');
    const pair = await logIn('two@x.example', 'second password of two');
    expect(await sut.authenticator.authenticate(pair.accessToken)).toMatchObject({ tenantId: db.beta.id });
  });

  it('should not let the owner of one account guess at the other for ever', async () => {
    const victim = await newUser('victim@x.example');
    await newUser('victim@x.example', db.beta, 'known to the attacker');
    for (let i = 0; i < 6; i++) await codeOf(logIn('victim@x.example', 'known to the attacker'));
    expect((await lockOf(victim)).failures).toBe(5);
  });

  it('should refuse names that do not agree', async () => {
    await newUser('named@x.example');
    const request = { email: 'named@x.example', password: PASSWORD };
    expect(await codeOf(sut.logins.logIn({ ...request, tenant: 'acme' }, 'beta', CALLER))).toBe('tenancy.mismatch');
    expect(await codeOf(sut.logins.logIn({ ...request, tenant: 'acme' }, db.acme.id, CALLER))).toBe('none');
    expect(await codeOf(sut.logins.logIn(request, 'beta', CALLER))).toBe('auth.invalid_credentials');
  });
});

describe('people and tenants kept out', () => {
  it('should learn so with the right password only', async () => {
    const id = await newUser('gone@acme.example');
    await db.as(db.acme, () => sut.users.update(id, { isActive: false }));
    expect(await codeOf(logIn('gone@acme.example', 'wrong'))).toBe('auth.invalid_credentials');
    expect(await codeOf(logIn('gone@acme.example'))).toBe('auth.user_inactive');
    await newUser('kept@beta.example', db.beta);
    await db.root.query("UPDATE shared.tenants SET status = 'suspended' WHERE id = $1", [db.beta.id]);
    expect(await codeOf(logIn('kept@beta.example'))).toBe('tenancy.suspended');
  });
});
