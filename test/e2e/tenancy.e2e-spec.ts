import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { Api, logIn, PASSWORD, signUp, until, type Any } from '../support/api.js';

const visitor = new Api(null);
const newSlug = () => `t${randomBytes(5).toString('hex')}`;
const SECRET = 'otra clave larga de verdad';

let api: Api;
let other: Api;
let db: pg.Client;

beforeAll(async () => {
  db = new pg.Client({ connectionString: process.env.APP_DATABASE_URL });
  await db.connect();
  [api, other] = [await signUp(), await signUp()];
});
afterAll(() => db.end());

const signUpBody = (slug: string, more: object = {}) => ({
  slug,
  name: 'Bodega',
  admin: { email: `ana@${slug}.example`, password: PASSWORD, fullName: 'Ana' },
  ...more,
});
const etag = async (path: string, as = api) => (await as.get(path)).headers.get('etag') ?? '';
let people = 0;
/** Adds a person to the tenant of `as` and logs the person in. */
async function person(role: string, changes: object = {}, as = api): Promise<{ user: Any; client: Api }> {
  const email = `person${++people}@${as.tenant}.example`;
  const user = await as.create('/v1/users', { email, fullName: `Persona ${people}`, role, password: SECRET, ...changes });
  return { user, client: await logIn(as.tenant, email, SECRET) };
}
const refused = (status: number, code: string) =>
  expect.objectContaining({ status, body: expect.objectContaining({ status, code }) });

describe('POST /v1/tenants', () => {
  it('should make a tenant that can be logged in to at once', async () => {
    const slug = newSlug();
    const { status, body } = await visitor.post(
      '/v1/tenants',
      signUpBody(slug, { settings: { timezone: 'America/Bogota', currency: 'COP' } }),
    );
    expect(status).toBe(201);
    expect(body).toMatchObject({ slug, status: 'active', id: expect.any(String), adminId: expect.any(String) });
    const client = await logIn(slug, `ANA@${slug}.example`);
    expect((await client.get('/v1/me')).body).toMatchObject({
      userId: body.adminId,
      tenant: slug,
      role: 'admin',
      storeIds: null,
    });
    expect((await client.get('/v1/tenant')).body).toMatchObject({
      id: body.id,
      settings: { timezone: 'America/Bogota', currency: 'COP', secondCurrency: 'VES', locale: 'es-VE', negativeStock: false },
    });
  });

  it('should make one of two that ask for the same slug at once', async () => {
    const slug = newSlug();
    const answers = await Promise.all([0, 1, 2].map(() => visitor.post('/v1/tenants', signUpBody(slug))));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409]);
    for (const answer of answers.filter(({ status }) => status === 409))
      expect(answer).toEqual(refused(409, 'tenancy.slug_taken'));
  });

  it('should answer a repeated key with the first answer', async () => {
    const body = signUpBody(newSlug());
    const headers = { 'idempotency-key': randomBytes(8).toString('hex') };
    const first = await visitor.post('/v1/tenants', body, headers);
    const again = await visitor.post('/v1/tenants', body, headers);
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await visitor.post('/v1/tenants', { ...body, name: 'Otra' }, headers)).toEqual(
      refused(422, 'http.idempotency_mismatch'),
    );
  });

  it('should refuse names that are kept, weak passwords and what it does not know', async () => {
    expect(await visitor.post('/v1/tenants', signUpBody('admin'))).toEqual(refused(409, 'tenancy.slug_reserved'));
    const slug = newSlug();
    for (const password of ['password123', slug, `ana@${slug}.example`, 'aaaaaaaaaa']) {
      const weak = signUpBody(slug, { admin: { email: `ana@${slug}.example`, password, fullName: 'Ana' } });
      expect(await visitor.post('/v1/tenants', weak)).toEqual(refused(400, 'users.weak_password'));
    }
    const wrong = await visitor.post('/v1/tenants', {
      slug: 'Bad Slug',
      name: '',
      admin: { email: 'x', password: 'short' },
      extra: 1,
      settings: { timezone: 'Mars/Base', negativeStock: true },
    });
    expect(wrong).toEqual(refused(400, 'http.validation_failed'));
    expect(wrong.body.errors).toEqual(
      expect.arrayContaining(
        [
          '/slug',
          '/name',
          '/admin/email',
          '/admin/password',
          '/admin/fullName',
          '/extra',
          '/settings/timezone',
          '/settings/negativeStock',
        ].map((pointer) => expect.objectContaining({ pointer })),
      ),
    );
    const { rows } = await db.query('SELECT FROM shared.tenants WHERE slug = $1', [slug]);
    expect(rows).toEqual([]);
  });
});

describe('POST /v1/auth/login', () => {
  it('should answer the same for a wrong password and for nobody', async () => {
    const wrong = await visitor.post('/v1/auth/login', { email: `admin@${api.tenant}.example`, password: 'x' });
    const nobody = await visitor.post('/v1/auth/login', { email: `nobody@${api.tenant}.example`, password: 'x' });
    expect(wrong).toEqual(refused(401, 'auth.invalid_credentials'));
    expect({ ...nobody.body, requestId: 0 }).toEqual({ ...wrong.body, requestId: 0 });
  });

  it('should give a token pair, and no more', async () => {
    const { status, body } = await visitor.post('/v1/auth/login', { email: `admin@${api.tenant}.example`, password: PASSWORD });
    expect(status).toBe(200);
    expect(body).toEqual({ accessToken: expect.any(String), refreshToken: expect.stringMatching(/^flxr_/), expiresIn: 900 });
  });

  it('should ask which tenant, and take it from body or header, if they agree', async () => {
    const email = `both${newSlug()}@x.example`;
    for (const as of [api, other]) await as.create('/v1/users', { email, fullName: 'Both', role: 'user', password: SECRET });
    const asked = await visitor.post('/v1/auth/login', { email, password: SECRET });
    expect(asked).toEqual(refused(409, 'auth.choose_tenant'));
    const tenants = asked.body.tenants as unknown as { slug: string }[];
    expect(tenants.map(({ slug }) => slug).toSorted()).toEqual([api.tenant, other.tenant].toSorted());
    const named = (body: object, headers = {}) => visitor.post('/v1/auth/login', { email, password: SECRET, ...body }, headers);
    expect((await named({ tenant: api.tenant })).status).toBe(200);
    expect((await named({}, { 'x-tenant': other.tenant })).status).toBe(200);
    expect(await named({ tenant: api.tenant }, { 'x-tenant': other.tenant })).toEqual(refused(403, 'tenancy.mismatch'));
    expect(await named({ tenant: 'no-such-tenant' })).toEqual(refused(401, 'auth.invalid_credentials'));
  });

  it('should lock an account and say for how long', async () => {
    const { user } = await person('user');
    const email = user.email as unknown as string;
    for (let i = 0; i < 5; i++) await visitor.post('/v1/auth/login', { email, password: 'wrong' });
    const locked = await visitor.post('/v1/auth/login', { email, password: SECRET });
    expect(locked).toEqual(refused(429, 'auth.locked'));
    expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(20);
  });

  it.each([
    ['nothing', {}],
    ['SQL', { email: "' OR 1=1 --", password: 'x' }],
    ['NUL', { email: 'a@b.example', password: 'x\u0000' }],
    ['objects', { email: ['a@b.example'], password: { $ne: 1 } }],
    ['a long password', { email: 'a@b.example', password: 'x'.repeat(100_000) }],
    ['an unknown field', { email: 'a@b.example', password: 'x', role: 'admin' }],
  ])('should refuse %s', async (_, body) => {
    expect(await visitor.call<Any>('POST', '/v1/auth/login', body)).toEqual(refused(400, 'http.validation_failed'));
  });
});

describe('a caller', () => {
  it('should be refused without, with a forged and with a foreign token', async () => {
    expect(await visitor.get('/v1/me')).toEqual(refused(401, 'auth.required'));
    for (const token of ['x', 'flx_nothing', `${api.token?.slice(0, -3)}abc`, `${api.token?.split('.', 2).join('.')}.`]) {
      expect(await new Api(token).get('/v1/me')).toEqual(refused(401, 'auth.invalid_token'));
    }
  });

  it('should name one tenant only', async () => {
    expect((await api.get('/v1/me', { 'x-tenant': api.tenant })).status).toBe(200);
    expect(await api.get('/v1/me', { 'x-tenant': other.tenant })).toEqual(refused(403, 'tenancy.mismatch'));
    expect(await api.get('/v1/me', { 'x-tenant': 'nobody' })).toEqual(refused(403, 'tenancy.mismatch'));
  });

  it('should be out at once when the tenant is suspended, and in again', async () => {
    const client = await signUp();
    const set = (status: string) => db.query('UPDATE shared.tenants SET status = $2 WHERE slug = $1', [client.tenant, status]);
    for (const status of ['suspended', 'inactive']) {
      await set(status);
      const answer = await until(async () => {
        const seen = await client.get('/v1/me');
        return seen.status !== 200 && seen;
      }, status);
      expect(answer).toEqual(refused(403, 'tenancy.suspended'));
      expect((await client.post('/v1/users', {})).status).toBe(403);
    }
    await set('active');
    await until(async () => (await client.get('/v1/me')).status === 200, 'active');
  });
});

describe('sessions', () => {
  it('should rotate, and end when a used refresh token comes back', async () => {
    const { user } = await person('viewer');
    const first = (await visitor.post('/v1/auth/login', { email: user.email, password: SECRET })).body;
    const second = await visitor.post('/v1/auth/refresh', { refreshToken: first.refreshToken });
    expect(second.status).toBe(200);
    const client = new Api(second.body.accessToken as unknown as string);
    expect((await client.get('/v1/me')).status).toBe(200);
    expect(await visitor.post('/v1/auth/refresh', { refreshToken: first.refreshToken })).toEqual(
      refused(401, 'auth.refresh_reused'),
    );
    expect(await visitor.post('/v1/auth/refresh', { refreshToken: second.body.refreshToken })).toEqual(
      refused(401, 'auth.invalid_refresh_token'),
    );
    await until(async () => (await client.get('/v1/me')).status === 401, 'the end of the access token');
  });

  it('should end with a log-out: here, or everywhere', async () => {
    const { user, client: here } = await person('viewer');
    const there = await logIn(api.tenant, user.email as unknown as string, SECRET);
    expect((await here.post('/v1/auth/logout')).status).toBe(204);
    await until(async () => (await here.get('/v1/me')).status === 401, 'the log-out');
    expect((await there.get('/v1/me')).status).toBe(200);
    const third = await logIn(api.tenant, user.email as unknown as string, SECRET);
    expect((await third.post('/v1/auth/logout', { everywhere: true })).status).toBe(204);
    await until(async () => (await there.get('/v1/me')).status === 401, 'the log-out everywhere');
  });

  it('should end with a new password, but for the one that asked', async () => {
    const { user, client } = await person('user');
    const elsewhere = await logIn(api.tenant, user.email as unknown as string, SECRET);
    const change = (currentPassword: string, newPassword: string) =>
      client.post('/v1/me/password', { currentPassword, newPassword });
    expect(await change('wrong', PASSWORD)).toEqual(refused(403, 'auth.wrong_password'));
    expect(await change(SECRET, 'password123')).toEqual(refused(400, 'users.weak_password'));
    expect((await change(SECRET, PASSWORD)).status).toBe(204);
    await until(async () => (await elsewhere.get('/v1/me')).status === 401, 'the end of the other session');
    expect((await client.get('/v1/me')).status).toBe(200);
    expect((await visitor.post('/v1/auth/login', { email: user.email, password: SECRET })).status).toBe(401);
    await logIn(api.tenant, user.email as unknown as string, PASSWORD);
  });
});

describe('/v1/me', () => {
  it('should let everybody change the own profile, by version', async () => {
    const { client } = await person('viewer');
    const tag = await etag('/v1/me', client);
    const changes = {
      fullName: 'Nombre Nuevo',
      username: 'nuevo',
      timezone: 'Europe/Madrid',
      preferences: { locale: 'en', theme: 'dark' },
    };
    const changed = await client.patch('/v1/me', changes, tag);
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject(changes);
    expect(await client.patch('/v1/me', { fullName: 'x' }, tag)).toEqual(refused(412, 'http.precondition_failed'));
    expect(await client.call('PATCH', '/v1/me', { fullName: 'x' })).toEqual(refused(428, 'http.precondition_required'));
    expect(await client.patch('/v1/me', { role: 'admin' }, '*')).toEqual(refused(400, 'http.validation_failed'));
    const second = await person('viewer');
    expect(await second.client.patch('/v1/me', { username: 'NUEVO' }, '*')).toEqual(refused(409, 'users.username_taken'));
  });
});

describe('/v1/tenant', () => {
  it('should be changed by administrators, by version, for triggers and audit too', async () => {
    const client = await signUp();
    const first = await client.get('/v1/tenant');
    const tag = first.headers.get('etag') ?? '';
    expect((await client.get('/v1/tenant', { 'if-none-match': tag })).status).toBe(304);
    const changed = await client.patch(
      '/v1/tenant',
      {
        name: 'Nuevo',
        settings: { negativeStock: true, secondCurrency: null, alertHysteresisPercent: 20, forecastTime: '04:15' },
      },
      tag,
    );
    expect(changed.body).toMatchObject({
      name: 'Nuevo',
      settings: {
        negativeStock: true,
        secondCurrency: null,
        timezone: 'America/Caracas',
        alertHysteresisPercent: 20,
        forecastTime: '04:15',
        forecastFullRunWeekday: 7,
      },
    });
    expect(await client.patch('/v1/tenant', { name: 'x' }, tag)).toEqual(refused(412, 'http.precondition_failed'));
    const { rows } = await db.query(
      `SELECT value FROM tenant_${client.tenant}.settings WHERE key IN ('inventory.negative_stock', 'alerts.hysteresis_percent') ORDER BY key`,
    );
    expect(rows).toEqual([{ value: 20 }, { value: true }]);
    const events = await client.get('/v1/audit-events?eventType=tenant.updated');
    expect(events.body.data).toMatchObject([
      {
        oldData: { negativeStock: false, secondCurrency: 'VES' },
        newData: { negativeStock: true, secondCurrency: null, name: 'Nuevo' },
      },
    ]);
    const { client: manager } = await person('manager', {}, client);
    expect((await manager.get('/v1/tenant')).status).toBe(200);
    expect(await manager.patch('/v1/tenant', { name: 'x' }, '*')).toEqual(refused(403, 'auth.forbidden'));
    const wrong = [
      { alertHysteresisPercent: 101 },
      { alertHysteresisPercent: -1 },
      { alertHysteresisPercent: 2.5 },
      { forecastTime: '24:00' },
      { forecastFullRunWeekday: 0 },
      { unknown: 1 },
    ];
    for (const settings of [{ timezone: 'Nowhere/Land' }, { currency: 'XXQ' }, { locale: 'fr' }, ...wrong]) {
      expect(await client.patch('/v1/tenant', { settings }, '*')).toEqual(refused(400, 'http.validation_failed'));
    }
  });
});

describe('/v1/users', () => {
  it('should be added, read, listed, changed and deactivated', async () => {
    const { user, client } = await person('user', {
      username: 'marisol',
      permissions: { grant: ['purchasing.read'], revoke: ['inventory.write'] },
    });
    expect(user).toMatchObject({
      role: 'user',
      username: 'marisol',
      isActive: true,
      storeIds: null,
      permissions: { grant: ['purchasing.read'], revoke: ['inventory.write'] },
    });
    expect(JSON.stringify(user)).not.toMatch(/argon|hash|password/);
    const me = (await client.get('/v1/me')).body;
    expect(me.permissions).toEqual(expect.arrayContaining(['purchasing.read', 'sales.write']));
    expect(me.permissions).not.toContain('inventory.write');
    const path = `/v1/users/${String(user.id)}`;
    expect((await api.get('/v1/users?q=MARISÓL')).body.data).toMatchObject([{ id: user.id }]);
    const changed = await api.patch(path, { role: 'viewer', email: `nueva${newSlug()}@x.example` }, await etag(path));
    expect(changed.body).toMatchObject({ role: 'viewer' });
    await until(async () => ((await client.get('/v1/me')).body.role as unknown) === 'viewer', 'the new role');
    expect(await api.call('DELETE', path)).toEqual(refused(428, 'http.precondition_required'));
    expect((await api.delete(path, await etag(path))).status).toBe(204);
    expect((await api.get(path)).body).toMatchObject({ isActive: false });
    await until(async () => (await client.get('/v1/me')).status !== 200, 'the deactivation');
    expect(await visitor.post('/v1/auth/login', { email: changed.body.email, password: SECRET })).toEqual(
      refused(403, 'auth.user_inactive'),
    );
  });

  it('should keep e-mails, user names and administrators apart', async () => {
    const { user } = await person('user', { username: 'unico' });
    const body = { fullName: 'x', role: 'user', password: SECRET };
    const email = `uno${newSlug()}@x.example`;
    expect(await api.post('/v1/users', { ...body, email: (user.email as unknown as string).toUpperCase() })).toEqual(
      refused(409, 'users.email_taken'),
    );
    expect(await api.post('/v1/users', { ...body, email, username: 'UNICO' })).toEqual(refused(409, 'users.username_taken'));
    expect((await other.post('/v1/users', { ...body, email: user.email, username: 'unico' })).status).toBe(201);
    const admin = `/v1/users/${String((await api.get('/v1/me')).body.userId)}`;
    expect(await api.patch(admin, { role: 'manager' }, '*')).toEqual(refused(409, 'users.last_admin'));
    expect(await api.patch(admin, { isActive: false }, '*')).toEqual(refused(409, 'users.last_admin'));
    expect(await api.delete(admin, '*')).toEqual(refused(409, 'users.last_admin'));
  });

  it.each([
    [{ role: 'owner' }, '/role'],
    [{ password: 'short' }, '/password'],
    [{ storeIds: ['x'] }, '/storeIds/0'],
    [{ storeIds: ['01890000-0000-7000-8000-000000000001'] }, '/storeIds'],
    [{ role: 'admin', storeIds: ['01890000-0000-7000-8000-000000000001'] }, '/storeIds'],
    [{ role: 'admin', permissions: { grant: ['audit.read'] } }, '/permissions'],
    [{ permissions: { grant: ['users.write'] } }, '/permissions/grant/0'],
    [{ passwordHash: 'x' }, '/passwordHash'],
    [{ tenantId: 'x' }, '/tenantId'],
    [{ username: 'a\u0000b' }, '/username'],
  ])('should refuse %j', async (wrong, pointer) => {
    const body = { email: `wrong${newSlug()}@x.example`, fullName: 'x', role: 'user', password: SECRET, ...wrong };
    const answer = await api.post('/v1/users', body);
    expect(answer).toEqual(refused(400, 'http.validation_failed'));
    expect(answer.body.errors).toMatchObject([{ pointer }]);
  });

  it('should be administered by administrators only', async () => {
    const { user: subject } = await person('viewer');
    const path = `/v1/users/${String(subject.id)}`;
    for (const role of ['manager', 'user', 'viewer']) {
      const { user, client } = await person(role);
      expect(await client.post('/v1/users', {})).toEqual(refused(403, 'auth.forbidden'));
      expect(await client.patch(path, { role: 'admin' }, '*')).toEqual(refused(403, 'auth.forbidden'));
      expect(await client.patch(`/v1/users/${String(user.id)}`, { role: 'admin' }, '*')).toEqual(refused(403, 'auth.forbidden'));
      expect(await client.delete(path, '*')).toEqual(refused(403, 'auth.forbidden'));
      const list = await client.get('/v1/users');
      if (role === 'manager') expect(list.body.data).toMatchObject([{ id: user.id }]);
      else expect(list).toEqual(refused(403, 'auth.forbidden'));
      if (role === 'manager') expect(await client.get(path)).toEqual(refused(404, 'http.not_found'));
    }
  });

  it('should not exist for another tenant, in the same words as one that is none', async () => {
    const { user } = await person('user');
    const path = `/v1/users/${String(user.id)}`;
    const foreign = await other.get(path);
    const none = await other.get('/v1/users/01890000-0000-7000-8000-000000000001');
    expect(foreign).toEqual(refused(404, 'http.not_found'));
    expect({ ...foreign.body, requestId: 0 }).toEqual({ ...none.body, requestId: 0 });
    expect(await other.patch(path, { role: 'admin' }, await etag(path))).toEqual(refused(404, 'http.not_found'));
    expect(await other.delete(path, '*')).toEqual(refused(404, 'http.not_found'));
    expect((await api.get(path)).body).toMatchObject({ role: 'user', isActive: true });
  });

  it('should be listed page by page, with cursors of this list and tenant only', async () => {
    const client = await signUp();
    for (let i = 0; i < 4; i++)
      await client.create('/v1/users', { email: `p${i}@x.example`, fullName: `P ${i}`, role: 'user', password: SECRET });
    const seen: unknown[] = [];
    let cursor: string | null = null;
    do {
      const page: { data: { id: string }[]; nextCursor: string | null } = (
        await client.get<{ data: { id: string }[]; nextCursor: string | null }>(
          `/v1/users?limit=2${cursor ? `&cursor=${cursor}` : ''}`,
        )
      ).body;
      seen.push(...page.data.map(({ id }) => id));
      expect(await api.get(`/v1/users?cursor=${page.nextCursor ?? 'a.b'}`)).toEqual(refused(400, 'http.invalid_cursor'));
      cursor = page.nextCursor;
    } while (cursor);
    expect(seen).toHaveLength(5);
    expect(new Set(seen).size).toBe(5);
  });
});

describe('/v1/api-keys', () => {
  it('should act within role, scopes and person until revoked', async () => {
    const key = await api.create('/v1/api-keys', { name: 'Caja', role: 'user', scopes: ['sales.write', 'catalog.read'] });
    const client = new Api(key.token as unknown as string);
    expect((await client.get('/v1/me')).body).toMatchObject({
      role: 'user',
      via: 'api-key',
      permissions: ['catalog.read', 'sales.write'],
    });
    expect(await client.get('/v1/users')).toEqual(refused(403, 'auth.forbidden'));
    expect(await client.get('/v1/me', { 'x-tenant': other.tenant })).toEqual(refused(403, 'tenancy.mismatch'));
    expect(await client.post('/v1/auth/logout')).toEqual(refused(403, 'auth.person_required'));
    const path = `/v1/api-keys/${String(key.id)}`;
    expect((await api.get(path)).body).toMatchObject({ name: 'Caja', prefix: (key.token as unknown as string).slice(0, 12) });
    // noted beside the answer, not before it
    await until(async () => (await api.get(path)).body.lastUsedAt, 'the note of its use');
    expect(JSON.stringify((await api.get('/v1/api-keys')).body)).not.toContain(key.token);
    expect(await other.delete(path, '*')).toEqual(refused(404, 'http.not_found'));
    expect((await api.delete(path, await etag(path))).status).toBe(204);
    await until(async () => (await client.get('/v1/me')).status === 401, 'the revocation');
    expect((await api.get('/v1/api-keys?isActive=true')).body.data).not.toEqual(
      expect.arrayContaining([expect.objectContaining({ id: key.id })]),
    );
  });

  it('should show a token again for the same Idempotency-Key, and keep it nowhere', async () => {
    const headers = { 'idempotency-key': randomBytes(8).toString('hex') };
    const first = await api.post('/v1/api-keys', { name: 'Una vez' }, headers);
    const again = await api.post('/v1/api-keys', { name: 'Una vez' }, headers);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.body).toEqual(first.body);
    const { rows } = await db.query(
      `SELECT EXISTS (SELECT FROM tenant_${api.tenant}.idempotency_keys k WHERE k::text LIKE '%' || $1 || '%')
           OR EXISTS (SELECT FROM tenant_${api.tenant}.events e WHERE e::text LIKE '%' || $1 || '%')
           OR EXISTS (SELECT FROM shared.api_keys k WHERE k::text LIKE '%' || $1 || '%') AS found`,
      [first.body.token],
    );
    expect(rows).toEqual([{ found: false }]);
  });

  it('should not make keys itself, nor be more than its role', async () => {
    const key = await api.create('/v1/api-keys', { name: 'Todo' });
    expect(await new Api(key.token as unknown as string).post('/v1/api-keys', { name: 'Otra' })).toEqual(
      refused(403, 'auth.person_required'),
    );
    for (const wrong of [
      { role: 'viewer', scopes: ['sales.write'] },
      { expiresAt: '2020-01-01T00:00:00Z' },
      { scopes: [] },
      { scopes: ['all'] },
      { role: 'root' },
    ]) {
      expect(await api.post('/v1/api-keys', { name: 'x', ...wrong })).toEqual(refused(400, 'http.validation_failed'));
    }
    const { client } = await person('manager');
    expect(await client.post('/v1/api-keys', { name: 'x' })).toEqual(refused(403, 'auth.forbidden'));
  });
});

describe('GET /v1/audit-events', () => {
  it('should say who did what, for administrators, within a window of time', async () => {
    const client = await signUp();
    const { user, client: manager } = await person('manager', {}, client);
    const me = (await client.get('/v1/me')).body;
    const events = await client.get(`/v1/audit-events?entityType=user&entityId=${String(user.id)}`);
    expect(events.body.data).toMatchObject([
      { eventType: 'user.logged_in', userId: user.id },
      {
        eventType: 'user.created',
        userId: me.userId,
        newData: { role: 'manager' },
        metadata: { via: 'http', role: 'admin' },
        ipAddress: expect.any(String),
      },
    ]);
    expect(await manager.get('/v1/audit-events')).toEqual(refused(403, 'auth.forbidden'));
    expect((await client.get('/v1/audit-events?to=2020-01-01T00:00:00Z')).body).toEqual({ data: [], nextCursor: null });
    for (const query of [
      'from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z',
      'from=2020-01-01T00:00:00Z&to=2026-01-01T00:00:00Z',
      'from=yesterday',
      'entityId=1',
      'cursor=a.b',
      'nothing=1',
    ]) {
      expect((await client.get(`/v1/audit-events?${query}`)).status).toBe(400);
    }
  });

  it('should be read page by page without a gap', async () => {
    const all = (await api.get<{ data: { id: string }[] }>('/v1/audit-events?limit=200')).body.data.map(({ id }) => id);
    const seen: string[] = [];
    let next = '';
    while (seen.length < all.length) {
      const page: { data: { id: string }[]; nextCursor: string | null } = (
        await api.get<{ data: { id: string }[]; nextCursor: string | null }>(`/v1/audit-events?limit=7${next}`)
      ).body;
      seen.push(...page.data.map(({ id }) => id));
      if (!page.nextCursor) break;
      next = `&cursor=${page.nextCursor}`;
    }
    expect(seen.slice(0, all.length)).toEqual(all);
  });
});
