import { openMediumDatabase, type MediumDatabase } from '../../support/medium-database.js';
import { StockLab } from './stock-lab.js';

let db: MediumDatabase;
let lab: StockLab;
beforeAll(async () => {
  db = await openMediumDatabase('stock_triggers');
  lab = new StockLab(db);
  lab.store = await lab.newStore();
});
afterAll(() => db.close());
beforeEach(() => lab.told());
afterEach(async () => {
  // whatever was done: a level is the sum of its movements, and below_reorder says the truth
  const drift = await lab.query(
    `SELECT i.product_id FROM inventory i JOIN products p ON p.id = i.product_id
       LEFT JOIN (SELECT product_id, store_id, sum(quantity) AS quantity FROM inventory_movements GROUP BY 1, 2) m USING (product_id, store_id)
      WHERE i.quantity_on_hand <> coalesce(m.quantity, 0)
         OR i.below_reorder <> (p.is_active AND i.quantity_available < coalesce(i.reorder_point, p.reorder_point))`,
  );
  expect(drift).toEqual([]);
});

const SHORT = { code: '23514', constraint: 'inventory_quantity_available_check' };

describe('inventory_movement_trigger', () => {
  it('should add up all movements of a statement', async () => {
    const [milk, flour] = [await lab.newProduct(), await lab.newProduct()];
    await lab.move({ product: milk, quantity: 10 }, { product: flour, quantity: '2.5' }, { product: milk, quantity: -3 });
    expect((await lab.level(milk)).quantity_on_hand).toBe('7.0000');
    expect((await lab.level(flour)).quantity_on_hand).toBe('2.5000');
  });

  it('should keep the moving average of the receipts whose cost is known', async () => {
    const product = await lab.newProduct();
    await lab.move({ product, quantity: 10, cost: 2 });
    await lab.move({ product, quantity: 30, cost: 4 });
    expect((await lab.level(product)).cost_per_unit).toBe('3.500000');
    await lab.move({ product, quantity: -20 }, { product, quantity: 5, kind: 'returned' });
    expect((await lab.level(product)).cost_per_unit).toBe('3.500000');
  });

  it('should count the receipt first when one statement receives and issues', async () => {
    const product = await lab.newProduct();
    await lab.move({ product, quantity: 10, cost: 1 });
    await lab.move({ product, quantity: -15 }, { product, quantity: 10, cost: 2 });
    expect(await lab.level(product)).toMatchObject({ quantity_on_hand: '5.0000', cost_per_unit: '1.500000' });
  });

  it('should begin a new average where nothing was left', async () => {
    const product = await lab.newProduct();
    await lab.move({ product, quantity: 4, cost: 9 });
    await lab.move({ product, quantity: -4 });
    await lab.move({ product, quantity: 1, cost: 2 });
    expect((await lab.level(product)).cost_per_unit).toBe('2.000000');
  });

  it('should refuse the whole statement and name every product that is short', async () => {
    const [milk, flour, salt] = [await lab.newProduct(), await lab.newProduct(), await lab.newProduct()];
    await lab.move({ product: milk, quantity: 5 }, { product: flour, quantity: 5 });
    const error = await lab
      .move({ product: milk, quantity: -5.5 }, { product: flour, quantity: -5 }, { product: salt, quantity: -1 })
      .catch((thrown: { detail: string }) => thrown);
    expect(error).toMatchObject(SHORT);
    const detail = JSON.parse((error as { detail: string }).detail) as { productId: string }[];
    expect(detail).toHaveLength(2);
    expect(detail).toContainEqual({ productId: milk, storeId: lab.store, requested: '5.5000', available: '5.0000' });
    expect(detail).toContainEqual({ productId: salt, storeId: lab.store, requested: '1.0000', available: '0.0000' });
    expect((await lab.level(flour)).quantity_on_hand).toBe('5.0000');
  });

  it('should keep what is reserved out of reach', async () => {
    const product = await lab.newProduct();
    await lab.move({ product, quantity: 5 });
    await lab.query('UPDATE inventory SET quantity_reserved = 3 WHERE product_id = $1', [product]);
    await expect(lab.move({ product, quantity: -3 })).rejects.toMatchObject(SHORT);
    await lab.move({ product, quantity: -2 });
  });

  it('should let the product decide, else the store, else the tenant, and take a recorded fact', async () => {
    const product = await lab.newProduct();
    await lab.move({ product, quantity: -1, allowNegative: true });
    await expect(lab.move({ product, quantity: -1 })).rejects.toMatchObject(SHORT);
    await lab.query(`UPDATE settings SET value = 'true' WHERE key = 'inventory.negative_stock'`);
    await lab.move({ product, quantity: -1 });
    await lab.query('UPDATE stores SET allow_negative_stock = false WHERE id = $1', [lab.store]);
    await expect(lab.move({ product, quantity: -1 })).rejects.toMatchObject(SHORT);
    await lab.query('UPDATE products SET allow_negative_stock = true WHERE id = $1', [product]);
    await lab.move({ product, quantity: -1 });
    await lab.query(`UPDATE settings SET value = 'false' WHERE key = 'inventory.negative_stock'`);
    await lab.query('UPDATE stores SET allow_negative_stock = NULL WHERE id = $1', [lab.store]);
    await lab.query('UPDATE products SET allow_negative_stock = NULL WHERE id = $1', [product]);
    await lab.move({ product, quantity: 1 });
    expect((await lab.level(product)).quantity_on_hand).toBe('-2.0000');
  });

  it.each([
    [{ type: 'in', quantity: -1 }, 'inventory_movements_quantity_check'],
    [{ type: 'out', quantity: 1 }, 'inventory_movements_quantity_check'],
    [{ type: 'adjustment', quantity: 0 }, 'inventory_movements_quantity_check'],
    [{ type: 'in', quantity: 'NaN' }, 'inventory_movements_quantity_check'],
    [{ type: 'gift', quantity: 1 }, 'inventory_movements_movement_type_check'],
    [{ kind: 'found', quantity: 1 }, 'inventory_movements_kind_check'],
    [{ quantity: 1, cost: -1 }, 'inventory_movements_cost_per_unit_check'],
    [{ quantity: 1, reason: 'whim' }, 'inventory_movements_reason_code_fkey'],
    [{ quantity: 1, product: '01890000-0000-7000-8000-000000000000' }, 'inventory_product_id_fkey'],
    [{ quantity: 1, store: '01890000-0000-7000-8000-000000000000' }, 'inventory_store_id_fkey'],
  ])('should refuse %j', async (row, constraint) => {
    const product = await lab.newProduct();
    await expect(lab.move({ product, ...row })).rejects.toMatchObject({ constraint });
  });

  it('should sell exactly what is there to many buyers at once', async () => {
    const product = await lab.newProduct();
    await lab.move({ product, quantity: 20 });
    const sold = await Promise.allSettled(Array.from({ length: 32 }, () => lab.move({ product, quantity: -1 })));
    expect(sold.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
    for (const refused of sold) if (refused.status === 'rejected') expect(refused.reason).toMatchObject(SHORT);
  });

  it('should not deadlock when statements name the same products in different orders', async () => {
    const products = await Promise.all(Array.from({ length: 8 }, () => lab.newProduct()));
    const other = await lab.newStore();
    const one = (i: number) => {
      const order = products.toSorted(() => Math.random() - 0.5);
      const [from, to] = i % 2 ? [lab.store, other] : [other, lab.store];
      return lab.move(
        ...order.map((product) => ({
          product,
          store: from,
          type: 'transfer',
          kind: 'transferred_out',
          quantity: -1,
          allowNegative: true,
        })),
        ...order.map((product) => ({ product, store: to, type: 'transfer', kind: 'transferred_in', quantity: 1, cost: 1 })),
      );
    };
    const done = await Promise.allSettled(Array.from({ length: 60 }, (_, i) => one(i)));
    expect(done.filter(({ status }) => status === 'rejected')).toEqual([]);
  });
});

describe('low_stock_alert_trigger', () => {
  it('should tell once what went strictly below, and once what came back', async () => {
    const product = await lab.newProduct({ reorder_point: 10 });
    await lab.move({ product, quantity: 100 });
    await lab.move({ product, quantity: -90 });
    expect(await lab.told()).toEqual([]);
    await lab.move({ product, quantity: -0.0001 });
    expect(await lab.told()).toEqual([{ name: 'stock.crossed', pairs: [[product, lab.store]] }]);
    await lab.move({ product, quantity: -1 });
    expect(await lab.told()).toEqual([]);
    await lab.move({ product, quantity: 5 });
    expect(await lab.told()).toEqual([{ name: 'stock.recovered', pairs: [[product, lab.store]] }]);
  });

  it('should tell a rise inside the quarter above the point, for alerts with hysteresis', async () => {
    const product = await lab.newProduct({ reorder_point: 100 });
    await lab.move({ product, quantity: 110 });
    await lab.told();
    await lab.move({ product, quantity: 10 });
    expect(await lab.told()).toEqual([{ name: 'stock.recovered', pairs: [[product, lab.store]] }]);
    await lab.move({ product, quantity: 10 });
    await lab.told();
    await lab.move({ product, quantity: 10 });
    expect(await lab.told()).toEqual([]);
  });

  it('should tell a level that is born below', async () => {
    const product = await lab.newProduct({ reorder_point: 10 });
    await lab.move({ product, quantity: 3 });
    expect(await lab.told()).toEqual([{ name: 'stock.crossed', pairs: [[product, lab.store]] }]);
  });

  it('should follow the point of the product, the override of the store, deactivation and reactivation', async () => {
    const product = await lab.newProduct({ reorder_point: 10 });
    const other = await lab.newStore();
    await lab.move({ product, quantity: 50 }, { product, store: other, quantity: 500 });
    const crossed = { name: 'stock.crossed', pairs: [[product, lab.store]] };
    const recovered = { name: 'stock.recovered', pairs: [[product, lab.store]] };
    const steps: [string, object[]][] = [
      ['UPDATE products SET reorder_point = 60 WHERE id = $1', [crossed]],
      ['UPDATE products SET reorder_point = 61, name = name WHERE id = $1', []],
      ['UPDATE products SET is_active = false WHERE id = $1', [recovered]],
      ['UPDATE products SET is_active = true WHERE id = $1', [crossed]],
      [`UPDATE inventory SET reorder_point = 20 WHERE product_id = $1 AND store_id = '${lab.store}'`, [recovered]],
      ['UPDATE products SET reorder_point = 70 WHERE id = $1', []],
      [`UPDATE inventory SET reorder_point = NULL WHERE product_id = $1 AND store_id = '${lab.store}'`, [crossed]],
      [
        'UPDATE inventory SET quantity_reserved = 450 WHERE product_id = $1 AND quantity_on_hand = 500',
        [{ name: 'stock.crossed', pairs: [[product, other]] }],
      ],
    ];
    for (const [sql, told] of steps) {
      await lab.query(sql, [product]);
      expect({ sql, told: await lab.told() }).toEqual({ sql, told });
    }
  });

  it('should tell what a superuser writes with another search path', async () => {
    const product = await lab.newProduct({ reorder_point: 10 });
    await lab.move({ product, quantity: 50 });
    await db.root.query(
      `INSERT INTO ${db.acme.schema}.inventory_movements (tenant_id, product_id, store_id, movement_type, kind, quantity) VALUES ($1, $2, $3, 'out', 'sold', -45)`,
      [db.acme.id, product, lab.store],
    );
    expect(await lab.told()).toEqual([{ name: 'stock.crossed', pairs: [[product, lab.store]] }]);
  });

  it('should tell nothing of what is rolled back', async () => {
    const product = await lab.newProduct({ reorder_point: 10 });
    await lab.move({ product, quantity: 50 });
    const undone = db.as(db.acme, () =>
      db.unit.transaction(async () => {
        await db.unit.execute(
          `INSERT INTO inventory_movements (product_id, store_id, movement_type, kind, quantity) VALUES ($1, $2, 'out', 'sold', -45)`,
          [product, lab.store],
        );
        throw new Error('undone');
      }),
    );
    await expect(undone).rejects.toThrow('undone');
    expect(await lab.told()).toEqual([]);
  });

  it('should tell many crossings of one statement in jobs of at most 500', async () => {
    await lab.query(
      `INSERT INTO products (sku, name, reorder_point) SELECT 'MANY-' || i, 'x', 10 FROM generate_series(1, 1200) i`,
    );
    const all = (quantity: number, type: string, kind: string) =>
      lab.query(
        `INSERT INTO inventory_movements (product_id, store_id, movement_type, kind, quantity) SELECT id, $1, $2, $3, $4 FROM products WHERE sku LIKE 'MANY-%'`,
        [lab.store, type, kind, quantity],
      );
    await all(20, 'in', 'opening');
    expect(await lab.told()).toEqual([]);
    await all(-15, 'out', 'sold');
    const told = await lab.told();
    expect(told.map(({ pairs }) => pairs.length).toSorted((a, b) => a - b)).toEqual([200, 500, 500]);
    expect(new Set(told.flatMap(({ pairs }) => pairs.map(([product]) => product))).size).toBe(1200);
  });

  it('should lose no crossing between a sale and a point that is raised at the same time', async () => {
    const products = await Promise.all(Array.from({ length: 60 }, () => lab.newProduct({ reorder_point: 10 })));
    await lab.move(...products.map((product) => ({ product, quantity: 100 })));
    // neither alone crosses: 100 - 45 = 55 is not below 10, 100 is not below 60
    await Promise.all(
      products.flatMap((product) => [
        lab.move({ product, quantity: -45 }),
        lab.query('UPDATE products SET reorder_point = 60 WHERE id = $1', [product]),
      ]),
    );
    const crossed = (await lab.told())
      .filter(({ name }) => name === 'stock.crossed')
      .flatMap(({ pairs }) => pairs.map(([product]) => product));
    expect(crossed.toSorted()).toEqual(products.toSorted());
  });

  it('should lose no crossing between a level that is born and a point that is raised at the same time', async () => {
    const products = await Promise.all(Array.from({ length: 60 }, () => lab.newProduct({ reorder_point: 10 })));
    await Promise.all(
      products.flatMap((product) => [
        lab.move({ product, quantity: 50 }),
        lab.query('UPDATE products SET reorder_point = 60 WHERE id = $1', [product]),
      ]),
    );
    const crossed = (await lab.told())
      .filter(({ name }) => name === 'stock.crossed')
      .flatMap(({ pairs }) => pairs.map(([product]) => product));
    expect(crossed.toSorted()).toEqual(products.toSorted());
  });
});
