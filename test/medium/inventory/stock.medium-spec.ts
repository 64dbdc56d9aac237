import { etagOf } from '../../../src/kernel/http/etag.js';
import type { MovementLine } from '../../../src/inventory/stock/movements.repository.js';
import { openShop, type Shop } from './shop.js';

/** A small generator with a seed, so that a failing run can be repeated. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('stock', () => {
  let shop: Shop;
  let stores: string[];
  let products: string[];

  beforeAll(async () => {
    shop = await openShop('stock');
    [stores, products] = await shop.as(async () => {
      const [made, goods]: [string[], string[]] = [[], []];
      for (const code of ['S1', 'S2', 'S3']) made.push((await shop.stores.create({ code, name: code })).id);
      for (let index = 0; index < 12; index++) {
        goods.push((await shop.products.create({ sku: `P${index}`, name: `Producto ${index}`, reorderPoint: '5' })).id);
      }
      return [made, goods];
    });
  });
  afterAll(() => shop.database.close());

  const move = (
    line: Partial<MovementLine> & { quantity: string },
    product = products[0] as string,
    store = stores[0] as string,
  ) =>
    shop.as(() =>
      shop.movements.record([{ productId: product, storeId: store, type: 'adjustment', kind: 'adjusted', ...line }], () => []),
    );

  describe('kardex', () => {
    const day = (n: number) => new Date(Date.now() - n * 86_400_000).toISOString();

    it('should count the balance back from the level, exact also for late entries', async () => {
      await move({ quantity: '10', occurredAt: day(20) });
      await move({ quantity: '-3', occurredAt: day(10) });
      await move({ quantity: '5', occurredAt: day(15) });
      await move({ quantity: '-1' });
      const { data } = await shop.as(() => shop.stock.listMovements({ productId: products[0], limit: 10 }));
      expect(data.map(({ quantity, balance }) => [Number(quantity), Number(balance)])).toEqual([
        [-1, 11],
        [-3, 12],
        [5, 15],
        [10, 10],
      ]);
    });

    it('should go on from page to page and keep every balance', async () => {
      const all = await shop.as(() => shop.stock.listMovements({ productId: products[0], limit: 10 }));
      const seen: unknown[] = [];
      let cursor: string | undefined;
      do {
        const page = await shop.as(() =>
          shop.stock.listMovements({ productId: products[0], limit: 1, ...(cursor ? { cursor } : {}) }),
        );
        seen.push(...page.data);
        cursor = page.nextCursor ?? undefined;
      } while (cursor);
      expect(seen).toEqual(all.data);
    });

    it('should be bounded in time and filter by store and type', async () => {
      const [product, , other] = [products[0] as string, stores[0], stores[1] as string];
      const list = async (query: object, scope?: string[]) =>
        (await shop.as(() => shop.stock.listMovements({ limit: 50, ...query }), scope ? { stores: scope } : {})).data;
      expect(await list({ productId: product, from: day(16), to: day(9) })).toHaveLength(2);
      expect(await list({ productId: product, type: 'in' })).toEqual([]);
      await move({ quantity: '2', occurredAt: day(40) }, product, other);
      expect(await list({ storeId: other })).toEqual([]);
      expect(await list({ storeId: other, from: day(60) })).toMatchObject([{ balance: '2.0000' }]);
      expect(await list({ from: day(60) }, [other])).toHaveLength(1);
      await expect(list({ storeId: stores[0] }, [other])).rejects.toMatchObject({ code: 'http.not_found' });
      await expect(list({ from: day(1), to: day(2) })).rejects.toMatchObject({ code: 'http.validation_failed' });
    });
  });

  describe('levels and limits', () => {
    const level = async (product: string, store = stores[0] as string) =>
      (await shop.as(() => shop.stock.listLevels({ productId: product, storeId: store, limit: 1 }))).data[0];
    const setLimits = (product: string, body: object, store = stores[0] as string) =>
      shop.as(async () => shop.limits.update(product, store, etagOf(await shop.limits.get(product, store)), body));

    it('should list what is strictly below its reorder point', async () => {
      const [, a, b, c] = products as [string, string, string, string];
      await move({ quantity: '4' }, a);
      await move({ quantity: '5' }, b);
      await move({ quantity: '6' }, c);
      const { data } = await shop.as(() => shop.stock.listLevels({ below: true, storeId: stores[0], limit: 50 }));
      expect(data.map(({ productId }) => productId)).toEqual([a]);
      expect(data[0]).toMatchObject({
        sku: 'P1',
        storeCode: 'S1',
        onHand: '4.0000',
        reserved: '0.0000',
        available: '4.0000',
        reorderPoint: '5.0000',
        belowReorderPoint: true,
      });
      expect((await shop.as(() => shop.stock.listLevels({ limit: 50 }), { stores: [stores[2] as string] })).data).toEqual([]);
    });

    it('should set limits of one store, also where nothing ever moved, and take the product its own again', async () => {
      const [, , , , product] = products as [string, string, string, string, string];
      expect(await shop.as(() => shop.limits.get(product, stores[0] as string))).toMatchObject({
        reorderPoint: '5.0000',
        override: { reorderPoint: null },
      });
      expect(await setLimits(product, { reorderPoint: '9', maxStockLevel: '20' })).toMatchObject({
        reorderPoint: '9.0000',
        maxStockLevel: '20.0000',
        override: { reorderPoint: '9.0000', minStockLevel: null, maxStockLevel: '20.0000', leadTimeDays: null },
      });
      expect(await level(product)).toMatchObject({ onHand: '0.0000', reorderPoint: '9.0000', belowReorderPoint: true });
      await move({ quantity: '7' }, product);
      expect(await level(product)).toMatchObject({ belowReorderPoint: true });
      expect(await setLimits(product, { reorderPoint: null })).toMatchObject({
        reorderPoint: '5.0000',
        maxStockLevel: '20.0000',
      });
      expect(await level(product)).toMatchObject({ belowReorderPoint: false });
      await expect(setLimits(product, { minStockLevel: '21' })).rejects.toMatchObject({ code: 'http.validation_failed' });
    });

    it('should have an ETag that movements do not change', async () => {
      const [, , , , product] = products as [string, string, string, string, string];
      const read = () => shop.as(() => shop.limits.get(product, stores[0] as string));
      const before = etagOf(await read());
      await move({ quantity: '1' }, product);
      expect(etagOf(await read())).toBe(before);
      await setLimits(product, { leadTimeDays: 3 });
      expect(etagOf(await read())).not.toBe(before);
      await expect(shop.as(() => shop.limits.update(product, stores[0] as string, before, {}))).rejects.toMatchObject({
        code: 'http.precondition_failed',
      });
      await expect(shop.as(() => shop.limits.get(product, product))).rejects.toMatchObject({ code: 'http.not_found' });
      await expect(
        shop.as(() => shop.limits.get(product, stores[0] as string), { stores: [stores[1] as string] }),
      ).rejects.toMatchObject({ code: 'http.not_found' });
    });
  });

  describe('integrity', () => {
    it('should hold after 1,500 random operations, side by side, of which every refusal changed nothing', async () => {
      const random = randomOf(20_261_121);
      const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
      const oracle = new Map<string, number>();
      const goods = products.slice(5);
      const operations = Array.from({ length: 1500 }, () => {
        const lines = Array.from({ length: 1 + Math.floor(random() * 4) }, (): MovementLine => {
          const quantity = Math.floor(random() * 40_000) / 10_000 - 1.5 || 1;
          return {
            productId: pick(goods),
            storeId: pick(stores),
            type: 'adjustment',
            kind: 'adjusted',
            quantity: quantity.toFixed(4),
          };
        });
        return lines;
      });
      let refused = 0;
      const run = async (lines: MovementLine[]) => {
        try {
          await shop.as(() => shop.movements.record(lines, () => []));
          for (const { productId, storeId, quantity } of lines) {
            const key = `${productId} ${storeId}`;
            oracle.set(key, (oracle.get(key) ?? 0) + Math.round(Number(quantity) * 10_000));
          }
        } catch (error) {
          expect((error as { code: string }).code).toBe('inventory.insufficient_stock');
          refused++;
        }
      };
      const lanes = Array.from({ length: 12 }, async () => {
        for (let lines = operations.pop(); lines; lines = operations.pop()) await run(lines);
      });
      await Promise.all(lanes);
      expect(refused).toBeGreaterThan(10);
      const { rows } = await shop.database.root.query<{ key: string; on_hand: number }>(
        `SELECT product_id || ' ' || store_id AS key, (quantity_on_hand * 10000)::float8 AS on_hand FROM ${shop.tenant.schema}.inventory WHERE product_id = ANY ($1)`,
        [goods],
      );
      expect(new Map(rows.map(({ key, on_hand: onHand }) => [key, onHand]))).toEqual(oracle);
      expect(await shop.as(() => shop.stock.checkIntegrity())).toMatchObject({ consistent: true, differing: 0, differences: [] });
    }, 60_000);

    it('should name a level that is not the sum of its movements', async () => {
      const [product, store] = [products[5] as string, stores[0] as string];
      const set = (by: number) =>
        shop.database.root.query(
          `UPDATE ${shop.tenant.schema}.inventory SET quantity_on_hand = quantity_on_hand + $3 WHERE product_id = $1 AND store_id = $2`,
          [product, store, by],
        );
      await set(1);
      const report = await shop.as(() => shop.stock.checkIntegrity());
      expect(report).toMatchObject({ consistent: false, differing: 1, differences: [{ productId: product, storeId: store }] });
      expect(Number(report.differences[0]?.level) - Number(report.differences[0]?.movements)).toBeCloseTo(1, 4);
      expect((await shop.as(() => shop.stock.checkIntegrity(), { stores: [stores[1] as string] })).consistent).toBe(true);
      await set(-1);
    });
  });

  it('should carry transfers in both directions at once without a lock error', async () => {
    const [product, a, b] = [products[1] as string, stores[1] as string, stores[2] as string];
    await move({ quantity: '100' }, product, a);
    await move({ quantity: '100' }, product, b);
    const transfers = Array.from({ length: 60 }, (_, index) =>
      shop.as(() =>
        shop.movements.create({
          productId: product,
          storeId: index % 2 ? a : b,
          toStoreId: index % 2 ? b : a,
          type: 'transfer',
          quantity: '1',
          reason: 'reparto',
        }),
      ),
    );
    expect((await Promise.allSettled(transfers)).filter(({ status }) => status === 'rejected')).toEqual([]);
    const { data } = await shop.as(() => shop.stock.listLevels({ productId: product, limit: 10 }));
    expect(data.filter(({ storeId }) => storeId !== stores[0]).map(({ onHand }) => onHand)).toEqual(['100.0000', '100.0000']);
  });

  it('should let no deadlock out when reorder points change while levels are born', async () => {
    const goods = await shop.as(async () => {
      const made: string[] = [];
      for (let index = 0; index < 25; index++) {
        made.push((await shop.products.create({ sku: `RACE${index}`, name: 'x', reorderPoint: '5' })).id);
      }
      return made;
    });
    const [a, b] = [stores[1] as string, stores[2] as string];
    for (const product of goods) await move({ quantity: '10' }, product, a);
    const raced = goods.flatMap((productId, index) => [
      shop.as(() =>
        shop.movements.create({ productId, storeId: a, toStoreId: b, type: 'transfer', quantity: '1', reason: 'reparto' }),
      ),
      shop.as(async () => shop.products.update(productId, '*', { reorderPoint: String(index + 1) })),
    ]);
    expect((await Promise.allSettled(raced)).filter(({ status }) => status === 'rejected')).toEqual([]);
    const { rows } = await shop.database.root.query(
      `SELECT FROM ${shop.tenant.schema}.inventory i JOIN ${shop.tenant.schema}.products p ON p.id = i.product_id
        WHERE p.sku LIKE 'RACE%' AND i.alert_point IS DISTINCT FROM p.reorder_point`,
    );
    expect(rows).toEqual([]);
  });
});
