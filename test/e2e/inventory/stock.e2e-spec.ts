import { randomUUID } from 'node:crypto';
import { signUp, until, type Any, type Api } from '../../support/api.js';
import { etagAt, hire } from './staff.js';

let api: Api;
let store: Any;
let second: Any;

beforeAll(async () => {
  api = await signUp();
  store = await api.create('/v1/stores', { code: 'CCS-01', name: 'Tienda Centro' });
  second = await api.create('/v1/stores', { code: 'CCS-02', name: 'Tienda Este' });
});
afterAll(async () => {
  // whatever the tests did
  expect((await api.get('/v1/inventory/integrity')).body).toMatchObject({ consistent: true, differing: 0 });
});

const newProduct = (values: Record<string, unknown> = {}) =>
  api.create('/v1/products', { sku: randomUUID(), name: 'Producto', ...values });
const movement = (product: Any, type: string, quantity: unknown, more: Record<string, unknown> = {}) => ({
  storeId: store.id,
  productId: product.id,
  type,
  quantity,
  reason: 'prueba',
  ...more,
});
const post = (product: Any, type: string, quantity: unknown, more: Record<string, unknown> = {}, as = api) =>
  as.post('/v1/inventory/movements', movement(product, type, quantity, more));
const level = async (product: Any, at = store) =>
  (await api.get(`/v1/inventory?productId=${String(product.id)}&storeId=${String(at.id)}`)).body.data?.[0];

describe('POST /v1/inventory/movements', () => {
  it('should record in, out and adjustment with actor, cost and balance', async () => {
    const product = await newProduct();
    const { userId } = (await api.get('/v1/me')).body;
    expect(await post(product, 'in', 10, { unitCost: '2.50' })).toMatchObject({
      status: 201,
      body: {
        quantity: '10.0000',
        balance: '10.0000',
        unitCost: '2.500000',
        totalCost: '25.0000',
        kind: 'received',
        createdBy: userId,
        counterpart: null,
        reason: 'prueba',
      },
    });
    expect((await post(product, 'out', '2.5', { reason: 'damage' })).body).toMatchObject({
      quantity: '-2.5000',
      balance: '7.5000',
      unitCost: '2.500000',
      reasonCode: 'damage',
      reason: null,
    });
    expect((await post(product, 'adjustment', -1)).body).toMatchObject({ quantity: '-1.0000', balance: '6.5000' });
    expect(await level(product)).toMatchObject({
      onHand: '6.5000',
      reserved: '0.0000',
      available: '6.5000',
      reorderPoint: '0.0000',
      averageCost: '2.500000',
    });
  });

  it('should transfer in one piece, to stores within reach only', async () => {
    const product = await newProduct();
    await post(product, 'in', 10, { unitCost: 2 });
    const { body } = await post(product, 'transfer', 4, { toStoreId: second.id });
    expect(body).toMatchObject({
      quantity: '-4.0000',
      counterpart: { storeId: second.id, quantity: '4.0000', unitCost: '2.000000', referenceId: body.referenceId },
    });
    expect([await level(product), await level(product, second)]).toMatchObject([{ onHand: '6.0000' }, { onHand: '4.0000' }]);
    expect(await post(product, 'transfer', 1, { toStoreId: store.id })).toMatchObject({
      status: 400,
      body: { code: 'inventory.same_store' },
    });
    expect(await post(product, 'transfer', 1, { toStoreId: randomUUID() })).toMatchObject({ status: 404 });
    expect(await post(product, 'transfer', 7, { toStoreId: second.id })).toMatchObject({ status: 409 });
    expect(await level(product)).toMatchObject({ onHand: '6.0000' });
  });

  it('should refuse what is not there and say what is', async () => {
    const product = await newProduct();
    await post(product, 'in', 3);
    expect(await post(product, 'out', 5)).toMatchObject({
      status: 409,
      body: {
        code: 'inventory.insufficient_stock',
        errors: [{ pointer: '/quantity', productId: product.id, requested: '5.0000', available: '3.0000' }],
      },
    });
    const loose = await newProduct({ allowNegativeStock: true });
    expect((await post(loose, 'out', 5)).body).toMatchObject({ balance: '-5.0000' });
  });

  it('should give 32 people at once the 20 units there are', async () => {
    const product = await newProduct();
    await post(product, 'in', 20);
    const answers = await Promise.all(Array.from({ length: 32 }, () => post(product, 'out', 1)));
    const count = (status: number) => answers.filter((answer) => answer.status === status).length;
    expect([count(201), count(409)]).toEqual([20, 12]);
    expect(await level(product)).toMatchObject({ onHand: '0.0000' });
  });

  it('should record one movement for one key sent 20 times at once', async () => {
    const product = await newProduct();
    const key = { 'idempotency-key': randomUUID() };
    const send = () => api.post('/v1/inventory/movements', movement(product, 'in', 1), key);
    const answers = await Promise.all(Array.from({ length: 20 }, send));
    expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
    expect((await send()).headers.get('idempotency-replayed')).toBe('true');
    expect(await level(product)).toMatchObject({ onHand: '1.0000' });
  });

  it('should let no lock error out when transfers cross', async () => {
    const products = await Promise.all(Array.from({ length: 3 }, () => newProduct()));
    for (const product of products) for (const at of [store, second]) await post(product, 'in', 50, { storeId: at.id });
    const crossing = Array.from({ length: 60 }, (_, index) => {
      const [from, to] = index % 2 ? [store, second] : [second, store];
      const keyed: Record<string, string> = index % 3 ? {} : { 'idempotency-key': randomUUID() };
      return api.post(
        '/v1/inventory/movements',
        movement(products[index % 3] as Any, 'transfer', 1, { storeId: from.id, toStoreId: to.id }),
        keyed,
      );
    });
    expect((await Promise.all(crossing)).map(({ status }) => status)).toEqual(Array.from({ length: 60 }, () => 201));
  });

  it.each([
    [{ quantity: 0 }, '/quantity'],
    [{ quantity: -1 }, '/quantity'],
    [{ quantity: '1.00001' }, '/quantity'],
    [{ quantity: '99999999999999999' }, '/quantity'],
    [{ type: 'steal' }, '/type'],
    [{ reason: '' }, '/reason'],
    [{ type: 'transfer' }, '/toStoreId'],
    [{ unitCost: -1 }, '/unitCost'],
    [{ occurredAt: '2999-01-01T00:00:00Z' }, '/occurredAt'],
    [{ occurredAt: '2001-01-01T00:00:00Z' }, '/occurredAt'],
    [{ occurredAt: 'yesterday' }, '/occurredAt'],
    [{ productId: "1' OR '1'='1" }, '/productId'],
    [{ tenantId: randomUUID() }, '/tenantId'],
  ])('should refuse %j', async (part, pointer) => {
    const product = await newProduct();
    const { status, body } = await api.post('/v1/inventory/movements', { ...movement(product, 'in', 1), ...part });
    expect([status, body.code, body.errors?.[0]?.pointer]).toEqual([400, 'http.validation_failed', pointer]);
    expect(await level(product)).toBeUndefined();
  });

  it('should keep to roles, to the stores of a person and to the company', async () => {
    const product = await newProduct();
    const [viewer, user, elsewhere, stranger] = [
      await hire(api, 'viewer'),
      await hire(api, 'user'),
      await hire(api, 'user', [second.id as Any]),
      await signUp(),
    ];
    expect((await post(product, 'in', 1, {}, viewer)).status).toBe(403);
    expect((await post(product, 'in', 1, {}, user)).status).toBe(201);
    const unknown = await post(product, 'in', 1, { storeId: randomUUID() });
    for (const answer of [
      await post(product, 'in', 1, {}, elsewhere),
      await post(product, 'in', 1, {}, stranger),
      await post(product, 'transfer', 1, { toStoreId: second.id }, elsewhere),
    ]) {
      expect(answer.status).toBe(404);
      expect({ ...answer.body, requestId: '' }).toEqual({ ...unknown.body, requestId: '' });
    }
    expect(await level(product)).toMatchObject({ onHand: '1.0000' });
    const seen = (path: string) => elsewhere.get(path).then(({ body }) => body.data as unknown as Any[]);
    for (const path of ['/v1/inventory?limit=200', '/v1/inventory/movements?limit=200']) {
      expect((await seen(path)).every((row) => row.storeId === second.id)).toBe(true);
    }
    expect((await elsewhere.get(`/v1/inventory?storeId=${String(store.id)}`)).status).toBe(404);
    expect((await elsewhere.get(`/v1/inventory/movements?storeId=${String(store.id)}`)).status).toBe(404);
    expect((await stranger.get('/v1/inventory')).body.data).toEqual([]);
  });
});

describe('GET /v1/inventory/movements', () => {
  it('should be the kardex: newest first, each with the stock after it', async () => {
    const product = await newProduct();
    const ago = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
    await post(product, 'in', 10, { occurredAt: ago(20) });
    await post(product, 'out', 3, { occurredAt: ago(5) });
    await post(product, 'in', 5, { occurredAt: ago(10) });
    const list = async (more = '') => (await api.get(`/v1/inventory/movements?productId=${String(product.id)}${more}`)).body;
    const rows = (await list()).data as unknown as Any[];
    expect(rows.map(({ quantity, balance }) => [quantity, balance])).toEqual([
      ['-3.0000', '12.0000'],
      ['5.0000', '15.0000'],
      ['10.0000', '10.0000'],
    ]);
    const first = await list('&limit=2');
    expect((await list(`&limit=2&cursor=${String(first.nextCursor)}`)).data).toEqual([rows[2]]);
    expect((await list(`&from=${ago(11)}&to=${ago(6)}`)).data).toEqual([rows[1]]);
    expect((await list('&type=out')).data).toEqual([rows[0]]);
    expect(await list(`&from=${ago(1)}&to=${ago(2)}`)).toMatchObject({
      code: 'http.validation_failed',
      errors: [{ pointer: '/to' }],
    });
  });
});

describe('limits of a store', () => {
  it('should be set, raise an alert, and take the product its own again', async () => {
    const product = await newProduct({ reorderPoint: 2 });
    await post(product, 'in', 5);
    const at = `/v1/inventory/${String(product.id)}/${String(store.id)}`;
    expect((await api.call('PATCH', at, {})).status).toBe(428);
    const set = await api.patch(at, { reorderPoint: '8', leadTimeDays: 4 }, await etagAt(api, at));
    expect(set).toMatchObject({
      status: 200,
      body: { reorderPoint: '8.0000', leadTimeDays: 4, override: { reorderPoint: '8.0000', minStockLevel: null } },
    });
    expect((await api.get(`/v1/inventory?below=true&productId=${String(product.id)}`)).body.data).toMatchObject([
      { storeId: store.id, reorderPoint: '8.0000', belowReorderPoint: true },
    ]);
    const alerts = `/v1/alerts?productId=${String(product.id)}&status=active`;
    await until(async () => ((await api.get(alerts)).body.data as unknown as Any[])[0], 'a low-stock alert');
    await api.patch(at, { reorderPoint: null }, await etagAt(api, at));
    await until(async () => ((await api.get(alerts)).body.data as unknown as Any[]).length === 0, 'the alert to resolve');
    expect((await api.get(at)).body).toMatchObject({ reorderPoint: '2.0000', leadTimeDays: 4 });
  });
});
