import { ProductsImportRepository } from '../../../src/inventory/products/products-import.repository.js';
import { productsImport } from '../../../src/inventory/products/products.import.js';
import type { ProductRow } from '../../../src/inventory/products/product-row.js';
import { StockImportRepository } from '../../../src/inventory/stock/stock-import.repository.js';
import { stockImport } from '../../../src/inventory/stock/stock.import.js';
import { StoresImportRepository } from '../../../src/inventory/stores/stores-import.repository.js';
import { storesImport } from '../../../src/inventory/stores/stores.import.js';
import { SuppliersImportRepository } from '../../../src/inventory/suppliers/suppliers-import.repository.js';
import { suppliersImport } from '../../../src/inventory/suppliers/suppliers.import.js';
import type { ImportKind } from '../../../src/tenancy/index.js';
import { openShop, type Shop } from './shop.js';

const product = (values: Partial<ProductRow> & { sku: string }): ProductRow => ({
  name: values.sku,
  category: null,
  supplier: null,
  unit_type: null,
  barcode: null,
  cost_price: null,
  sale_price: null,
  tax_category: null,
  min_stock_level: null,
  reorder_point: null,
  ...values,
});
const ALL_COLUMNS = [
  'category',
  'supplier',
  'unit_type',
  'barcode',
  'cost_price',
  'sale_price',
  'tax_category',
  'min_stock_level',
  'reorder_point',
  'tax_id',
  'lead_time_days',
  'type',
];

describe('imports of the inventory room', () => {
  let shop: Shop;
  let stores: ImportKind;
  let suppliers: ImportKind;
  let products: ImportKind;
  let stock: ImportKind;

  beforeAll(async () => {
    shop = await openShop('inventory_imports');
    const { unit } = shop.database;
    stores = storesImport(new StoresImportRepository(unit));
    suppliers = suppliersImport(new SuppliersImportRepository(unit));
    products = productsImport(new ProductsImportRepository(unit));
    stock = stockImport(new StockImportRepository(unit), shop.movements);
  });
  afterAll(() => shop.database.close());

  /** As the engine does it: check, then check and write in one transaction. Lines are numbered from 2. */
  const take = (kind: ImportKind, rows: object[], columns = ALL_COLUMNS) =>
    shop.as(async () => {
      const numbered = rows.map((row, index) => ({ line: index + 2, row }));
      const session = kind.begin({
        importId: 'i',
        today: '2026-11-21',
        timeZone: 'America/Caracas',
        currency: 'USD',
        columns: new Set(columns),
      });
      const problems = await session.check(numbered);
      if (problems.length > 0) return problems.map(({ line, field, code }) => `${line} ${field} ${code}`);
      return shop.database.unit.transaction(async () => {
        expect(await session.check(numbered)).toEqual([]);
        return session.write(numbered);
      });
    });
  const query = async (sql: string) =>
    (
      (await shop.database.root.query(`SET search_path = ${shop.tenant.schema}, ext; ${sql}`)) as unknown as { rows: unknown[] }[]
    ).at(-1)?.rows;

  it('should take stores in, change them and leave them alone', async () => {
    const rows = [
      { code: 'S1', name: 'Uno', type: 'warehouse' },
      { code: 'S2', name: 'Dos', type: null },
    ];
    expect(await take(stores, rows)).toEqual({ inserted: 2, updated: 0, unchanged: 0 });
    expect(await take(stores, rows)).toEqual({ inserted: 0, updated: 0, unchanged: 2 });
    expect(
      await take(stores, [
        { code: 'S1', name: 'Uno', type: null },
        { code: 'S2', name: 'Dos!', type: null },
      ]),
    ).toEqual({ inserted: 0, updated: 1, unchanged: 1 });
    expect(await query('SELECT code, name, type FROM stores ORDER BY code')).toEqual([
      { code: 'S1', name: 'Uno', type: 'warehouse' },
      { code: 'S2', name: 'Dos!', type: 'store' },
    ]);
    expect(await query("SELECT count(*)::int AS n FROM invoice_series WHERE document_type = 'invoice'")).toEqual([{ n: 2 }]);
  });

  it('should take suppliers in and keep what the file does not have', async () => {
    expect(await take(suppliers, [{ code: 'P', name: 'Polar', tax_id: 'j301051238', lead_time_days: 3 }])).toEqual({
      inserted: 1,
      updated: 0,
      unchanged: 0,
    });
    expect(await take(suppliers, [{ code: 'P', name: 'Polar', tax_id: null, lead_time_days: null }], [])).toEqual({
      inserted: 0,
      updated: 0,
      unchanged: 1,
    });
    expect(await query('SELECT tax_id, tax_id_status, lead_time_days FROM suppliers')).toEqual([
      { tax_id: 'J-30105123-8', tax_id_status: 'valid', lead_time_days: 3 },
    ]);
    expect(await take(suppliers, [{ code: 'P', name: 'Polar', tax_id: null, lead_time_days: null }])).toEqual({
      inserted: 0,
      updated: 1,
      unchanged: 0,
    });
    expect(await query('SELECT tax_id, tax_id_status, lead_time_days FROM suppliers')).toEqual([
      { tax_id: null, tax_id_status: 'unchecked', lead_time_days: 3 },
    ]);
  });

  it('should name every unknown reference and write nothing', async () => {
    const rows = [product({ sku: 'X1', supplier: 'NONE', tax_category: 'none' }), product({ sku: 'X2', supplier: 'P' })];
    expect(await take(products, rows)).toEqual([
      '2 supplier catalog.unknown_supplier',
      '2 tax_category catalog.unknown_tax_category',
    ]);
    expect(await query('SELECT FROM products')).toEqual([]);
  });

  it('should create each category once, whatever its spelling', async () => {
    await shop.as(() => shop.categories.create({ code: 'BEB', name: 'Bebidas' }));
    const names = ['Lácteos', 'lacteos ', 'LÁCTEOS', 'bebidas', 'beb', 'Aguas y Jugos', 'aguas-y-jugos', '飲料', '食品'];
    const rows = names.map((category, index) => product({ sku: `C${index}`, category }));
    expect(await take(products, rows)).toEqual({ inserted: 9, updated: 0, unchanged: 0 });
    expect(await take(products, rows)).toEqual({ inserted: 0, updated: 0, unchanged: 9 });
    const found = (await query(
      'SELECT c.name, array_agg(p.sku ORDER BY p.sku) AS skus FROM categories c JOIN products p ON p.category_id = c.id GROUP BY c.id ORDER BY min(p.sku)',
    )) as { skus: string[] }[];
    expect(found.map(({ skus }) => skus)).toEqual([['C0', 'C1', 'C2'], ['C3', 'C4'], ['C5', 'C6'], ['C7'], ['C8']]);
  });

  it('should change products, clear blank fields and keep what the file does not have', async () => {
    const full = product({
      sku: 'A',
      name: 'Arroz',
      category: 'Granos',
      supplier: 'P',
      unit_type: 'kg',
      barcode: '7591234567894',
      cost_price: '1.5',
      sale_price: '2',
      tax_category: 'exempt',
      min_stock_level: '5',
      reorder_point: '10',
    });
    expect(await take(products, [full])).toEqual({ inserted: 1, updated: 0, unchanged: 0 });
    expect(await take(products, [full])).toEqual({ inserted: 0, updated: 0, unchanged: 1 });
    expect(await take(products, [product({ sku: 'A', name: 'Arroz' })], [])).toEqual({ inserted: 0, updated: 0, unchanged: 1 });
    expect(await take(products, [product({ sku: 'A', name: 'Arroz blanco' })])).toEqual({
      inserted: 0,
      updated: 1,
      unchanged: 0,
    });
    expect(
      await query(
        "SELECT p.name, category_id, supplier_id, unit_type, barcode, barcode_status, cost_price, selling_price, t.code, p.tax_rate, min_stock_level, reorder_point FROM products p JOIN tax_categories t ON t.id = p.tax_category_id WHERE sku = 'A'",
      ),
    ).toEqual([
      {
        name: 'Arroz blanco',
        category_id: null,
        supplier_id: null,
        unit_type: 'kg',
        barcode: null,
        barcode_status: 'unchecked',
        cost_price: '0.000000',
        selling_price: '0.0000',
        code: 'exempt',
        tax_rate: '0.0000',
        min_stock_level: '0.0000',
        reorder_point: '0.0000',
      },
    ]);
  });

  it('should refuse the label of another product and keep own ones', async () => {
    expect(await take(products, [product({ sku: 'B1', barcode: '111' }), product({ sku: 'B2', barcode: '222' })])).toMatchObject({
      inserted: 2,
    });
    expect(await take(products, [product({ sku: 'B1', barcode: '222' })])).toEqual(['2 barcode catalog.barcode_taken']);
    expect(await take(products, [product({ sku: 'B1', barcode: '333' })])).toMatchObject({ updated: 1 });
    expect(
      await query("SELECT b.barcode FROM product_barcodes b JOIN products p ON p.id = b.product_id WHERE sku = 'B1'"),
    ).toEqual([{ barcode: '333' }]);
  });

  describe('stock', () => {
    const level = async (sku: string) =>
      (
        await query(
          `SELECT quantity_on_hand::float8 AS q, counted_from::text AS counted FROM inventory i JOIN products p ON p.id = i.product_id JOIN stores s ON s.id = i.store_id WHERE sku = '${sku}' AND s.code = 'S1'`,
        )
      )?.[0];
    const ledger = (sku: string) =>
      query(
        `SELECT kind, m.quantity::float8 AS q, m.balance_after::float8 AS balance, (m.created_at AT TIME ZONE 'America/Caracas')::text AS at FROM inventory_movements m JOIN products p ON p.id = m.product_id WHERE sku = '${sku}' ORDER BY m.recorded_at`,
      );
    const count = (sku: string, quantity: string, date: string, unit_cost: string | null = null) => ({
      store: 'S1',
      sku,
      quantity,
      unit_cost,
      date,
    });

    it('should name unknown stores and products', async () => {
      expect(await take(stock, [{ ...count('NO', '1', '2026-11-01'), store: 'NO' }])).toEqual([
        '2 store inventory.unknown_store',
        '2 sku inventory.unknown_product',
      ]);
    });

    it('should open the ledger at the start of the day and do nothing the second time', async () => {
      const rows = [count('B1', '94', '2026-01-10', '1.25'), count('B2', '0', '2026-01-10')];
      expect(await take(stock, rows)).toEqual({ inserted: 2, updated: 0, unchanged: 0 });
      expect(await take(stock, rows)).toEqual({ inserted: 0, updated: 0, unchanged: 2 });
      expect(await level('B1')).toEqual({ q: 94, counted: '2026-01-10' });
      expect(await level('B2')).toEqual({ q: 0, counted: '2026-01-10' });
      expect(await ledger('B1')).toEqual([{ kind: 'opening', q: 94, balance: 94, at: '2026-01-10 00:00:00' }]);
      expect(await ledger('B2')).toEqual([]);
    });

    it('should leave what happened on the day and later on top of the count', async () => {
      const [{ product: id, store } = { product: '', store: '' }] = (await query(
        "SELECT p.id AS product, s.id AS store FROM products p, stores s WHERE sku = 'B1' AND s.code = 'S1'",
      )) as { product: string; store: string }[];
      await shop.as(() =>
        shop.movements.record(
          [{ productId: id, storeId: store, type: 'out', kind: 'sold', quantity: '-4', occurredAt: '2026-01-10T16:00:00Z' }],
          () => [],
        ),
      );
      expect(await take(stock, [count('B1', '94', '2026-01-10')])).toMatchObject({ unchanged: 1 });
      expect(await take(stock, [count('B1', '90', '2026-01-10')])).toMatchObject({ updated: 1 });
      expect(await level('B1')).toEqual({ q: 86, counted: '2026-01-10' });
    });

    it('should write the difference of a later count, and refuse an earlier one that says otherwise', async () => {
      expect(await take(stock, [count('B1', '80', '2026-02-01')])).toMatchObject({ updated: 1 });
      expect(await level('B1')).toEqual({ q: 80, counted: '2026-02-01' });
      expect(await ledger('B1')).toEqual([
        expect.objectContaining({ kind: 'opening', q: 94 }),
        expect.objectContaining({ kind: 'sold', q: -4 }),
        expect.objectContaining({ kind: 'counted', q: -4, at: '2026-01-10 00:00:00' }),
        expect.objectContaining({ kind: 'counted', q: -6, at: '2026-02-01 00:00:00' }),
      ]);
      expect(await take(stock, [count('B1', '90', '2026-01-10')])).toMatchObject({ unchanged: 1 });
      expect(await take(stock, [count('B1', '91', '2026-01-10')])).toEqual(['2 date inventory.later_count']);
    });

    it('should take what was counted for a fact although more has been sold since', async () => {
      const [{ product: id, store } = { product: '', store: '' }] = (await query(
        "SELECT p.id AS product, s.id AS store FROM products p, stores s WHERE sku = 'B1' AND s.code = 'S1'",
      )) as { product: string; store: string }[];
      await shop.as(() =>
        shop.movements.record(
          [{ productId: id, storeId: store, type: 'out', kind: 'sold', quantity: '-70', occurredAt: '2026-03-02T16:00:00Z' }],
          () => [],
        ),
      );
      expect(await take(stock, [count('B1', '50', '2026-03-01')])).toMatchObject({ updated: 1 });
      expect(await level('B1')).toEqual({ q: -20, counted: '2026-03-01' });
    });
  });
});
