import { etagOf } from '../../../src/kernel/http/etag.js';
import type { MovementLine } from '../../../src/inventory/stock/movements.repository.js';
import { openShop, type Shop } from './shop.js';

describe('stock movements', () => {
  let shop: Shop;
  let store: string;
  let other: string;
  let count = 0;

  beforeAll(async () => {
    shop = await openShop('movements');
    [store, other] = await shop.as(async () => [
      (await shop.stores.create({ code: 'S1', name: 'Uno' })).id,
      (await shop.stores.create({ code: 'S2', name: 'Dos' })).id,
    ]);
  });
  afterAll(() => shop.database.close());

  const newProduct = async (values = {}) => {
    const { id } = await shop.as(() => shop.products.create({ sku: `P${++count}`, name: 'Producto', ...values }));
    return id;
  };
  const receive = (productId: string, quantity: string, unitCost?: string, storeId = store) =>
    shop.as(() => shop.movements.create({ storeId, productId, type: 'in', quantity, reason: 'compra', unitCost }));
  const level = async (productId: string, storeId = store) => {
    const { rows } = await shop.database.root.query(
      `SELECT quantity_on_hand AS "onHand", cost_per_unit AS cost FROM ${shop.tenant.schema}.inventory WHERE product_id = $1 AND store_id = $2`,
      [productId, storeId],
    );
    return rows[0] as { onHand: string; cost: string } | undefined;
  };

  it('should raise the level, note the balance and keep the average cost', async () => {
    const product = await newProduct();
    await receive(product, '10', '2');
    const second = await receive(product, '30', '3');
    expect(second).toMatchObject({
      quantity: '30.0000',
      balance: '40.0000',
      unitCost: '3.000000',
      kind: 'received',
      counterpart: null,
    });
    expect(await level(product)).toEqual({ onHand: '40.0000', cost: '2.750000' });
    const out = await shop.as(() =>
      shop.movements.create({ storeId: store, productId: product, type: 'out', quantity: '4.5', reason: 'DAMAGE' }),
    );
    expect(out).toMatchObject({
      quantity: '-4.5000',
      balance: '35.5000',
      unitCost: '2.750000',
      totalCost: '-12.3750',
      reasonCode: 'damage',
    });
  });

  it("should take a product's own cost where the store has stock but no average yet", async () => {
    const product = await newProduct({ costPrice: '2.25' });
    await receive(product, '10');
    expect(await level(product)).toEqual({ onHand: '10.0000', cost: null });
    const out = await shop.as(() =>
      shop.movements.create({ storeId: store, productId: product, type: 'out', quantity: '1', reason: 'damage' }),
    );
    expect(out).toMatchObject({ unitCost: '2.250000', totalCost: '-2.2500' });
  });

  it.each([2, 150])('should record none of %i lines when one of them has a fault, and blame the first', async (lines) => {
    const [sold, gone] = [await newProduct(), await newProduct()];
    await receive(sold, '1000', '2');
    await receive(gone, '1000', '2');
    await shop.as(() => shop.database.unit.execute('UPDATE products SET is_active = false WHERE id = $1', [gone]));
    const out = { productId: sold, storeId: store, type: 'out', kind: 'sold', quantity: '-1' } as const;
    const back = { productId: gone, storeId: store, type: 'in', kind: 'returned', quantity: '1' } as const;
    const nobody = { ...out, productId: '00000000-0000-7000-8000-000000000000' };
    const record = (...faulty: MovementLine[]) =>
      shop.as(() => shop.movements.record([...Array.from({ length: lines - 1 }, () => out), ...faulty], () => []));
    await expect(record(back, nobody)).rejects.toMatchObject({ code: 'catalog.product_inactive' });
    await expect(record(nobody, back)).rejects.toMatchObject({ code: 'http.not_found' });
    expect((await level(sold))?.onHand).toBe('1000.0000');
    await record(out);
    expect((await level(sold))?.onHand).toBe(`${1000 - lines}.0000`);
  });

  it('should move a transfer in one piece at the cost it had', async () => {
    const product = await newProduct();
    await receive(product, '10', '2.5');
    const out = await shop.as(() =>
      shop.movements.create({
        storeId: store,
        toStoreId: other,
        productId: product,
        type: 'transfer',
        quantity: '4',
        reason: 'reparto',
      }),
    );
    expect(out).toMatchObject({ kind: 'transferred_out', quantity: '-4.0000', balance: '6.0000' });
    expect(out.counterpart).toMatchObject({
      kind: 'transferred_in',
      storeId: other,
      quantity: '4.0000',
      balance: '4.0000',
      unitCost: '2.500000',
      referenceId: out.referenceId,
    });
    expect(await level(product, other)).toEqual({ onHand: '4.0000', cost: '2.500000' });
  });

  it('should refuse what would fall below zero and say what is available', async () => {
    const product = await newProduct();
    await receive(product, '3');
    const refused = shop.as(() =>
      shop.movements.create({ storeId: store, productId: product, type: 'out', quantity: '4', reason: 'x' }),
    );
    await expect(refused).rejects.toMatchObject({
      code: 'inventory.insufficient_stock',
      errors: [{ pointer: '/quantity', productId: product, storeId: store, requested: '4.0000', available: '3.0000' }],
    });
    expect(await level(product)).toMatchObject({ onHand: '3.0000' });
  });

  it('should let stock fall below zero where the product allows it', async () => {
    const product = await newProduct({ allowNegativeStock: true });
    const out = await shop.as(() =>
      shop.movements.create({ storeId: store, productId: product, type: 'out', quantity: '4', reason: 'x' }),
    );
    expect(out.balance).toBe('-4.0000');
  });

  it.each([
    [{ type: 'in', quantity: '-1' }, '/quantity', 'field.positive'],
    [{ type: 'transfer', quantity: '1' }, '/toStoreId', 'field.required'],
    [{ type: 'in', quantity: '1', toStoreId: 'x' }, '/toStoreId', 'field.not_allowed'],
    [{ type: 'in', quantity: '1', occurredAt: '2999-01-01T00:00:00.000Z' }, '/occurredAt', 'field.future'],
    [{ type: 'in', quantity: '1', occurredAt: '2001-01-01T00:00:00.000Z' }, '/occurredAt', 'field.past'],
  ] as const)('should refuse %j', async (part, pointer, code) => {
    const refused = shop.as(() => shop.movements.create({ storeId: store, productId: store, reason: 'x', ...part }));
    await expect(refused).rejects.toMatchObject({
      code: 'http.validation_failed',
      errors: [expect.objectContaining({ pointer, code })],
    });
  });

  it('should refuse an inactive product, an unknown one, a foreign store and a reason of the other direction', async () => {
    const product = await newProduct();
    const create = (part: object, stores: string[] | null = null) =>
      shop.as(
        () => shop.movements.create({ storeId: store, productId: product, type: 'in', quantity: '1', reason: 'x', ...part }),
        { stores },
      );
    await expect(create({ reason: 'damage' })).rejects.toMatchObject({ code: 'inventory.invalid_movement' });
    await expect(create({ productId: store })).rejects.toMatchObject({ code: 'http.not_found' });
    await expect(create({ storeId: product })).rejects.toMatchObject({ code: 'http.not_found' });
    await expect(create({}, [other])).rejects.toMatchObject({ code: 'http.not_found' });
    await shop.as(async () => {
      const { updatedAt } = await shop.products.get(product);
      await shop.products.deactivate(product, etagOf({ updatedAt }));
    });
    await expect(create({})).rejects.toMatchObject({ code: 'catalog.product_inactive' });
    expect(await level(product)).toBeUndefined();
  });

  it('should give exactly the 20 units there are to 32 who ask at once', async () => {
    const product = await newProduct();
    await receive(product, '20');
    const asked = await Promise.allSettled(
      Array.from({ length: 32 }, () =>
        shop.as(() => shop.movements.create({ storeId: store, productId: product, type: 'out', quantity: '1', reason: 'venta' })),
      ),
    );
    const refused = asked.filter((result) => result.status === 'rejected');
    expect(refused).toHaveLength(12);
    expect(refused.every(({ reason }) => (reason as { code: string }).code === 'inventory.insufficient_stock')).toBe(true);
    const balances = asked.flatMap((result) => (result.status === 'fulfilled' ? [Number(result.value.balance)] : []));
    expect(balances.toSorted((a, b) => b - a)).toEqual(Array.from({ length: 20 }, (_, index) => 19 - index));
    expect(await level(product)).toMatchObject({ onHand: '0.0000' });
  });
});
