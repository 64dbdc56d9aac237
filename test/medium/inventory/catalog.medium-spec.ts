import { etagOf } from '../../../src/kernel/http/etag.js';
import { problemOfDatabaseError } from '../../../src/kernel/errors/database-errors.js';
import '../../../src/inventory/catalog/catalog-constraints.js';
import { openShop, type Shop } from './shop.js';

describe('catalogue', () => {
  let shop: Shop;

  beforeAll(async () => {
    shop = await openShop('catalog');
  });
  afterAll(() => shop.database.close());

  /** The problem that a client would see for a refused call. */
  const refusal = async (work: () => Promise<unknown>) => {
    const error: unknown = await shop.as(work).then(
      () => new Error('it was not refused'),
      (reason: unknown) => reason,
    );
    const { code, errors } = problemOfDatabaseError(error) ?? (error as { code: string; errors?: { pointer: string }[] });
    return [code, ...(errors ?? []).map(({ pointer }) => pointer)];
  };

  describe('categories', () => {
    const create = (code: string, parentId: string | null = null, name = code) =>
      shop.as(() => shop.categories.create({ code, name, parentId }));
    const move = async (id: string, parentId: string | null) => {
      const current = await shop.categories.get(id);
      return shop.categories.update(id, etagOf(current), { parentId });
    };

    it('should tell the path from the root', async () => {
      const food = await create('FOOD', null, 'Alimentos');
      const dairy = await create('DAIRY', food.id, 'Lácteos');
      const milk = await create('MILK', dairy.id, 'Leches');
      expect(milk.path.map(({ name }) => name)).toEqual(['Alimentos', 'Lácteos', 'Leches']);
      const { data } = await shop.as(() => shop.categories.list({ limit: 10, q: 'lacteos' }));
      expect(data.map(({ code, path }) => [code, path.length])).toEqual([['DAIRY', 2]]);
      expect((await shop.as(() => shop.categories.list({ limit: 10, parentId: food.id }))).data.map(({ code }) => code)).toEqual([
        'DAIRY',
      ]);
    });

    it('should refuse a cycle, short or long, also when two moves meet', async () => {
      const a = await create('A');
      const b = await create('B', a.id);
      const c = await create('C', b.id);
      expect(await refusal(() => move(a.id, a.id))).toEqual(['catalog.category_cycle', '/parentId']);
      expect(await refusal(() => move(a.id, c.id))).toEqual(['catalog.category_cycle', '/parentId']);
      const [x, y] = [await create('X'), await create('Y')];
      const results = await Promise.allSettled([shop.as(() => move(x.id, y.id)), shop.as(() => move(y.id, x.id))]);
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    it('should refuse an unknown parent, a taken code and too deep a tree', async () => {
      expect(await refusal(() => shop.categories.create({ code: 'N', name: 'N', parentId: shop.tenant.id }))).toEqual([
        'http.not_found',
        '/parentId',
      ]);
      expect(await refusal(() => shop.categories.create({ code: 'FOOD', name: 'N' }))).toEqual(['catalog.code_taken', '/code']);
      let parent: string | null = null;
      for (let depth = 1; depth <= 10; depth++) parent = (await create(`D${depth}`, parent)).id;
      expect(await refusal(() => shop.categories.create({ code: 'D11', name: 'N', parentId: parent }))).toEqual([
        'catalog.category_too_deep',
        '/parentId',
      ]);
    });

    it('should not be deactivated while something active hangs on it', async () => {
      const top = await create('TOP');
      const { id } = await create('LEAF', top.id);
      expect(await refusal(() => shop.categories.deactivate(top.id, etagOf(top)))).toEqual(['catalog.category_in_use']);
      await shop.as(async () => shop.categories.deactivate(id, etagOf(await shop.categories.get(id))));
      await shop.as(() => shop.categories.deactivate(top.id, etagOf(top)));
      expect((await shop.as(() => shop.categories.get(top.id))).isActive).toBe(false);
    });
  });

  describe('stores', () => {
    it('should be seen within the scope only, by pages', async () => {
      const ids = await shop.as(async () => {
        const made: string[] = [];
        for (const code of ['S3', 'S1', 'S2']) made.push((await shop.stores.create({ code, name: `Tienda ${code}` })).id);
        return made;
      });
      const first = await shop.as(() => shop.stores.list({ limit: 2 }));
      expect(first.data.map(({ code }) => code)).toEqual(['S1', 'S2']);
      const second = await shop.as(() => shop.stores.list({ limit: 2, cursor: first.nextCursor as string }));
      expect(second).toMatchObject({ data: [{ code: 'S3' }], nextCursor: null });
      const scope = { stores: [ids[1] as string] };
      expect((await shop.as(() => shop.stores.list({ limit: 9 }), scope)).data.map(({ code }) => code)).toEqual(['S1']);
      await expect(shop.as(() => shop.stores.get(ids[0] as string), scope)).rejects.toMatchObject({ code: 'http.not_found' });
      await expect(shop.as(() => shop.stores.create({ code: 'S4', name: 'x' }), scope)).rejects.toMatchObject({
        code: 'auth.all_stores_required',
      });
      expect((await shop.as(() => shop.stores.list({ limit: 9, q: '100%' }))).data).toEqual([]);
    });

    it('should change only the version that was read', async () => {
      const store = await shop.as(() => shop.stores.create({ code: 'V', name: 'Uno', address: { city: 'Caracas' } }));
      const changed = await shop.as(() => shop.stores.update(store.id, etagOf(store), { name: 'Dos' }));
      expect(changed).toMatchObject({ name: 'Dos', address: { city: 'Caracas' }, code: 'V' });
      expect(await refusal(() => shop.stores.update(store.id, etagOf(store), { name: 'Tres' }))).toEqual([
        'http.precondition_failed',
      ]);
      const results = await Promise.allSettled(
        ['a', 'b', 'c', 'd'].map((name) => shop.as(() => shop.stores.update(store.id, etagOf(changed), { name }))),
      );
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    it('should not be deactivated while stock stands there', async () => {
      const store = await shop.as(() => shop.stores.create({ code: 'FULL', name: 'Llena' }));
      const { id: productId } = await shop.as(() => shop.products.create({ sku: 'FULL-1', name: 'x' }));
      const move = (type: 'in' | 'out') =>
        shop.as(() => shop.movements.create({ storeId: store.id, productId, type, quantity: '1', reason: 'x' }));
      await move('in');
      expect(await refusal(() => shop.stores.deactivate(store.id, etagOf(store)))).toEqual(['catalog.store_in_use']);
      expect(await refusal(async () => shop.products.deactivate(productId, etagOf(await shop.products.get(productId))))).toEqual([
        'catalog.product_in_use',
      ]);
      await move('out');
      await shop.as(() => shop.stores.deactivate(store.id, etagOf(store)));
    });
  });

  describe('products', () => {
    beforeAll(() =>
      shop.as(async () => {
        const food = await shop.categories.create({ code: 'SEARCH', name: 'Buscar' });
        const below = await shop.categories.create({ code: 'BELOW', name: 'Debajo', parentId: food.id });
        const rows = [
          { sku: 'LAC001', name: 'Leche Entera Santa Bárbara 1L', barcode: '7591234567894', categoryId: below.id },
          { sku: 'LAC002', name: 'Leche Descremada 1L', barcodes: [{ barcode: '17591234567891', quantity: '12' }] },
          { sku: 'CAF001', name: 'Café Molido Ñandú', categoryId: food.id },
          { sku: 'PAN001', name: 'Pan de leche' },
          { sku: 'X-50%', name: 'Jabón 50% más' },
        ];
        for (const row of rows) await shop.products.create(row);
      }),
    );
    const skus = async (q: string, filter = {}) =>
      (await shop.as(() => shop.products.list({ limit: 10, q, ...filter }))).data.map(({ sku }) => sku);

    it.each([
      ['leche', ['LAC001', 'LAC002', 'PAN001']],
      ['leches enteras', ['LAC001']],
      ['LECHE entera', ['LAC001']],
      ['santa barbara', ['LAC001']],
      ['cafe', ['CAF001']],
      ['ñandu', ['CAF001']],
      ['nandú', ['CAF001']],
      ['lac001', ['LAC001']],
      ['LAC', ['LAC001', 'LAC002']],
      ['7591234567894', ['LAC001']],
      ['17591234567891', ['LAC002']],
      ['50%', ['X-50%']],
      ['descremda', ['LAC002']],
      ['zzzz', []],
      ["'; DROP TABLE products; --", []],
    ])('should find "%s"', async (q, expected) => {
      const found = await skus(q);
      expect(found.toSorted()).toEqual(expected);
    });

    it('should put the exact code first, then what begins with the words', async () => {
      expect((await skus('leche'))[2]).toBe('PAN001');
      expect((await skus('lac002'))[0]).toBe('LAC002');
    });

    it('should page through a search without loss or repetition', async () => {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await shop.as(() => shop.products.list({ limit: 1, q: 'leche', ...(cursor ? { cursor } : {}) }));
        seen.push(...page.data.map(({ sku }) => sku));
        cursor = page.nextCursor ?? undefined;
      } while (cursor);
      expect(seen).toEqual(await skus('leche'));
    });

    it('should find by exact SKU, by any label and by category with what is below', async () => {
      const list = async (filter: object) =>
        (await shop.as(() => shop.products.list({ limit: 10, ...filter }))).data.map(({ sku }) => sku);
      expect(await list({ sku: 'LAC001' })).toEqual(['LAC001']);
      expect(await list({ sku: 'lac001' })).toEqual([]);
      expect(await list({ barcode: '17591234567891' })).toEqual(['LAC002']);
      const category = (await shop.as(() => shop.categories.list({ limit: 1, q: 'SEARCH' }))).data[0]?.id;
      expect(await list({ categoryId: category })).toEqual(['CAF001', 'LAC001']);
      expect(await skus('leche', { categoryId: category })).toEqual(['LAC001']);
    });

    it('should refuse a taken SKU and every taken or repeated label by its pointer', async () => {
      expect(await refusal(() => shop.products.create({ sku: 'LAC001', name: 'x' }))).toEqual(['catalog.sku_taken', '/sku']);
      expect(await refusal(() => shop.products.create({ sku: 'N', name: 'x', barcode: '17591234567891' }))).toEqual([
        'catalog.barcode_taken',
        '/barcode',
      ]);
      expect(
        await refusal(() =>
          shop.products.create({ sku: 'N', name: 'x', barcode: '1', barcodes: [{ barcode: '2' }, { barcode: '7591234567894' }] }),
        ),
      ).toEqual(['catalog.barcode_taken', '/barcodes/1/barcode']);
      expect(
        await refusal(() => shop.products.create({ sku: 'N', name: 'x', barcode: '1', barcodes: [{ barcode: '1' }] })),
      ).toEqual(['http.validation_failed', '/barcodes/0/barcode']);
      expect(await refusal(() => shop.products.create({ sku: 'N', name: 'x', taxCategory: 'none' }))).toEqual([
        'http.validation_failed',
        '/taxCategory',
      ]);
      expect(await refusal(() => shop.products.create({ sku: 'N', name: 'x', minStockLevel: '5', maxStockLevel: '4' }))).toEqual([
        'http.validation_failed',
        '/maxStockLevel',
      ]);
    });

    it('should let exactly one of two products have a label when both ask at once', async () => {
      const results = await Promise.allSettled([
        shop.as(() => shop.products.create({ sku: 'RACE1', name: 'x', barcode: '555' })),
        shop.as(() => shop.products.create({ sku: 'RACE2', name: 'x', barcodes: [{ barcode: '555' }] })),
      ]);
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    it('should replace labels and keep the main one apart', async () => {
      const product = await shop.as(() =>
        shop.products.create({ sku: 'LAB', name: 'x', barcode: '100', barcodes: [{ barcode: '101', quantity: '6' }] }),
      );
      const changed = await shop.as(() =>
        shop.products.update(product.id, etagOf(product), { barcodes: [{ barcode: '102' }, { barcode: '101', quantity: '8' }] }),
      );
      expect(changed.barcodes).toEqual([
        { barcode: '101', status: 'unchecked', quantity: '8.0000' },
        { barcode: '102', status: 'unchecked', quantity: '1.0000' },
      ]);
      expect(etagOf(changed)).not.toBe(etagOf(product));
      const moved = await shop.as(() => shop.products.update(product.id, etagOf(changed), { barcode: '102' }));
      expect([moved.barcode, moved.barcodes.map(({ barcode }) => barcode)]).toEqual(['102', ['101']]);
      const { rows } = await shop.database.root.query(
        `SELECT barcode FROM ${shop.tenant.schema}.product_barcodes WHERE product_id = $1 ORDER BY barcode`,
        [product.id],
      );
      expect(rows).toEqual([{ barcode: '101' }, { barcode: '102' }]);
    });

    it('should take the tax rate of its category', async () => {
      const product = await shop.as(() => shop.products.create({ sku: 'TAX', name: 'x' }));
      expect([product.taxCategory, product.taxRate]).toEqual(['general', '16.0000']);
      expect(await shop.as(() => shop.products.update(product.id, etagOf(product), { taxCategory: 'exempt' }))).toMatchObject({
        taxRate: '0.0000',
      });
    });
  });
});
