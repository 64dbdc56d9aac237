import { randomUUID } from 'node:crypto';
import { Api, logIn, PASSWORD, signUp, type Any } from '../../support/api.js';

let api: Api;
let store: Any;

beforeAll(async () => {
  api = await signUp();
  store = await api.create('/v1/stores', { code: 'CCS-01', name: 'Tienda Centro' });
});

let made = 0;
/** A product with `quantity` units in the store. */
async function product(quantity: number, changes: Record<string, unknown> = {}): Promise<Any> {
  made++;
  const created = await api.create('/v1/products', {
    sku: `SKU-${made}`,
    name: `Producto ${made}`,
    sellingPrice: '3.25',
    costPrice: '2.00',
    ...changes,
  });
  if (quantity > 0) {
    await api.create('/v1/inventory/movements', {
      storeId: store.id,
      productId: created.id,
      type: 'in',
      quantity,
      reason: 'purchase',
      unitCost: '2',
    });
  }
  return created;
}

const onHand = async (productId: unknown) =>
  (await api.get(`/v1/inventory?productId=${String(productId)}&storeId=${String(store.id)}`)).body.data?.[0]?.onHand;
const sale = (items: Record<string, unknown>[], amount: string | number, more: Record<string, unknown> = {}) => ({
  storeId: store.id,
  items,
  payments: [{ method: 'cash', amount }],
  ...more,
});

describe('POST /v1/sales', () => {
  it('should sell in one request: stock, lines, tax, payment and number', async () => {
    const { id, sku } = await product(10);
    const { status, body, headers } = await api.post('/v1/sales', sale([{ sku, quantity: 5 }], '20'));
    expect(status).toBe(201);
    expect(body).toMatchObject({
      invoiceNumber: 'CCS-01-A-00000001',
      status: 'completed',
      subtotal: '16.2500',
      taxAmount: '2.6000',
      totalAmount: '18.8500',
      changeAmount: '1.1500',
      paymentStatus: 'paid',
      paymentMethod: 'cash',
      items: [{ productId: id, quantity: '5.0000', unitPrice: '3.2500', lineTotal: '16.2500', taxRate: '16.0000' }],
      payments: [{ method: 'cash', amount: '18.8500', currency: 'USD' }],
    });
    expect(headers.get('location') ?? '').toMatch(/^(|.*\/v1\/sales\/.*)$/);
    expect(await onHand(id)).toBe('5.0000');
    const read = await api.get(`/v1/sales/${String(body.id)}`);
    expect(read.body).toMatchObject({ id: body.id, totalAmount: '18.8500', items: [{ sku, name: expect.any(String) }] });
    expect(read.headers.get('etag')).toBeTruthy();
  });

  it('should say whether the payments are too little or more than cash can give back', async () => {
    const { id } = await product(10);
    const items = [{ productId: id, quantity: 1 }];
    const paid = async (method: string, amount: string, language: string) => {
      const payments = [{ method, amount }];
      const { status, body } = await api.post('/v1/sales', sale(items, '1', { payments }), { 'accept-language': language });
      return { status, code: body.code, detail: body.detail, errors: body.errors };
    };
    expect(await paid('cash', '3', 'en')).toMatchObject({
      status: 422,
      code: 'sales.payment_mismatch',
      errors: [{ pointer: '/payments', code: 'field.payment_short', by: '0.7700', currency: 'USD' }],
    });
    expect(await paid('card', '100', 'es')).toMatchObject({
      status: 422,
      detail: 'Total 3.7700, pagado 100.0000 USD; errors dice cuánto falta o sobra.',
      errors: [{ code: 'field.payment_over', by: '96.2300', message: expect.stringContaining('Sobran 96.2300 USD') }],
    });
    expect(await onHand(id)).toBe('10.0000');
  });

  it('should number the sales of a store without a gap, whatever is refused between them', async () => {
    const { id } = await product(3);
    const first = await api.create('/v1/sales', sale([{ productId: id, quantity: 1 }], '3.77'));
    expect((await api.post('/v1/sales', sale([{ productId: id, quantity: 99 }], '500'))).status).toBe(409);
    expect((await api.post('/v1/sales', sale([{ productId: id, quantity: 1 }], '1'))).status).toBe(422);
    const second = await api.create('/v1/sales', sale([{ productId: id, quantity: 1 }], '3.77'));
    const number = (text: unknown) => Number(/(\d+)$/.exec(String(text))?.[1]);
    expect(number(second.invoiceNumber)).toBe(number(first.invoiceNumber) + 1);
  });

  it('should refuse the whole sale when one product is short, and say what there is of each', async () => {
    const [plenty, few, none] = [await product(50), await product(2), await product(0)];
    const { status, body } = await api.post(
      '/v1/sales',
      sale(
        [
          { productId: plenty.id, quantity: 1 },
          { productId: few.id, quantity: 3 },
          { productId: none.id, quantity: '0.5' },
        ],
        '100',
      ),
    );
    expect(status).toBe(409);
    expect(body).toMatchObject({ code: 'inventory.insufficient_stock' });
    expect(body.errors).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ pointer: '/items/1/quantity', productId: few.id, requested: '3.0000', available: '2.0000' }),
        expect.objectContaining({ pointer: '/items/2/quantity', productId: none.id, requested: '0.5000', available: '0.0000' }),
      ]),
    );
    expect(await onHand(plenty.id)).toBe('50.0000');
  });

  it('should sell exactly what there is to 32 buyers at once', async () => {
    const { id } = await product(20);
    const answers = await Promise.all(
      Array.from({ length: 32 }, () => api.post('/v1/sales', sale([{ productId: id, quantity: 1 }], '3.77'))),
    );
    const byStatus = (status: number) => answers.filter((answer) => answer.status === status);
    expect([byStatus(201).length, byStatus(409).length]).toEqual([20, 12]);
    for (const { body } of byStatus(409)) {
      expect(body).toMatchObject({
        code: 'inventory.insufficient_stock',
        errors: [{ productId: id, requested: '1.0000', available: expect.any(String) }],
      });
    }
    expect(await onHand(id)).toBe('0.0000');
  });

  it('should sell once when the same request comes 20 times with one key', async () => {
    const { id } = await product(100);
    const headers = { 'idempotency-key': randomUUID() };
    const body = sale([{ productId: id, quantity: 1 }], '3.77');
    const answers = await Promise.all(Array.from({ length: 20 }, () => api.post('/v1/sales', body, headers)));
    const sold = answers.filter(({ status }) => status === 201);
    expect(new Set(sold.map((answer) => answer.body.id)).size).toBe(1);
    expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
    expect(await onHand(id)).toBe('99.0000');
    const again = await api.post('/v1/sales', body, headers);
    expect([again.status, again.headers.get('idempotency-replayed'), again.body.id]).toEqual([201, 'true', sold[0]!.body.id]);
    expect((await api.post('/v1/sales', sale([{ productId: id, quantity: 2 }], '7.54'), headers)).status).toBe(422);
  });

  it('should refuse a till number that the store has used', async () => {
    const { id } = await product(10);
    const body = sale([{ productId: id, quantity: 1 }], '3.77', { posTransactionId: `T-${randomUUID()}` });
    expect((await api.post('/v1/sales', body)).status).toBe(201);
    const again = await api.post('/v1/sales', body);
    expect([again.status, again.body.code]).toEqual([409, 'sales.duplicate_transaction']);
    expect(await onHand(id)).toBe('9.0000');
  });

  it('should take bolivars at the rate in force, and none without a rate', async () => {
    const { id } = await product(10, { sellingPrice: '10', taxCategory: 'exempt' });
    const inBolivars = sale([{ productId: id, quantity: 1 }], '365', {
      payments: [{ method: 'transfer', channel: 'pago_movil', amount: '365', currency: 'VES' }],
    });
    expect((await api.post('/v1/sales', inBolivars)).body).toMatchObject({ code: 'sales.no_exchange_rate' });
    await api.create('/v1/exchange-rates', { baseCurrency: 'USD', quoteCurrency: 'VES', rate: '36.5', source: 'BCV' });
    const { status, body } = await api.post('/v1/sales', inBolivars);
    expect(status).toBe(201);
    expect(body.payments).toEqual([
      expect.objectContaining({ currency: 'VES', amount: '365.0000', amountInSaleCurrency: '10.0000' }),
    ]);
  });

  it.each([
    ['no product named', [{ quantity: 1 }], 'http.validation_failed'],
    ['a product named twice', [{ sku: 'a', barcode: 'b', quantity: 1 }], 'http.validation_failed'],
    ['an unknown product', [{ sku: 'NO-SUCH', quantity: 1 }], 'sales.unknown_product'],
    ['a quantity of nothing', [{ sku: 'SKU-1', quantity: 0 }], 'http.validation_failed'],
    ['no items', [], 'http.validation_failed'],
  ])('should refuse %s', async (_, items, code) => {
    const { status, body } = await api.post('/v1/sales', sale(items, 1));
    expect([status >= 400 && status < 500, body.code]).toEqual([true, code]);
  });

  it('should refuse a sale of tomorrow', async () => {
    const { id } = await product(1);
    const occurredAt = new Date(Date.now() + 86_400_000).toISOString();
    const { body } = await api.post('/v1/sales', sale([{ productId: id, quantity: 1 }], '3.77', { occurredAt }));
    expect(body).toMatchObject({ code: 'http.validation_failed', errors: [{ pointer: '/occurredAt', code: 'field.future' }] });
  });

  it('should know nothing of the store of another company', async () => {
    const other = await signUp();
    const { id } = await product(5);
    expect((await other.post('/v1/sales', sale([{ productId: id, quantity: 1 }], '3.77'))).status).toBe(404);
    expect(await onHand(id)).toBe('5.0000');
  });

  it('should be refused to a viewer', async () => {
    const email = `viewer-${randomUUID()}@x.example`;
    await api.create('/v1/users', { email, password: PASSWORD, fullName: 'Vera', role: 'viewer' });
    const viewer = await logIn(api.tenant, email);
    const { id } = await product(5);
    expect((await viewer.post('/v1/sales', sale([{ productId: id, quantity: 1 }], '3.77'))).status).toBe(403);
    expect((await viewer.get('/v1/sales')).status).toBe(200);
  });
});

describe('POST /v1/sales/{id}/void', () => {
  it('should bring the goods back once, and keep the number', async () => {
    const { id } = await product(10);
    const sold = await api.create('/v1/sales', sale([{ productId: id, quantity: 4 }], '15.08'));
    const etag = (await api.get(`/v1/sales/${String(sold.id)}`)).headers.get('etag')!;
    expect((await api.post(`/v1/sales/${String(sold.id)}/void`, { reason: 'x' })).status).toBe(428);
    expect((await api.post(`/v1/sales/${String(sold.id)}/void`, { reason: 'x' }, { 'if-match': '"stale"' })).status).toBe(412);
    const voided = await api.post(`/v1/sales/${String(sold.id)}/void`, { reason: 'Cobro duplicado' }, { 'if-match': etag });
    expect(voided.body).toMatchObject({
      status: 'voided',
      voidReason: 'Cobro duplicado',
      invoiceNumber: sold.invoiceNumber,
      paymentStatus: 'cancelled',
    });
    expect(await onHand(id)).toBe('10.0000');
    expect((await api.post(`/v1/sales/${String(sold.id)}/void`, { reason: 'x' }, { 'if-match': etag })).body).toMatchObject({
      code: 'sales.already_voided',
    });
    expect(await onHand(id)).toBe('10.0000');
  });
});

describe('GET /v1/sales', () => {
  it('should page through a period without losing or repeating a sale', async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const { body }: { body: Any } = await api.get(`/v1/sales?limit=3${cursor ? `&cursor=${cursor}` : ''}`);
      seen.push(...(body.data as unknown as Any[]).map((row) => String(row.id)));
      cursor = body.nextCursor as unknown as string | null;
    } while (cursor);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBeGreaterThan(20);
  });

  it('should sum a period by product', async () => {
    const { body } = await api.get('/v1/reports/sales?groupBy=product&limit=5');
    expect(body.data?.[0]).toMatchObject({
      key: expect.any(String),
      label: expect.stringMatching(/^SKU-/),
      quantity: expect.any(String),
    });
  });
});
