import { openShop, type Shop } from './shop.js';

describe('stock transfers', () => {
  let shop: Shop;
  let from: string;
  let to: string;
  let productId: string;

  beforeAll(async () => {
    shop = await openShop('transfers');
    [from, to, productId] = await shop.as(async () => [
      (await shop.stores.create({ code: 'CD', name: 'Centro de Distribución' })).id,
      (await shop.stores.create({ code: 'T1', name: 'Tienda' })).id,
      (await shop.products.create({ sku: 'LAC001', name: 'Leche' })).id,
    ]);
    await shop.as(() =>
      shop.movements.create({ storeId: from, productId, type: 'in', quantity: '10', reason: 'purchase', unitCost: '2.5' }),
    );
  });
  afterAll(() => shop.database.close());

  const draft = (quantity: string, changes = {}) =>
    shop.as(() => shop.transfers.create({ fromStoreId: from, toStoreId: to, items: [{ productId, quantity }], ...changes }));
  const levels = async () => {
    const { data } = await shop.as(() => shop.stock.listLevels({ productId, limit: 10 }));
    return Object.fromEntries(data.map(({ storeCode, onHand, averageCost }) => [storeCode, [onHand, averageCost]]));
  };

  it('should agree on goods without moving them', async () => {
    const made = await draft('4', { notes: 'Con el camión' });
    expect(made).toMatchObject({
      transferNumber: expect.stringMatching(/^TR-\d{8}$/),
      status: 'draft',
      fromStoreId: from,
      toStoreId: to,
      notes: 'Con el camión',
      items: [{ productId, sku: 'LAC001', quantity: '4.0000', quantityReceived: '0.0000' }],
      receivedAt: null,
    });
    expect(await levels()).toEqual({ CD: ['10.0000', '2.500000'] });
    expect(await shop.as(() => shop.transfers.cancel(made.id))).toMatchObject({ status: 'cancelled' });
    await expect(shop.as(() => shop.transfers.complete(made.id))).rejects.toMatchObject({
      code: 'inventory.invalid_transfer_status',
    });
  });

  it('should move them once when it is completed, at their cost', async () => {
    const { id } = await draft('4');
    const answers = await Promise.allSettled([1, 2, 3].map(() => shop.as(() => shop.transfers.complete(id))));
    expect(answers.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(await levels()).toEqual({ CD: ['6.0000', '2.500000'], T1: ['4.0000', '2.500000'] });
    expect(await shop.as(() => shop.transfers.get(id))).toMatchObject({
      status: 'received',
      items: [{ quantityReceived: '4.0000' }],
    });
    const { data } = await shop.as(() => shop.stock.listMovements({ productId, limit: 2 }));
    expect(data.map(({ kind, referenceId, reasonCode }) => [kind, referenceId, reasonCode].join()).toSorted()).toEqual([
      `transferred_in,${id},transfer`,
      `transferred_out,${id},transfer`,
    ]);
  });

  it('should move nothing where there is not enough, and stay a draft', async () => {
    const { id } = await draft('50');
    await expect(shop.as(() => shop.transfers.complete(id))).rejects.toMatchObject({
      code: 'inventory.insufficient_stock',
      errors: [{ pointer: '/items/0/quantity', available: '6.0000' }],
    });
    expect(await shop.as(() => shop.transfers.get(id))).toMatchObject({ status: 'draft' });
    expect(await levels()).toMatchObject({ CD: ['6.0000', '2.500000'] });
  });

  it('should refuse one store, unknown and doubled things', async () => {
    const nobody = '01980000-0000-7000-8000-000000000001';
    await expect(draft('1', { toStoreId: from })).rejects.toMatchObject({ code: 'inventory.same_store' });
    await expect(draft('1', { toStoreId: nobody })).rejects.toMatchObject({ code: 'http.not_found' });
    await expect(draft('1', { items: [{ productId: nobody, quantity: '1' }] })).rejects.toMatchObject({
      code: 'http.not_found',
      errors: [{ pointer: '/items/0/productId' }],
    });
    await expect(draft('1', { items: [1, 2].map(() => ({ productId, quantity: '1' })) })).rejects.toMatchObject({
      constraint: 'stock_transfer_items_stock_transfer_id_product_id_key',
    });
  });

  it('should be hidden from people who may not touch both stores', async () => {
    const { id } = await draft('1');
    const as = <T>(work: () => Promise<T>) => shop.as(work, { role: 'manager', stores: [to] });
    await expect(as(() => shop.transfers.get(id))).rejects.toMatchObject({ code: 'http.not_found' });
    await expect(as(() => shop.transfers.complete(id))).rejects.toMatchObject({ code: 'http.not_found' });
    await expect(
      as(() => shop.transfers.create({ fromStoreId: from, toStoreId: to, items: [{ productId, quantity: '1' }] })),
    ).rejects.toMatchObject({ code: 'http.not_found' });
    expect((await as(() => shop.transfers.list({ limit: 10 }))).data).toEqual([]);
  });

  it('should be listed by page, state and store', async () => {
    const all = await shop.as(() => shop.transfers.list({ limit: 100, storeId: to }));
    const drafts = await shop.as(() => shop.transfers.list({ limit: 1, status: 'draft' }));
    const next = await shop.as(() => shop.transfers.list({ limit: 100, status: 'draft', cursor: drafts.nextCursor! }));
    expect([...drafts.data, ...next.data].map(({ id }) => id)).toEqual(
      all.data.filter(({ status }) => status === 'draft').map(({ id }) => id),
    );
  });

  it('should set reorder points of many levels, and note only what changed', async () => {
    const points = [from, to].map((storeId) => ({ productId, storeId, reorderPoint: '3' }));
    const changed = await shop.as(() => shop.facade.setReorderPoints(points));
    expect(changed.map(({ before, after }) => [before, after])).toEqual([
      [null, '3.0000'],
      [null, '3.0000'],
    ]);
    expect(await shop.as(() => shop.facade.setReorderPoints(points))).toEqual([]);
    expect(await shop.as(() => shop.limits.get(productId, to))).toMatchObject({ reorderPoint: '3.0000' });
  });
});
