import { randomUUID } from 'node:crypto';
import { ExchangeRatesRepository } from '../../../src/sales/exchange-rates/exchange-rates.repository.js';
import { SaleDraft } from '../../../src/sales/sales/sale-draft.js';
import { SalesRepository } from '../../../src/sales/sales/sales.repository.js';
import { SalesService } from '../../../src/sales/sales/sales.service.js';
import { openShop, type Shop } from '../inventory/shop.js';

let shop: Shop;
let sales: SalesService;
let storeId: string;
let productId: string;

beforeAll(async () => {
  shop = await openShop('sell');
  const { unit } = shop.database;
  const draft = new SaleDraft(shop.facade, new ExchangeRatesRepository(unit));
  sales = new SalesService(unit, new SalesRepository(unit), draft, shop.facade, shop.cursors);
  await shop.as(async () => {
    storeId = (await shop.stores.create({ code: 'CCS-01', name: 'Tienda Centro' })).id;
    productId = (await shop.products.create({ sku: 'A-1', name: 'Harina', sellingPrice: '3.25' })).id;
    await shop.movements.create({ storeId, productId, type: 'in', quantity: '10', reason: 'purchase', unitCost: '2' });
  });
});
afterAll(() => shop.database.close());

const request = (posTransactionId?: string) => ({
  storeId,
  items: [{ productId, quantity: '1' }],
  payments: [{ method: 'cash' as const, amount: '10' }],
  ...(posTransactionId ? { posTransactionId } : {}),
});
const state = async () => {
  const [row] = await shop.as(() =>
    shop.database.unit.query<{ onHand: string; sales: number; next: string }>(
      `SELECT (SELECT quantity_on_hand FROM inventory WHERE product_id = $1) AS "onHand", (SELECT count(*)::int FROM sales) AS sales,
         (SELECT next_number FROM invoice_series WHERE store_id = $2) AS next`,
      [productId, storeId],
    ),
  );
  return row!;
};

describe('a sale', () => {
  it('should be nothing at all in a store whose invoice series is not active', async () => {
    const before = await state();
    const series = (isActive: boolean) =>
      shop.as(() =>
        shop.database.unit.execute('UPDATE invoice_series SET is_active = $1 WHERE store_id = $2', [isActive, storeId]),
      );
    await series(false);
    await expect(shop.as(() => sales.create(request()))).rejects.toMatchObject({ code: 'catalog.store_inactive' });
    await series(true);
    expect(await state()).toEqual(before);
  });

  it('should be nothing at all when the till has sent it before', async () => {
    const posTransactionId = randomUUID();
    await shop.as(() => sales.create(request(posTransactionId)));
    const before = await state();
    await expect(shop.as(() => sales.create(request(posTransactionId)))).rejects.toMatchObject({
      code: 'sales.duplicate_transaction',
    });
    expect(await state()).toEqual(before);
  });

  it('should be undone with the transaction that it joined', async () => {
    const before = await state();
    const failing = shop.as(() =>
      shop.database.unit.transaction(async () => {
        await sales.create(request());
        throw new Error('the answer could not be noted');
      }),
    );
    await expect(failing).rejects.toThrow('could not be noted');
    expect(await state()).toEqual(before);
  });
});
