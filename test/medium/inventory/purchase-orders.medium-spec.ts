import { etagOf } from '../../../src/kernel/http/etag.js';
import { openShop, type Shop } from './shop.js';

describe('purchase orders', () => {
  let shop: Shop;
  let storeId: string;
  let supplierId: string;
  let count = 0;

  beforeAll(async () => {
    shop = await openShop('purchase_orders');
    [storeId, supplierId] = await shop.as(async () => [
      (await shop.stores.create({ code: 'S1', name: 'Uno' })).id,
      (await shop.suppliers.create({ code: 'P', businessName: 'Proveedor', leadTimeDays: 5 })).id,
    ]);
  });
  afterAll(() => shop.database.close());

  const newProduct = async (values = {}) =>
    (
      await shop.as(() =>
        shop.products.create({ sku: `P${++count}`, name: 'Producto', costPrice: '2.5', taxCategory: 'general', ...values }),
      )
    ).id;
  const order = (items: { productId: string; quantity: string; unitCost?: string }[]) =>
    shop.as(() => shop.orders.create({ storeId, supplierId, items, orderDate: '2026-11-01' }));
  const receive = (id: string, lines: { itemId: string; quantity: string }[]) =>
    shop.as(() => shop.receipts.receive(id, { lines }));
  const onHand = async (productId: string) => {
    const { data } = await shop.as(() => shop.stock.listLevels({ productId, limit: 10 }));
    return data[0] && { onHand: data[0].onHand, cost: data[0].averageCost };
  };

  it('should draft with a number, usual costs, taxes and the lead time', async () => {
    const [a, b] = [await newProduct(), await newProduct({ taxCategory: 'exempt' })];
    const draft = await order([
      { productId: a, quantity: '10' },
      { productId: b, quantity: '4', unitCost: '1.25' },
    ]);
    expect(draft).toMatchObject({
      orderNumber: expect.stringMatching(/^OC-\d{8}$/),
      status: 'draft',
      orderDate: '2026-11-01',
      expectedDate: '2026-11-06',
      currency: 'USD',
      subtotal: '30.0000',
      taxAmount: '4.0000',
      totalAmount: '34.0000',
      supplierName: 'Proveedor',
      receipts: [],
    });
    expect(draft.items).toEqual([
      expect.objectContaining({
        lineNumber: 1,
        productId: a,
        quantityOrdered: '10.0000',
        quantityReceived: '0.0000',
        unitCost: '2.500000',
      }),
      expect.objectContaining({ lineNumber: 2, productId: b, unitCost: '1.250000', lineTotal: '5.0000' }),
    ]);
  });

  it('should receive in parts, raise stock at the order cost and follow the quantities', async () => {
    const [a, b] = [await newProduct(), await newProduct()];
    const draft = await order([
      { productId: a, quantity: '10', unitCost: '2' },
      { productId: b, quantity: '5' },
    ]);
    const [first, second] = draft.items.map(({ id }) => id) as [string, string];
    const partial = await receive(draft.id, [{ itemId: first, quantity: '4' }]);
    expect(partial).toMatchObject({ status: 'partial', receivedDate: null });
    expect(await onHand(a)).toEqual({ onHand: '4.0000', cost: '2.000000' });
    expect(await onHand(b)).toBeUndefined();
    const all = await receive(draft.id, [
      { itemId: first, quantity: '6' },
      { itemId: second, quantity: '5' },
    ]);
    expect(all.status).toBe('received');
    expect(all.receivedDate).not.toBeNull();
    expect(all.receipts.map(({ items }) => items.map(({ quantity }) => quantity))).toEqual([['4.0000'], ['6.0000', '5.0000']]);
    expect(await onHand(a)).toEqual({ onHand: '10.0000', cost: '2.000000' });
    const { data } = await shop.as(() => shop.stock.listMovements({ productId: a, limit: 10 }));
    expect(data).toEqual([
      expect.objectContaining({
        kind: 'received',
        quantity: '6.0000',
        balance: '10.0000',
        referenceType: 'purchase',
        referenceId: draft.id,
        reasonCode: 'purchase',
      }),
      expect.objectContaining({ quantity: '4.0000', balance: '4.0000' }),
    ]);
    await expect(receive(draft.id, [{ itemId: first, quantity: '1' }])).rejects.toMatchObject({
      code: 'purchasing.invalid_status',
    });
  });

  it('should refuse more than ordered, also in two lines, and record nothing', async () => {
    const a = await newProduct();
    const draft = await order([{ productId: a, quantity: '10' }]);
    const itemId = draft.items[0]?.id as string;
    await expect(
      receive(draft.id, [
        { itemId, quantity: '6' },
        { itemId, quantity: '5' },
      ]),
    ).rejects.toMatchObject({
      code: 'purchasing.over_received',
      errors: [
        { pointer: '/lines/0/quantity', max: '10.0000' },
        { pointer: '/lines/1/quantity', max: '10.0000' },
      ],
    });
    expect(await onHand(a)).toBeUndefined();
    expect((await shop.as(() => shop.orders.get(draft.id))).status).toBe('draft');
  });

  it('should take more within the tolerance of the tenant', async () => {
    await shop.database.root.query(
      `UPDATE ${shop.tenant.schema}.settings SET value = '10' WHERE key = 'purchasing.over_receipt_percent'`,
    );
    const a = await newProduct();
    const draft = await order([{ productId: a, quantity: '10' }]);
    await shop.database.root.query(
      `UPDATE ${shop.tenant.schema}.settings SET value = '0' WHERE key = 'purchasing.over_receipt_percent'`,
    );
    const itemId = draft.items[0]?.id as string;
    await expect(receive(draft.id, [{ itemId, quantity: '11.0001' }])).rejects.toMatchObject({
      code: 'purchasing.over_received',
    });
    expect(await receive(draft.id, [{ itemId, quantity: '11' }])).toMatchObject({ status: 'received' });
  });

  it('should name a line that is not of the order', async () => {
    const a = await newProduct();
    const [draft, other] = [await order([{ productId: a, quantity: '1' }]), await order([{ productId: a, quantity: '1' }])];
    const foreign = receive(draft.id, [{ itemId: other.items[0]?.id as string, quantity: '1' }]);
    await expect(foreign).rejects.toMatchObject({ code: 'http.not_found', errors: [{ pointer: '/lines/0/itemId' }] });
  });

  it('should change lines of a draft only, and dates while it is open', async () => {
    const [a, b] = [await newProduct(), await newProduct()];
    const draft = await order([{ productId: a, quantity: '1' }]);
    const update = (version: { updatedAt: Date }, body: object) =>
      shop.as(() => shop.orders.update(draft.id, etagOf(version), body));
    const changed = await update(draft, { items: [{ productId: b, quantity: '2' }], notes: 'x' });
    expect(changed).toMatchObject({ subtotal: '5.0000', notes: 'x', items: [{ productId: b, quantityOrdered: '2.0000' }] });
    await expect(update(draft, { notes: 'y' })).rejects.toMatchObject({ code: 'http.precondition_failed' });
    const sent = await shop.as(() => shop.orders.send(draft.id));
    await expect(update(sent, { items: [{ productId: a, quantity: '2' }] })).rejects.toMatchObject({
      code: 'purchasing.invalid_status',
    });
    expect(await update(sent, { expectedDate: '2026-12-24' })).toMatchObject({ expectedDate: '2026-12-24', notes: 'x' });
    const confirmed = await shop.as(() => shop.orders.confirm(draft.id));
    await expect(update(confirmed, { expectedDate: '2026-10-01' })).rejects.toMatchObject({ code: 'http.validation_failed' });
    await expect(shop.as(() => shop.orders.send(draft.id))).rejects.toMatchObject({ code: 'purchasing.invalid_status' });
    expect(await shop.as(() => shop.orders.cancel(draft.id))).toMatchObject({ status: 'cancelled' });
    await expect(receive(draft.id, [{ itemId: confirmed.items[0]?.id as string, quantity: '1' }])).rejects.toMatchObject({
      code: 'purchasing.invalid_status',
    });
  });

  it('should refuse unknown and inactive parties and hide orders of other stores', async () => {
    const a = await newProduct();
    const create = (part: object, stores: string[] | null = null) =>
      shop.as(() => shop.orders.create({ storeId, supplierId, items: [{ productId: a, quantity: '1' }], ...part }), { stores });
    await expect(create({ storeId: a })).rejects.toMatchObject({ code: 'http.not_found' });
    await expect(create({ supplierId: a })).rejects.toMatchObject({ code: 'http.not_found' });
    await expect(create({ items: [{ productId: storeId, quantity: '1' }] })).rejects.toMatchObject({
      code: 'http.not_found',
      errors: [{ pointer: '/items/0/productId' }],
    });
    await expect(create({}, [a])).rejects.toMatchObject({ code: 'http.not_found' });
    const draft = await create({});
    await expect(shop.as(() => shop.orders.get(draft.id), { stores: [a] })).rejects.toMatchObject({ code: 'http.not_found' });
    expect((await shop.as(() => shop.orders.list({ limit: 10 }), { stores: [a] })).data).toEqual([]);
    await shop.as(async () => shop.products.deactivate(a, etagOf(await shop.products.get(a))));
    await expect(create({})).rejects.toMatchObject({ code: 'catalog.product_inactive' });
  });

  it('should number without gaps and receive no unit twice when all come at once', async () => {
    const a = await newProduct();
    const drafts = await Promise.all(Array.from({ length: 12 }, () => order([{ productId: a, quantity: '1' }])));
    const numbers = drafts.map(({ orderNumber }) => Number(orderNumber.slice(3))).toSorted((x, y) => x - y);
    expect(numbers.at(-1)).toBe((numbers[0] as number) + 11);
    const [one] = drafts as [(typeof drafts)[number]];
    const lines = [{ itemId: one.items[0]?.id as string, quantity: '1' }];
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => receive(one.id, lines)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(
      results.filter((result) => result.status === 'rejected' && result.reason.code === 'purchasing.invalid_status'),
    ).toHaveLength(7);
    expect(await onHand(a)).toMatchObject({ onHand: '1.0000' });
  });
});
