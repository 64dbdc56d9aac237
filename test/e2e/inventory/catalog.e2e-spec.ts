import { randomUUID } from 'node:crypto';
import { Api, signUp, type Any } from '../../support/api.js';
import { etagAt, hire } from './staff.js';

let api: Api;
let other: Api;

beforeAll(async () => {
  [api, other] = [await signUp(), await signUp()];
});

/** One body that creates a record of each kind. */
const RESOURCES = {
  stores: (code: string) => ({ code, name: `Tienda ${code}` }),
  categories: (code: string) => ({ code, name: `Categoría ${code}` }),
  suppliers: (code: string) => ({ code, businessName: `Proveedor ${code}`, taxId: 'J-30105123-8' }),
  products: (code: string) => ({ sku: code, name: `Producto ${code}` }),
} as const;
type Resource = keyof typeof RESOURCES;
const NAMES = Object.keys(RESOURCES) as Resource[];
const nameOf = (resource: Resource) => (resource === 'suppliers' ? 'businessName' : 'name');

describe.each(NAMES)('/v1/%s', (resource) => {
  const path = `/v1/${resource}`;
  const body = RESOURCES[resource];

  it('should create, read with ETag, change, deactivate and bring back', async () => {
    const created = await api.post(path, body('A-1'));
    expect(created.status).toBe(201);
    const at = `${path}/${String(created.body.id)}`;
    const read = await api.get(at);
    expect(read.body).toEqual(created.body);
    const etag = read.headers.get('etag') as string;
    expect((await api.get(at, { 'if-none-match': etag })).status).toBe(304);
    const changed = await api.patch(at, { [nameOf(resource)]: 'Otro nombre' }, etag);
    expect([changed.status, changed.body[nameOf(resource)], changed.body.isActive]).toEqual([200, 'Otro nombre', true]);
    expect(changed.headers.get('etag')).not.toBe(etag);
    expect((await api.delete(at, await etagAt(api, at))).status).toBe(204);
    expect((await api.get(at)).body).toMatchObject({ isActive: false });
    expect((await api.get(`${path}?isActive=false`)).body.data).toMatchObject([{ id: created.body.id }]);
    expect((await api.patch(at, { isActive: true }, await etagAt(api, at))).body).toMatchObject({ isActive: true });
  });

  it('should know nothing of a path with a slash at its end', async () => {
    for (const at of [`${path}/`, `${path}/?limit=1`]) {
      const answer = await api.get(at);
      expect([answer.status, answer.body.code]).toEqual([404, 'http.unknown_route']);
    }
  });

  it('should ask for the version and refuse a stale one', async () => {
    const { id } = await api.create(path, body('A-2'));
    const at = `${path}/${String(id)}`;
    const etag = await etagAt(api, at);
    for (const method of ['PATCH', 'DELETE']) {
      expect(await api.call(method, at, {})).toMatchObject({ status: 428, body: { code: 'http.precondition_required' } });
    }
    await api.patch(at, { [nameOf(resource)]: 'x' }, etag);
    expect(await api.patch(at, { [nameOf(resource)]: 'y' }, etag)).toMatchObject({
      status: 412,
      body: { code: 'http.precondition_failed' },
    });
    expect(await api.delete(at, etag)).toMatchObject({ status: 412 });
  });

  it('should refuse a code that is taken, pointing at it', async () => {
    await api.create(path, body('A-3'));
    const { status, body: problem } = await api.post(path, body('A-3'));
    expect([status, problem.errors?.[0]]).toMatchObject([
      409,
      { pointer: resource === 'products' ? '/sku' : '/code', code: 'field.taken' },
    ]);
    expect(problem.code).toBe(resource === 'products' ? 'catalog.sku_taken' : 'catalog.code_taken');
    expect((await other.post(path, body('A-3'))).status).toBe(201);
  });

  it('should create once for one key', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const [first, second] = [await api.post(path, body('A-4'), key), await api.post(path, body('A-4'), key)];
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(second.body).toEqual(first.body);
    expect(await api.post(path, body('A-4b'), key)).toMatchObject({ status: 422, body: { code: 'http.idempotency_mismatch' } });
  });

  it('should show nothing of another company, in the words for what does not exist', async () => {
    const { id } = await api.create(path, body('A-5'));
    const at = `${path}/${String(id)}`;
    const unknown = await other.get(`${path}/${randomUUID()}`);
    for (const answer of [await other.get(at), await other.patch(at, {}, '*'), await other.delete(at, '*')]) {
      expect(answer.status).toBe(404);
      expect({ ...answer.body, requestId: '' }).toEqual({ ...unknown.body, requestId: '' });
    }
    const { data } = (await other.get(`${path}?limit=200`)).body;
    expect((data as unknown as Any[]).map((row) => row.id)).not.toContain(id);
    expect((await api.get(at)).status).toBe(200);
  });

  it('should page through all of them once and refuse a foreign or forged cursor', async () => {
    for (let index = 0; index < 5; index++) await api.create(path, body(`PAGE-${index}`));
    const all = (await api.get(`${path}?limit=200`)).body.data as unknown as Any[];
    const seen: unknown[] = [];
    let cursor = '';
    do {
      const page = (await api.get(`${path}?limit=2${cursor && `&cursor=${cursor}`}`)).body;
      seen.push(...(page.data as unknown as Any[]).map((row) => row.id));
      cursor = (page.nextCursor as unknown as string | null) ?? '';
      if (cursor)
        expect(await other.get(`${path}?cursor=${cursor}`)).toMatchObject({ status: 400, body: { code: 'http.invalid_cursor' } });
    } while (cursor);
    expect(seen).toEqual(all.map((row) => row.id));
    expect((await api.get(`${path}?cursor=abc.def`)).body).toMatchObject({ code: 'http.invalid_cursor' });
    expect((await api.get(`${path}?limit=201`)).body).toMatchObject({ code: 'http.validation_failed' });
  });

  it('should name every wrong field and write nothing', async () => {
    const bad = await api.post(path, { nonsense: 1, [nameOf(resource)]: ' ' });
    expect(bad.status).toBe(400);
    const pointers = (bad.body.errors as unknown as Any[]).map((error) => String(error.pointer)).toSorted();
    expect(pointers).toEqual([resource === 'products' ? '/sku' : '/code', `/${nameOf(resource)}`, '/nonsense'].toSorted());
    expect((await api.get(`${path}/not-a-uuid`)).body).toMatchObject({ code: 'http.validation_failed' });
    expect((await api.post(path, { ...body('NUL'), [nameOf(resource)]: 'a\0b' })).status).toBe(400);
    expect((await api.post(path, { ...body("'; DROP TABLE stores; --") })).status).toBe(201);
  });

  it('should let viewers read and only managers write', async () => {
    const [viewer, user, manager] = [await hire(api, 'viewer'), await hire(api, 'user'), await hire(api, 'manager')];
    expect((await viewer.get(path)).status).toBe(200);
    expect(await viewer.post(path, body('V'))).toMatchObject({ status: 403, body: { code: 'auth.forbidden' } });
    expect((await user.post(path, body('U'))).status).toBe(403);
    expect((await manager.post(path, body('M'))).status).toBe(201);
    expect((await new Api(null).get(path)).status).toBe(401);
  });
});

describe('stores of a person', () => {
  it('should be the only ones that person sees', async () => {
    const company = await signUp();
    const [mine, foreign] = [
      await company.create('/v1/stores', { code: 'M', name: 'Mía' }),
      await company.create('/v1/stores', { code: 'F', name: 'Ajena' }),
    ];
    const person = await hire(company, 'manager', [mine.id as Any]);
    expect((await person.get('/v1/stores')).body.data).toMatchObject([{ code: 'M' }]);
    expect((await person.get(`/v1/stores/${String(foreign.id)}`)).status).toBe(404);
    expect((await person.patch(`/v1/stores/${String(foreign.id)}`, { name: 'x' }, '*')).status).toBe(404);
    expect((await person.post('/v1/stores', { code: 'N', name: 'x' })).status).toBe(403);
  });
});

describe('categories', () => {
  it('should be a tree without cycles, told by its path', async () => {
    const [a, b] = [
      await api.create('/v1/categories', { code: 'T-A', name: 'Alimentos' }),
      await api.create('/v1/categories', { code: 'T-B', name: 'Lácteos' }),
    ];
    const at = (category: Any) => `/v1/categories/${String(category.id)}`;
    const moved = await api.patch(at(b), { parentId: a.id }, await etagAt(api, at(b)));
    expect(moved.body.path).toMatchObject([{ name: 'Alimentos' }, { name: 'Lácteos' }]);
    const cycle = await api.patch(at(a), { parentId: b.id }, await etagAt(api, at(a)));
    expect(cycle).toMatchObject({ status: 409, body: { code: 'catalog.category_cycle', errors: [{ pointer: '/parentId' }] } });
    expect(await api.post('/v1/categories', { code: 'T-C', name: 'x', parentId: randomUUID() })).toMatchObject({
      status: 404,
      body: { code: 'http.not_found' },
    });
    expect(await api.delete(at(a), await etagAt(api, at(a)))).toMatchObject({
      status: 409,
      body: { code: 'catalog.category_in_use' },
    });
  });
});

describe('products', () => {
  it('should be found by name in any spelling, by SKU and by every label', async () => {
    const product = await api.create('/v1/products', {
      sku: 'LAC001',
      name: 'Leche Entera Santa Bárbara 1L',
      barcode: '7591234567890',
      barcodes: [{ barcode: '17591234567891', quantity: 12 }],
      sellingPrice: 3.25,
      costPrice: '2.50',
      taxCategory: 'exempt',
    });
    expect(product).toMatchObject({
      barcodeStatus: 'invalid',
      sellingPrice: '3.2500',
      costPrice: '2.500000',
      taxRate: '0.0000',
      barcodes: [{ status: 'valid', quantity: '12.0000' }],
    });
    for (const query of ['q=LECHES santa barbara', 'q=lac001', 'sku=LAC001', 'barcode=17591234567891', 'q=7591234567890']) {
      expect((await api.get(`/v1/products?${query}`)).body.data).toMatchObject([{ id: product.id }]);
    }
    expect((await api.get('/v1/products?barcode=0')).body.data).toEqual([]);
  });

  it('should take decimals exactly and refuse what does not fit', async () => {
    const price = async (sellingPrice: unknown) => api.post('/v1/products', { sku: randomUUID(), name: 'x', sellingPrice });
    expect((await price('0.0001')).body.sellingPrice).toBe('0.0001');
    for (const wrong of ['1,5', '1e3', -1, '1.23456', 'NaN', null, {}]) {
      expect(await price(wrong)).toMatchObject({ status: 400, body: { errors: [{ pointer: '/sellingPrice' }] } });
    }
  });
});

describe('tax categories', () => {
  const list = async () => (await api.get('/v1/tax-categories')).body.data as unknown as Any[];

  it('should tell the rates of the law, and show a new one on its products', async () => {
    const rates = new Map((await list()).map(({ code, rate }) => [code, rate]));
    expect(rates).toEqual(
      new Map([
        ['exempt', '0.0000'],
        ['general', '16.0000'],
        ['luxury', '31.0000'],
        ['reduced', '8.0000'],
      ]),
    );
    const luxury = (await list()).find(({ code }) => String(code) === 'luxury') as Any;
    const product = await api.create('/v1/products', { sku: 'LUX', name: 'Reloj', taxCategory: 'luxury' });
    const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'America/Caracas', dateStyle: 'short' }).format(new Date());
    const at = `/v1/tax-categories/${String(luxury.id)}/rates`;
    expect(await api.post(at, { rate: '29.5', validFrom: today })).toMatchObject({ status: 201, body: { rate: '29.5000' } });
    expect((await api.get(`/v1/products/${String(product.id)}`)).body).toMatchObject({ taxRate: '29.5000' });
    expect(await api.post(at, { rate: '30', validFrom: today })).toMatchObject({
      status: 409,
      body: { code: 'catalog.tax_rate_taken', errors: [{ pointer: '/validFrom' }] },
    });
    expect((await api.post(at, { rate: '28', validFrom: '2199-01-01' })).body).toMatchObject({ rate: '29.5000' });
    expect((await api.post(at, { rate: '28', validFrom: '2020-01-01' })).status).toBe(400);
    expect(await api.post(at, { rate: '100.5', validFrom: '2198-01-01' })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/rate' }] },
    });
    expect((await other.post(at, { rate: '1', validFrom: '2197-01-01' })).status).toBe(404);
    expect((await (await hire(api, 'manager')).post(at, { rate: '1', validFrom: '2197-01-01' })).status).toBe(403);
  });
});
