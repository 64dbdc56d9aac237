import { randomUUID } from 'node:crypto';
import { localDateOf } from '../../../src/kernel/time/zone.js';
import { Api, logIn, PASSWORD, signUp, until, type Any } from '../../support/api.js';

let api: Api;
let store: Any;
let other: Any;
let product: Any;
let clerk: Api;

beforeAll(async () => {
  api = await signUp();
  store = await api.create('/v1/stores', { code: 'CCS-01', name: 'Tienda Centro' });
  other = await api.create('/v1/stores', { code: 'VAL-01', name: 'Tienda Valencia' });
  product = await api.create('/v1/products', { sku: 'HARINA', name: 'Harina PAN 1kg' });
  const email = `manager-${randomUUID().slice(0, 8)}@example.com`;
  await api.create('/v1/users', { email, password: PASSWORD, fullName: 'Eva', role: 'manager', storeIds: [store.id] });
  clerk = await logIn(api.tenant, email);
});

const list = async (query: string, as: Api = api): Promise<Any[]> =>
  (await as.get(`/v1/calendar-days?limit=200&${query}`)).body.data as unknown as Any[];
const holidays = (body: object, as: Api = api) => as.post('/v1/calendar-days/holidays', body as Record<string, unknown>);

describe('national holidays', () => {
  const thisYear = Number(localDateOf(new Date(), 'America/Caracas').slice(0, 4));

  it('should be in the calendar of a new company for this and the next year', async () => {
    const days = await until(async () => {
      const found = await list(`kind=holiday&from=${thisYear}-01-01&to=${thisYear + 1}-12-31`);
      return found.length > 0 && found;
    }, 'the holidays');
    for (const year of [thisYear, thisYear + 1])
      for (const day of ['01-01', '04-19', '05-01', '06-24', '07-05', '07-24', '10-12', '12-24', '12-25', '12-31'])
        expect(days).toContainEqual(
          expect.objectContaining({ date: `${year}-${day}`, kind: 'holiday', storeId: null, productId: null, value: null }),
        );
    expect(days.map((day) => String(day.name)).filter((name) => name.includes('Viernes Santo'))).toHaveLength(2);
  });

  it('should be added for a year once, leaving what people have made of them', async () => {
    const first = await holidays({ country: 'VE', year: 2031 });
    expect([first.status, first.body.added]).toEqual([200, 14]);
    const days = first.body.days as unknown as Any[];
    expect(days[1]).toMatchObject({ date: '2031-02-24', name: 'Lunes de Carnaval', kind: 'holiday' });
    const [newYear, carnival] = days.map((day) => `/v1/calendar-days/${String(day.id)}`);
    await api.patch(newYear!, { name: 'Cerrado hasta el mediodía' }, (await api.get(newYear!)).headers.get('etag')!);
    await api.delete(carnival!, (await api.get(carnival!)).headers.get('etag')!);
    const again = await holidays({ country: 'VE', year: 2031 });
    expect(again.body.added).toBe(1);
    expect((again.body.days as unknown as Any[])[0]).toMatchObject({ name: 'Cerrado hasta el mediodía' });
    expect((await holidays({ country: 'VE', year: 2031 })).body.added).toBe(0);
  });

  it('should be refused for what is unknown and to those who are held to some stores', async () => {
    const wrong = await holidays({ country: 'XX', year: 1999 });
    expect([wrong.status, (wrong.body.errors as unknown as Any[]).map((error) => error.pointer)]).toEqual([
      400,
      ['/country', '/year'],
    ]);
    const held = await holidays({ country: 'VE', year: 2032 }, clerk);
    expect([held.status, held.body.code]).toEqual([403, 'auth.all_stores_required']);
  });
});

describe('a span of days', () => {
  const promotion = (more: object = {}): Record<string, unknown> => ({
    from: '2036-02-27',
    to: '2036-03-02',
    kind: 'promotion',
    storeId: store.id,
    productId: product.id,
    value: '0.5',
    ...more,
  });

  it('should be added day by day, and found by kind, store and product', async () => {
    const { status, body } = await api.post('/v1/calendar-days/spans', promotion({ name: 'Aniversario' }));
    expect(status).toBe(201);
    const days = body.days as unknown as Any[];
    expect(days.map((day) => String(day.date))).toEqual(['2036-02-27', '2036-02-28', '2036-02-29', '2036-03-01', '2036-03-02']);
    expect(days[0]).toMatchObject({ kind: 'promotion', storeId: store.id, productId: product.id, value: '0.500000' });
    const found = (query: string) => list(`from=2036-02-28&to=2036-03-01&${query}`);
    expect(await found(`kind=promotion&storeId=${String(store.id)}&productId=${String(product.id)}`)).toEqual(days.slice(1, 4));
    expect(await found(`storeId=${String(other.id)}`)).toEqual([]);
    expect(await found('kind=closed')).toEqual([]);
  });

  it('should be added whole or not at all', async () => {
    const refused = await api.post('/v1/calendar-days/spans', promotion({ from: '2036-02-20', to: '2036-02-27' }));
    expect([refused.status, refused.body.code]).toEqual([409, 'http.duplicate']);
    expect(await list('from=2036-02-20&to=2036-02-26')).toEqual([]);
    const faults = async (more: object) => {
      const { status, body } = await api.post('/v1/calendar-days/spans', promotion(more));
      return [status, ...(body.errors as unknown as Any[]).map((error) => `${String(error.pointer)} ${String(error.code)}`)];
    };
    expect(await faults({ to: '2036-02-26' })).toEqual([400, '/to field.past']);
    expect(await faults({ to: '2037-02-27' })).toEqual([400, '/to field.too_many']);
    expect(await faults({ kind: 'closed' })).toEqual([400, '/productId field.not_allowed']);
    expect((await clerk.post('/v1/calendar-days/spans', promotion({ storeId: other.id }))).status).toBe(404);
    expect((await clerk.post('/v1/calendar-days/spans', promotion({ storeId: null }))).status).toBe(403);
  });
});

describe('a calendar day', () => {
  it('should be changed in its version, within the rules of its kind', async () => {
    const price = await api.create('/v1/calendar-days', {
      date: '2036-05-01',
      kind: 'price',
      productId: product.id,
      value: '3.25',
    });
    const path = `/v1/calendar-days/${String(price.id)}`;
    const etag = async () => (await api.get(path)).headers.get('etag')!;
    expect((await api.call('PATCH', path, { value: '3' })).status).toBe(428);
    expect((await api.patch(path, { value: '3' }, '"stale"')).status).toBe(412);
    const changed = await api.patch(path, { value: '3', date: '2036-05-02', name: 'Oferta' }, await etag());
    expect([changed.status, changed.body]).toMatchObject([200, { date: '2036-05-02', value: '3.000000', name: 'Oferta' }]);
    expect(changed.headers.get('etag')).toBe(await etag());
    const without = await api.patch(path, { value: null }, await etag());
    expect(without.body).toMatchObject({ errors: [{ pointer: '/value', code: 'field.required' }] });
    await api.create('/v1/calendar-days', { date: '2036-05-03', kind: 'price', productId: product.id, value: '4' });
    const taken = await api.patch(path, { date: '2036-05-03' }, await etag());
    expect([taken.status, taken.body.code]).toEqual([409, 'http.duplicate']);
    expect((await clerk.patch(path, { value: '1' }, await etag())).status).toBe(403);
    expect((await (await signUp()).patch(path, { value: '1' }, '*')).status).toBe(404);
  });
});
