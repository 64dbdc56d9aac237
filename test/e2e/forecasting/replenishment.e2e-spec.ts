import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { addDays, localDateOf } from '../../../src/kernel/time/zone.js';
import { Api, logIn, PASSWORD, signUp, until, type Any } from '../../support/api.js';

let api: Api;
let store: Any;
let other: Any;
let supplier: Any;
const products: Any[] = [];
const today = localDateOf(new Date(), 'America/Caracas');

/** History as an import leaves it: 60 days of ten a day. */
async function sell(productId: unknown, storeId: unknown): Promise<void> {
  const database = new pg.Client({ connectionString: process.env['APP_DATABASE_URL'] });
  await database.connect();
  const schema = `tenant_${api.tenant.replaceAll('-', '_')}`;
  await database.query(
    `WITH t AS (SELECT id FROM shared.tenants WHERE schema_name = '${schema}'),
          days AS (SELECT ext.uuid_v7() AS id, t.id AS tenant, d FROM t, generate_series($3::date - 60, $3::date - 1, '1 day') d),
          made AS (INSERT INTO ${schema}.sales (id, tenant_id, store_id, business_date, source, created_at)
                   SELECT id, tenant, $1::uuid, d, 'import', d + interval '16 hours' FROM days RETURNING id)
     INSERT INTO ${schema}.sale_items (tenant_id, sale_id, line_number, product_id, quantity, unit_price, net_total, moves_stock, created_at)
     SELECT tenant, days.id, 1, $2::uuid, 10, 3, 30, false, d FROM days JOIN made USING (id)`,
    [storeId, productId, today],
  );
  await database.end();
}

async function person(role: string, storeIds: unknown[] | null): Promise<Api> {
  const email = `${role}-${randomUUID().slice(0, 8)}@example.com`;
  await api.create('/v1/users', { email, password: PASSWORD, fullName: role, role, ...(storeIds ? { storeIds } : {}) });
  return logIn(api.tenant, email);
}

async function finished(jobId: unknown): Promise<Any> {
  return until(async () => {
    const { body } = await api.get(`/v1/jobs/${String(jobId)}`);
    return ['completed', 'failed'].includes(String(body.state)) ? body : undefined;
  }, 'the job');
}

const list = async (query = '', as: Api = api) =>
  (await as.get(`/v1/replenishment/suggestions?limit=200${query}`)).body.data as unknown as Any[];
const refresh = async () => finished((await api.post('/v1/replenishment/suggestions/refresh')).body.jobId);
const receive = (productId: unknown, storeId: unknown, quantity: number) =>
  api.create('/v1/inventory/movements', { storeId, productId, type: 'in', quantity, reason: 'purchase' });

beforeAll(async () => {
  api = await signUp();
  store = await api.create('/v1/stores', { code: 'CCS-01', name: 'Tienda Centro' });
  other = await api.create('/v1/stores', { code: 'CD-01', name: 'Centro de Distribución', type: 'distribution_center' });
  supplier = await api.create('/v1/suppliers', {
    code: 'POLAR',
    businessName: 'Empresas Polar, S.A.',
    leadTimeDays: 5,
    minOrderAmount: '5000',
  });
  for (const sku of ['HARINA', 'LECHE', 'ARROZ', 'SAL']) {
    const product = await api.create('/v1/products', {
      sku,
      name: sku,
      supplierId: supplier.id,
      costPrice: '2',
      sellingPrice: '3',
      reorderPoint: 0,
    });
    products.push(product);
    await sell(product.id, store.id);
    await receive(product.id, store.id, 20);
  }
  await receive(products[3]!.id, other.id, 2_000);
  await finished((await api.post('/v1/forecasts/runs')).body.jobId);
  await until(async () => (await list()).length === 4, 'suggestions after the run');
}, 120_000);

describe('suggestions', () => {
  it('should tell what to order and why, in the language of the caller', async () => {
    const [one] = await list(`&productId=${String(products[0]!.id)}`);
    expect(one).toMatchObject({
      kind: 'purchase',
      status: 'open',
      sku: 'HARINA',
      storeName: 'Tienda Centro',
      supplierName: 'Empresas Polar, S.A.',
      unitCost: '2.000000',
      leadTimeDays: 5,
      reason: {
        code: 'stock_out_before_arrival',
        text: expect.stringMatching(/^Stock ends before an order placed today arrives/),
      },
      data: { available: '20.0000', serviceLevelSource: 'newsvendor' },
    });
    expect([addDays(today, 1), addDays(today, 2)]).toContain(one!.stockOutDate);
    expect(Number(one!.amount)).toBe(2 * Number(one!.quantity));
    const spanish = await api.get(`/v1/replenishment/suggestions/${String(one!.id)}`, { 'accept-language': 'es' });
    expect(spanish.body.reason!.text).toMatch(/^La existencia se acaba antes de que llegue un pedido hecho hoy/);
  });

  it('should bring stock from the distribution centre before buying', async () => {
    expect(await list('&kind=transfer')).toMatchObject([
      { sku: 'SAL', storeId: store.id, fromStoreId: other.id, fromStoreName: 'Centro de Distribución', supplierId: null },
    ]);
  });

  it('should be filtered and paged', async () => {
    const all = await list();
    expect(await list(`&supplierId=${String(supplier.id)}`)).toHaveLength(3);
    expect(await list(`&storeId=${String(other.id)}`)).toEqual([]);
    expect(await list('&status=accepted')).toEqual([]);
    const first = await api.get('/v1/replenishment/suggestions?limit=3');
    const next = await api.get(`/v1/replenishment/suggestions?limit=3&cursor=${String(first.body.nextCursor)}`);
    expect([...(first.body.data as unknown as Any[]), ...(next.body.data as unknown as Any[])]).toEqual(all);
    const wrong = await api.get('/v1/replenishment/suggestions?status=ordered');
    expect([wrong.status, wrong.body.errors?.[0]]).toMatchObject([400, { pointer: '/status', code: 'field.choice' }]);
  });

  it('should be summed up by supplier, with what is missing to the least amount', async () => {
    const { body } = await api.get('/v1/replenishment/suggestions/by-supplier');
    const lines = await list('&kind=purchase');
    const amount = lines.reduce((sum, line) => sum + Number(line.amount), 0).toFixed(4);
    expect(body.data).toMatchObject([
      {
        supplierId: supplier.id,
        minOrderAmount: '5000.0000',
        lines: 3,
        amount,
        orders: [{ storeId: store.id, lines: 3, amount, shortfall: (5000 - Number(amount)).toFixed(4) }],
      },
    ]);
  });

  it('should change nothing when they are computed again', async () => {
    const before = await list();
    expect(await refresh()).toMatchObject({ state: 'completed', result: { added: 0, changed: 0, closed: 0 } });
    expect(await list()).toEqual(before);
  });

  it('should be hidden from people who may not order, and from people of other stores', async () => {
    expect((await (await person('user', null)).get('/v1/replenishment/suggestions')).status).toBe(403);
    const viewer = await person('viewer', null);
    const [one] = await list('', viewer);
    const path = `/v1/replenishment/suggestions/${String(one!.id)}`;
    expect((await viewer.post(`${path}/dismiss`)).status).toBe(403);
    expect((await viewer.post('/v1/replenishment/accept', { suggestionIds: [one!.id] as unknown as string[] })).status).toBe(403);
    const manager = await person('manager', [store.id]);
    expect((await list('', manager)).map(({ kind }) => String(kind))).toEqual(['purchase', 'purchase', 'purchase']);
    const elsewhere = await person('manager', [other.id]);
    expect([await list('', elsewhere), (await elsewhere.get(path)).status]).toEqual([[], 404]);
    expect((await elsewhere.get(`/v1/replenishment/suggestions?storeId=${String(store.id)}`)).status).toBe(404);
  });
});

describe('accepting suggestions', () => {
  const accept = (body: object, headers?: Record<string, string>) =>
    api.post('/v1/replenishment/accept', body as Record<string, unknown>, headers);

  it('should refuse what cannot be ordered, and say why', async () => {
    const [first, second] = await list('&kind=purchase');
    const wrong = await accept({ suggestionIds: [first!.id], quantities: [{ suggestionId: first!.id, quantity: '2.5' }] });
    expect([wrong.status, wrong.body]).toMatchObject([
      422,
      { code: 'replenishment.invalid_quantity', errors: [{ pointer: '/quantities/0/quantity', code: 'field.multiple' }] },
    ]);
    const foreign = await accept({ suggestionIds: [first!.id], quantities: [{ suggestionId: second!.id, quantity: '2' }] });
    expect(foreign.body).toMatchObject({ errors: [{ pointer: '/quantities/0/suggestionId', code: 'field.not_allowed' }] });
    const unknown = await accept({ suggestionIds: [first!.id, randomUUID()] });
    expect([unknown.status, unknown.body]).toMatchObject([404, { errors: [{ pointer: '/suggestionIds/1' }] }]);
    expect((await accept({ suggestionIds: [] })).status).toBe(400);
    expect((await accept({ suggestionIds: [first!.id, first!.id] })).status).toBe(400);
    expect(await list('&kind=purchase')).toHaveLength(3);
  });

  it('should make one draft order of them, once for one key and once at all', async () => {
    const [first, second] = await list('&kind=purchase');
    const body = { suggestionIds: [first!.id, second!.id], quantities: [{ suggestionId: second!.id, quantity: '150' }] };
    const key = { 'idempotency-key': randomUUID() };
    const made = await accept(body, key);
    expect(made.status).toBe(201);
    const [order] = made.body.purchaseOrders as unknown as Any[];
    expect((await accept(body, key)).body).toEqual(made.body);
    const again = await accept(body);
    expect([again.status, again.body]).toMatchObject([
      409,
      {
        code: 'replenishment.not_open',
        errors: [
          { pointer: '/suggestionIds/0', status: 'accepted' },
          { pointer: '/suggestionIds/1', status: 'accepted' },
        ],
      },
    ]);
    const draft = (await api.get(`/v1/purchase-orders/${String(order!.id)}`)).body;
    expect(draft).toMatchObject({ status: 'draft', orderNumber: order!.orderNumber, supplierId: supplier.id, storeId: store.id });
    const ordered = (draft.items as unknown as Any[]).map(({ productId, quantityOrdered }) => [productId, quantityOrdered]);
    expect(ordered).toEqual([
      [first!.productId, first!.quantity],
      [second!.productId, '150.0000'],
    ]);
    expect(await list('&status=accepted')).toHaveLength(2);
    await refresh();
    expect(await list('&kind=purchase')).toHaveLength(1);
  });

  it('should make a draft transfer, which moves stock when it is completed', async () => {
    const [transfer] = await list('&kind=transfer');
    const { body } = await accept({ suggestionIds: [transfer!.id] });
    const id = String((body.transfers as unknown as Any[])[0]!.id);
    const done = await api.post(`/v1/stock-transfers/${id}/complete`);
    expect([done.status, done.body.status]).toEqual([200, 'received']);
    expect((await api.post(`/v1/stock-transfers/${id}/cancel`)).body.code).toBe('inventory.invalid_transfer_status');
    const { data } = (await api.get(`/v1/inventory?productId=${String(transfer!.productId)}&storeId=${String(store.id)}`)).body;
    expect(Number(data![0]!.onHand)).toBe(20 + Number(transfer!.quantity));
  });

  it('should dismiss until stock has recovered', async () => {
    const [one] = await list('&kind=purchase');
    const path = `/v1/replenishment/suggestions/${String(one!.id)}/dismiss`;
    expect((await api.post(path)).body).toMatchObject({ status: 'dismissed' });
    expect((await api.post(path)).body.code).toBe('replenishment.not_open');
    await refresh();
    expect(await list('&kind=purchase')).toEqual([]);
  });
});

describe('the rules of replenishment', () => {
  const at = (product?: Any, place?: Any) =>
    `/v1/replenishment/policy?${new URLSearchParams({
      ...(product && { productId: String(product.id) }),
      ...(place && { storeId: String(place.id) }),
    }).toString()}`;

  it('should be read with their sources, and changed under their ETag', async () => {
    const company = await api.get('/v1/replenishment/policy');
    expect(company.body).toMatchObject({ productId: null, rules: { reorderPointMode: 'fixed', coverDays: 7 }, parameters: null });
    const path = at(products[0], store);
    const read = await api.get(path);
    expect(read.body).toMatchObject({
      parameters: {
        serviceLevel: { source: 'newsvendor' },
        leadTimeDays: { value: 5, source: 'supplier' },
        coverDays: { value: 7, source: 'company' },
      },
      reorderPoint: { inForce: '0.0000', computed: expect.stringMatching(/^\d+\.0000$/) },
    });
    expect((await api.call('PATCH', path, { coverDays: 14 })).status).toBe(428);
    expect((await api.patch(path, { coverDays: 14 }, '"stale"')).status).toBe(412);
    const changed = await api.patch(path, { coverDays: 14, serviceLevel: 0.97 }, read.headers.get('etag')!);
    expect(changed.body).toMatchObject({
      rules: { coverDays: 14 },
      parameters: {
        coverDays: { value: 14, source: 'product_in_store' },
        serviceLevel: { value: 0.97, source: 'product_in_store' },
      },
    });
    expect((await api.patch(path, { coverDays: 7 }, read.headers.get('etag')!)).status).toBe(412);
  });

  it('should refuse wrong values, unknown places, and people held to stores', async () => {
    const wrong = await api.patch(at(products[0]), { serviceLevel: 1, reviewDays: 2, mode: 'x' }, '*');
    expect([wrong.status, (wrong.body.errors as unknown as Any[]).map(({ pointer }) => String(pointer)).toSorted()]).toEqual([
      400,
      ['/mode', '/serviceLevel'],
    ]);
    expect((await api.patch(at(products[0]), { reviewDays: 2 }, '*')).body.errors).toMatchObject([{ code: 'field.not_allowed' }]);
    expect((await api.get(at(undefined, store))).body.errors).toMatchObject([{ pointer: '/productId', code: 'field.required' }]);
    expect((await api.get(`/v1/replenishment/policy?productId=${randomUUID()}`)).status).toBe(404);
    const manager = await person('manager', [store.id]);
    expect((await manager.patch(at(products[0]), { coverDays: 3 }, '*')).body.code).toBe('auth.all_stores_required');
    expect((await manager.patch(at(products[0], store), { coverDays: 3 }, '*')).status).toBe(200);
    expect((await manager.get(at(products[0], other))).status).toBe(404);
  });

  it('should be tried out without saving anything', async () => {
    const place = { productId: products[0]!.id, storeId: store.id };
    const before = (await api.get(at(products[0], store))).body;
    const { status, body } = await api.post('/v1/replenishment/what-if', { ...place, leadTimeDays: 15, promotionFactor: 2 });
    expect(status).toBe(200);
    expect(Number(body.after!.reorderPoint)).toBeGreaterThan(2 * Number(body.before!.reorderPoint));
    expect(body.before!.reorderPoint).toBe(before.reorderPoint!.computed);
    expect((await api.get(at(products[0], store))).body).toEqual(before);
    const unsold = await api.create('/v1/products', { sku: randomUUID().slice(0, 8), name: 'Nuevo' });
    const none = await api.post('/v1/replenishment/what-if', { ...place, productId: unsold.id });
    expect([none.status, none.body.code]).toEqual([422, 'forecasts.too_little_history']);
  });

  it('should apply a computed reorder point by hand, and write it by itself where that is automatic', async () => {
    const [applied, automatic] = [products[1]!, products[2]!];
    const inForce = async (product: Any) =>
      (await api.get(`/v1/inventory/${String(product.id)}/${String(store.id)}`)).body.reorderPoint;
    const items = [{ productId: applied.id, storeId: store.id }];
    const { body } = await api.post('/v1/replenishment/reorder-points/apply', { items });
    expect(body.data).toMatchObject([{ productId: applied.id, before: '0.0000' }]);
    expect(await inForce(applied)).toBe(body.data![0]!.after);
    const twice = await api.post('/v1/replenishment/reorder-points/apply', { items: [...items, ...items] });
    expect([twice.status, twice.body.errors]).toMatchObject([400, [{ pointer: '/items/1', code: 'field.duplicate' }]]);
    await api.patch(at(automatic), { reorderPointMode: 'automatic' }, '*');
    expect(await refresh()).toMatchObject({ result: { reorderPoints: 1 } });
    expect(await inForce(automatic)).toBe((await api.get(at(automatic, store))).body.reorderPoint!.computed);
    await until(
      async () =>
        ((await api.get(`/v1/alerts?type=low_stock&productId=${String(automatic.id)}`)).body.data as unknown as Any[]).length,
      'the alert of the new point',
    );
    const audit = (await api.get(`/v1/audit-events?entityType=inventory`)).body.data as unknown as Any[];
    expect(audit.some(({ metadata }) => JSON.stringify(metadata).includes('job:replenishment.suggest'))).toBe(true);
  });
});
