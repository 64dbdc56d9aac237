import { randomUUID } from 'node:crypto';
import { signUp, until, type Any, type Api } from '../../support/api.js';
import { etagAt, hire } from './staff.js';

let api: Api;
let store: Any;
let supplier: Any;

beforeAll(async () => {
  api = await signUp();
  store = await api.create('/v1/stores', { code: 'CCS-01', name: 'Tienda Centro' });
  supplier = await api.create('/v1/suppliers', { code: 'POLAR', businessName: 'Empresas Polar, S.A.', leadTimeDays: 3 });
});

const newProduct = (values: Record<string, unknown> = {}) =>
  api.create('/v1/products', { sku: randomUUID(), name: 'Producto', costPrice: '2', ...values });
const order = (items: Record<string, unknown>[]) =>
  api.create('/v1/purchase-orders', { storeId: store.id, supplierId: supplier.id, items });
const receive = (id: unknown, lines: Record<string, unknown>[], headers = {}) =>
  api.post(`/v1/purchase-orders/${String(id)}/receive`, { lines }, headers);

it('should order, receive in parts, raise stock and resolve the alert by itself', async () => {
  const product = await newProduct({ reorderPoint: 10 });
  await api.create('/v1/inventory/movements', { storeId: store.id, productId: product.id, type: 'in', quantity: 4, reason: 'x' });
  const alerts = async () =>
    (await api.get(`/v1/alerts?productId=${String(product.id)}&status=active`)).body.data as unknown as Any[];
  await until(async () => (await alerts()).length === 1, 'a low-stock alert');
  const draft = await order([{ productId: product.id, quantity: 20, unitCost: '1.80' }]);
  expect(draft).toMatchObject({
    status: 'draft',
    subtotal: '36.0000',
    taxAmount: '5.7600',
    totalAmount: '41.7600',
    supplierName: 'Empresas Polar, S.A.',
  });
  const at = `/v1/purchase-orders/${String(draft.id)}`;
  expect((await api.post(`${at}/send`)).body).toMatchObject({ status: 'sent' });
  expect((await api.post(`${at}/confirm`)).body).toMatchObject({ status: 'confirmed' });
  const itemId = draft.items?.[0]?.id;
  expect(await receive(draft.id, [{ itemId, quantity: 5 }])).toMatchObject({
    status: 201,
    body: { status: 'partial', items: [{ quantityReceived: '5.0000' }] },
  });
  expect(await alerts()).toHaveLength(1);
  expect((await receive(draft.id, [{ itemId, quantity: 15 }])).body).toMatchObject({
    status: 'received',
    receipts: [{ receiptNumber: 'REC-00000001' }, { receiptNumber: 'REC-00000002' }],
  });
  await until(async () => (await alerts()).length === 0, 'the alert to resolve');
  expect((await api.get(`/v1/inventory?productId=${String(product.id)}`)).body.data).toMatchObject([
    { onHand: '24.0000', averageCost: '1.800000' },
  ]);
  const kardex = (await api.get(`/v1/inventory/movements?productId=${String(product.id)}`)).body.data;
  expect(kardex).toMatchObject([{ referenceType: 'purchase', referenceId: draft.id, unitCost: '1.800000' }, {}, {}]);
});

it('should refuse more than ordered and what the state does not allow', async () => {
  const product = await newProduct();
  const draft = await order([{ productId: product.id, quantity: 2 }]);
  const itemId = draft.items?.[0]?.id;
  expect(await receive(draft.id, [{ itemId, quantity: 3 }])).toMatchObject({
    status: 409,
    body: { code: 'purchasing.over_received', errors: [{ pointer: '/lines/0/quantity', max: '2.0000' }] },
  });
  expect(await receive(draft.id, [{ itemId: randomUUID(), quantity: 1 }])).toMatchObject({ status: 404 });
  expect((await receive(draft.id, [])).status).toBe(400);
  expect((await receive(draft.id, [{ itemId, quantity: -1 }])).status).toBe(400);
  const at = `/v1/purchase-orders/${String(draft.id)}`;
  expect((await api.post(`${at}/cancel`)).body).toMatchObject({ status: 'cancelled' });
  for (const action of ['send', 'confirm', 'cancel']) {
    expect(await api.post(`${at}/${action}`)).toMatchObject({ status: 409, body: { code: 'purchasing.invalid_status' } });
  }
  expect((await receive(draft.id, [{ itemId, quantity: 1 }])).status).toBe(409);
  expect((await api.get(`/v1/inventory?productId=${String(product.id)}`)).body.data).toEqual([]);
});

it('should receive once for one key, and once when two receive the same', async () => {
  const product = await newProduct();
  const draft = await order([{ productId: product.id, quantity: 2 }]);
  const lines = [{ itemId: draft.items?.[0]?.id, quantity: 2 }];
  const key = { 'idempotency-key': randomUUID() };
  const answers = await Promise.all(Array.from({ length: 6 }, (_, index) => receive(draft.id, lines, index % 2 ? key : {})));
  expect(answers.filter(({ status }) => status === 201).length).toBeGreaterThanOrEqual(1);
  expect(answers.every(({ status }) => [201, 409].includes(status))).toBe(true);
  expect((await api.get(`/v1/inventory?productId=${String(product.id)}`)).body.data).toMatchObject([{ onHand: '2.0000' }]);
});

it('should change a draft under its version', async () => {
  const product = await newProduct();
  const draft = await order([{ productId: product.id, quantity: 2 }]);
  const at = `/v1/purchase-orders/${String(draft.id)}`;
  const etag = await etagAt(api, at);
  expect((await api.call('PATCH', at, { notes: 'x' })).status).toBe(428);
  expect((await api.patch(at, { items: [{ productId: product.id, quantity: 7 }] }, etag)).body).toMatchObject({
    subtotal: '14.0000',
    items: [{ quantityOrdered: '7.0000' }],
  });
  expect((await api.patch(at, { notes: 'y' }, etag)).status).toBe(412);
});

it('should keep to roles, to the stores of a person and to the company', async () => {
  const product = await newProduct();
  const draft = await order([{ productId: product.id, quantity: 2 }]);
  const at = `/v1/purchase-orders/${String(draft.id)}`;
  const other = await api.create('/v1/stores', { code: 'CCS-09', name: 'Otra' });
  const [viewer, user, elsewhere, stranger] = [
    await hire(api, 'viewer'),
    await hire(api, 'user'),
    await hire(api, 'manager', [other.id as Any]),
    await signUp(),
  ];
  expect((await viewer.get(at)).status).toBe(200);
  expect((await viewer.post(`${at}/send`)).status).toBe(403);
  expect((await user.get(at)).status).toBe(403);
  for (const who of [elsewhere, stranger]) {
    expect((await who.get(at)).status).toBe(404);
    expect((await who.post(`${at}/send`)).status).toBe(404);
    expect((await who.post(`${at}/receive`, { lines: [{ itemId: draft.items?.[0]?.id, quantity: 1 }] })).status).toBe(404);
    expect((await who.get('/v1/purchase-orders')).body.data).toEqual([]);
  }
  expect(
    (await api.get(`/v1/purchase-orders?status=draft&supplierId=${String(supplier.id)}&productId=${String(product.id)}`)).body
      .data,
  ).toMatchObject([{ id: draft.id }]);
});
