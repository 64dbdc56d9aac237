import { quantityFault } from '../../../src/forecasting/replenishment/reorder-policy.js';
import { until } from '../../support/api.js';
import { ReplenishmentLab } from './replenishment-lab.js';

let lab: ReplenishmentLab;
let second: string;
const made: Record<'low' | 'plenty' | 'shared' | 'wanted' | 'dismissed' | 'raced' | 'automatic', string> = {} as never;

beforeAll(async () => {
  lab = await ReplenishmentLab.open('replenishment');
  second = await lab.runs.newStore();
  made.low = await lab.selling(10, 30);
  made.plenty = await lab.selling(10, 900);
  made.shared = await lab.selling(10, 30);
  await lab.sells(made.shared, 2, second);
  await lab.runs.move({ product: made.shared, quantity: 400, store: second });
  made.wanted = await lab.selling(10, 30);
  made.dismissed = await lab.selling(10, 30);
  made.raced = await lab.selling(10, 30);
  made.automatic = await lab.selling(10, 500);
  await lab.runs.forecast();
  await lab.suggest();
}, 120_000);
afterAll(() => lab.runs.close());

const rules = (productId: string | null, changes: object, storeId: string | null = null) =>
  lab.runs.run(async () => {
    const query = { ...(productId && { productId }), ...(storeId && { storeId }) };
    return lab.runs.replenishment.policies.update(query, '*', changes);
  });
const policy = (productId: string, storeId: string = lab.runs.store) =>
  lab.runs.run(() => lab.runs.replenishment.policies.get({ productId, storeId }));

describe('reorder forecasts', () => {
  it('should be one row a series beside the demand, and replaced with it', async () => {
    const rows = await lab.runs.query<Record<string, unknown>>(
      `SELECT forecast_date::text AS date, horizon, predicted_value::float8 AS mean, q10::float8, q95::float8, metadata, first_day::text AS first
         FROM current_reorder_forecasts WHERE product_id = $1`,
      [made.low],
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ horizon: 6, first: lab.runs.today, metadata: { class: 'smooth' } });
    expect(rows[0]!['mean']).toBeCloseTo(60, -1);
    const { sums } = rows[0]!['metadata'] as { sums: { lengths: number[]; values: number[][] } };
    expect(sums.lengths).toEqual([1, 2, 3, 4, 5, 7, 10, 14, 21, 28]);
    for (const row of sums.values) expect(row).toEqual(row.toSorted((a, b) => a - b));
    const [count] = await lab.runs.query<{ types: string }>(
      `SELECT string_agg(DISTINCT f.forecast_type, ',') AS types FROM current_forecasts c JOIN forecasts f ON f.run_id = c.run_id
          AND f.product_id = c.product_id AND f.store_id = c.store_id AND f.forecast_date = c.forecast_date AND f.predicted_value = c.predicted_value
        WHERE c.product_id = $1`,
      [made.low],
    );
    expect(count!.types).toBe('demand');
  });

  it('should have the suggestions computed after each run', async () => {
    const { rows } = await lab.runs.db.root.query(
      `SELECT count(*)::int AS n FROM bullmq.job WHERE name = 'replenishment.suggest'`,
    );
    expect(rows[0].n).toBe(1);
  });
});

describe('suggestions', () => {
  it('should order what is missing, in packs and at least the minimum, and say why', async () => {
    const [suggestion, ...more] = await lab.open(made.low);
    expect(more).toEqual([]);
    expect(suggestion).toMatchObject({
      kind: 'purchase',
      status: 'open',
      storeId: lab.runs.store,
      fromStoreId: null,
      supplierId: lab.supplier,
      unitCost: '1.800000',
      leadTimeDays: 6,
      reason: { code: 'stock_out_before_arrival', text: expect.stringContaining('La existencia se acaba antes') },
      data: { available: '30.0000', position: '30.0000', packSize: '12.0000', minOrderQuantity: '24.0000' },
    });
    const quantity = Number(suggestion!.quantity);
    expect(quantityFault(quantity, { packSize: 12, minOrder: 24 })).toBeNull();
    expect(quantity).toBeGreaterThan(100);
    expect(Number(suggestion!.reorderPoint)).toBeGreaterThan(70);
    expect(Number(suggestion!.data.orderUpTo)).toBeGreaterThanOrEqual(Number(suggestion!.reorderPoint));
    expect(quantity - Number(suggestion!.data.need)).toBeLessThan(12);
    expect(await lab.open(made.plenty)).toEqual([]);
  });

  it('should rewrite nothing that says the same, and one open row is all there can be', async () => {
    const before = await lab.rowsOf(made.low);
    expect(await lab.suggest()).toMatchObject({ added: 0, changed: 0, closed: 0, reorderPoints: 0 });
    expect(await lab.rowsOf(made.low)).toEqual(before);
    await expect(
      lab.runs.query(
        `INSERT INTO reorder_suggestions (product_id, store_id, quantity, reason) SELECT product_id, store_id, 1, 'out_of_stock' FROM reorder_suggestions WHERE id = $1`,
        [before[0]!.id],
      ),
    ).rejects.toMatchObject({ constraint: 'reorder_suggestions_one_open' });
  });

  it('should follow the stock, and end when it has recovered', async () => {
    const product = await lab.selling(10, 30);
    await lab.runs.forecast({ productIds: [product] });
    await lab.suggest();
    const [before] = await lab.rowsOf(product, 'open');
    await lab.runs.move({ product, quantity: -20 });
    await lab.suggest();
    const [after] = await lab.rowsOf(product, 'open');
    expect(after!.id).toBe(before!.id);
    expect(Number(after!.quantity)).toBeGreaterThan(Number(before!.quantity));
    await lab.runs.move({ product, quantity: 500 });
    expect(await lab.suggest()).toMatchObject({ closed: 1 });
    expect((await lab.rowsOf(product)).map(({ status }) => status)).toEqual(['obsolete']);
  });

  it('should end when the product is no longer sold', async () => {
    const product = await lab.runs.newProduct({ reorder_point: 10, supplier_id: lab.supplier });
    await lab.runs.move({ product, quantity: 4 });
    await lab.suggest();
    expect(await lab.rowsOf(product, 'open')).toMatchObject([{ reason: 'below_fixed_point', quantity: '6.0000' }]);
    await lab.runs.query('UPDATE products SET is_active = false WHERE id = $1', [product]);
    expect(await lab.suggest()).toMatchObject({ closed: 1 });
    expect(await lab.rowsOf(product, 'open')).toEqual([]);
  });

  it('should bring from another store what it does not need, before anything is bought', async () => {
    const [suggestion, ...more] = await lab.open(made.shared);
    expect(more).toEqual([]);
    expect(suggestion).toMatchObject({
      kind: 'transfer',
      storeId: lab.runs.store,
      fromStoreId: second,
      supplierId: null,
      reason: { code: 'excess_elsewhere' },
    });
    const keeps = Number(suggestion!.data.fromKeeps);
    expect(Number(suggestion!.data.fromAvailable) - Number(suggestion!.quantity)).toBeGreaterThanOrEqual(keeps);
  });

  it('should work through products page by page', async () => {
    const { unit } = lab.runs.db;
    const { SupplyRepository } = await import('../../../src/forecasting/replenishment/supply.repository.js');
    const supply = new SupplyRepository(unit);
    const seen: string[] = [];
    for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
      const items = await lab.runs.run(() => supply.page(after, 4, lab.runs.today));
      if (items.length === 0) break;
      expect(new Set(items.map(({ productId }) => productId)).size).toBeLessThanOrEqual(2);
      seen.push(...items.map(({ productId, storeId }) => `${productId}/${storeId}`));
      after = items.at(-1)!.productId;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBeGreaterThan(7);
  });
});

describe('dismissed suggestions', () => {
  it('should not come again until stock has recovered', async () => {
    const [suggestion] = await lab.open(made.dismissed);
    const { suggestions } = lab.runs.replenishment;
    expect(await lab.runs.run(() => suggestions.dismiss(suggestion!.id))).toMatchObject({ status: 'dismissed' });
    await expect(lab.runs.run(() => suggestions.dismiss(suggestion!.id))).rejects.toMatchObject({
      code: 'replenishment.not_open',
    });
    await lab.suggest();
    expect(await lab.open(made.dismissed)).toEqual([]);
    await lab.runs.move({ product: made.dismissed, quantity: 500 });
    await lab.suggest();
    await lab.runs.move({ product: made.dismissed, quantity: -500 });
    await lab.suggest();
    expect((await lab.rowsOf(made.dismissed)).map(({ status, holds_off }) => [status, holds_off])).toEqual([
      ['dismissed', false],
      ['open', false],
    ]);
  });

  it('should leave the other way open: who wants no transfer may buy', async () => {
    const [transfer] = await lab.open(made.shared);
    await lab.runs.run(() => lab.runs.replenishment.suggestions.dismiss(transfer!.id));
    await lab.suggest();
    expect(await lab.open(made.shared)).toMatchObject([{ kind: 'purchase' }]);
    await lab.runs.query(`UPDATE reorder_suggestions SET holds_off = false WHERE id = $1`, [transfer!.id]);
    await lab.suggest();
    expect(await lab.open(made.shared)).toMatchObject([{ kind: 'transfer' }]);
  });
});

describe('accepted suggestions', () => {
  it('should become one draft for each supplier and store, and not be suggested again', async () => {
    const other = await lab.selling(10, 30);
    await lab.runs.forecast({ productIds: [other] });
    await lab.suggest();
    const [first] = await lab.open(made.wanted);
    const [last] = await lab.open(other);
    const quantities = [{ suggestionId: last!.id, quantity: '240' }];
    const { purchaseOrders, transfers } = await lab.accept([first!.id, last!.id], quantities);
    expect(transfers).toEqual([]);
    expect(purchaseOrders).toHaveLength(1);
    const order = await lab.runs.run(() => lab.runs.replenishment.orders.get(purchaseOrders[0]!.id));
    expect(order).toMatchObject({ status: 'draft', storeId: lab.runs.store, supplierId: lab.supplier });
    expect(order.items.map(({ productId, quantityOrdered, unitCost }) => [productId, quantityOrdered, unitCost])).toEqual([
      [made.wanted, first!.quantity, '1.800000'],
      [other, '240.0000', '1.800000'],
    ]);
    await lab.suggest();
    expect([await lab.open(made.wanted), await lab.open(other)]).toEqual([[], []]);
    await lab.runs.run(() => lab.runs.replenishment.orders.cancel(order.id));
    await lab.suggest();
    expect(await lab.open(made.wanted)).toMatchObject([{ kind: 'purchase', quantity: first!.quantity }]);
  });

  it('should be accepted once, also by several at the same time as they are computed', async () => {
    const [suggestion] = await lab.open(made.raced);
    const answers = await Promise.allSettled([
      lab.accept([suggestion!.id]),
      lab.suggest(),
      lab.accept([suggestion!.id]),
      lab.suggest(),
      lab.accept([suggestion!.id]),
    ]);
    const [one, , two, , three] = answers;
    const accepted = [one, two, three].filter((answer) => answer.status === 'fulfilled');
    const refused = [one, two, three].flatMap((answer) =>
      answer.status === 'rejected' ? [answer.reason as { code: string }] : [],
    );
    expect(accepted).toHaveLength(1);
    expect(refused.map(({ code }) => code)).toEqual(['replenishment.not_open', 'replenishment.not_open']);
    const orders = await lab.runs.query(
      `SELECT FROM purchase_order_items i JOIN purchase_orders o ON o.id = i.purchase_order_id WHERE i.product_id = $1`,
      [made.raced],
    );
    expect(orders).toHaveLength(1);
    expect((await lab.rowsOf(made.raced)).map(({ status }) => status)).toEqual(['accepted']);
  });

  it('should not come back by a computation that began before the draft was there', async () => {
    const [suggestion] = await lab.open(made.low);
    const { db } = lab.runs;
    let decide = (): void => undefined;
    const decided = new Promise<void>((resolve) => (decide = resolve));
    let begun = (): void => undefined;
    const accepted = new Promise<void>((resolve) => (begun = resolve));
    const accepting = lab.runs.run(() =>
      db.unit.transaction(async () => {
        const drafts = await lab.runs.replenishment.acceptance.accept({ suggestionIds: [suggestion!.id] });
        begun();
        await decided;
        return drafts;
      }),
    );
    await accepted;
    const computing = lab.suggest();
    await until(async () => {
      const { rows } = await db.root.query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return rows.length > 0;
    }, 'the computation to wait');
    decide();
    const { purchaseOrders } = await accepting;
    await computing;
    expect(await lab.open(made.low)).toEqual([]);
    await lab.runs.run(() => lab.runs.replenishment.orders.cancel(purchaseOrders[0]!.id));
    await lab.suggest();
    expect(await lab.open(made.low)).toHaveLength(1);
  });

  it('should become a draft transfer that moves stock when it is completed', async () => {
    const [suggestion] = await lab.open(made.shared);
    const { transfers } = await lab.accept([suggestion!.id]);
    expect(transfers).toMatchObject([{ fromStoreId: second, toStoreId: lab.runs.store, suggestionIds: [suggestion!.id] }]);
    await lab.suggest();
    expect(await lab.open(made.shared)).toEqual([]);
    expect((await lab.runs.level(made.shared)).quantity_on_hand).toBe('30.0000');
    await lab.runs.run(() => lab.runs.replenishment.transfers.complete(transfers[0]!.id));
    expect(Number((await lab.runs.level(made.shared)).quantity_on_hand)).toBe(30 + Number(suggestion!.quantity));
    await lab.suggest();
    expect(await lab.open(made.shared)).toEqual([]);
  });

  it('should be refused whole when a quantity cannot be ordered, or nobody delivers', async () => {
    const [suggestion] = await lab.open(made.low);
    const orphan = await lab.runs.newProduct({ reorder_point: 10 });
    await lab.runs.move({ product: orphan, quantity: 4 });
    await lab.suggest();
    const [lost] = await lab.open(orphan);
    const count = () => lab.runs.query('SELECT FROM purchase_orders');
    const before = (await count()).length;
    const wish = (quantity: string) => lab.accept([suggestion!.id], [{ suggestionId: suggestion!.id, quantity }]);
    await expect(wish('30')).rejects.toMatchObject({
      code: 'replenishment.invalid_quantity',
      errors: [{ pointer: '/quantities/0/quantity', code: 'field.multiple', multiple: '12.0000' }],
    });
    await expect(wish('12')).rejects.toMatchObject({ errors: [{ code: 'field.min', min: '24.0000' }] });
    await expect(lab.accept([suggestion!.id, lost!.id])).rejects.toMatchObject({
      code: 'replenishment.no_supplier',
      errors: [{ pointer: '/suggestionIds/1' }],
    });
    await lab.runs.query('UPDATE suppliers SET is_active = false WHERE id = $1', [lab.supplier]);
    await expect(lab.accept([suggestion!.id])).rejects.toMatchObject({
      code: 'catalog.supplier_inactive',
      errors: [{ pointer: '/suggestionIds/0' }],
    });
    await lab.runs.query('UPDATE suppliers SET is_active = true WHERE id = $1', [lab.supplier]);
    expect(await count()).toHaveLength(before);
    expect(await lab.rowsOf(made.low, 'open')).toHaveLength(1);
  });

  it('should be beyond people of other stores', async () => {
    const [suggestion] = await lab.open(made.low);
    const clerk = { role: 'manager', stores: [second] } as const;
    const as = <T>(work: () => Promise<T>) => lab.runs.run(work, { ...clerk, stores: [second] });
    const { suggestions, acceptance } = lab.runs.replenishment;
    expect((await as(() => suggestions.list({ limit: 50 }))).data.filter(({ storeId }) => storeId !== second)).toEqual([]);
    await expect(as(() => suggestions.get(suggestion!.id))).rejects.toMatchObject({ code: 'http.not_found' });
    await expect(as(() => suggestions.dismiss(suggestion!.id))).rejects.toMatchObject({ code: 'http.not_found' });
    await expect(as(() => acceptance.accept({ suggestionIds: [suggestion!.id] }))).rejects.toMatchObject({
      code: 'http.not_found',
    });
  });
});

describe('suggestions by supplier', () => {
  it('should sum up orders by store, with what is missing to the least amount', async () => {
    const supplier = await lab.newSupplier({ least: 1_000 });
    const product = await lab.selling(10, 30, { supplier_id: supplier });
    await lab.runs.forecast({ productIds: [product] });
    await lab.suggest();
    const [suggestion] = await lab.open(product);
    const { data } = await lab.runs.run(() => lab.runs.replenishment.suggestions.bySupplier({ supplierId: supplier, limit: 5 }));
    const amount = (Number(suggestion!.quantity) * 1.8).toFixed(4);
    expect(data).toEqual([
      {
        supplierId: supplier,
        supplierName: 'Proveedor',
        minOrderAmount: '1000.0000',
        lines: 1,
        units: suggestion!.quantity,
        amount,
        linesWithoutCost: 0,
        stockOutDate: suggestion!.stockOutDate,
        orders: [
          {
            storeId: lab.runs.store,
            storeName: expect.any(String),
            lines: 1,
            amount,
            shortfall: (1000 - Number(amount)).toFixed(4),
          },
        ],
      },
    ]);
    const pages: (string | null)[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await lab.runs.run(() =>
        lab.runs.replenishment.suggestions.bySupplier({ limit: 1, ...(cursor && { cursor }) }),
      );
      pages.push(...page.data.map(({ supplierId }) => supplierId));
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    // what has no supplier comes last
    expect(pages).toEqual([lab.supplier, supplier, null]);
  });
});

describe('the policy in force', () => {
  it('should name each parameter with where it comes from', async () => {
    const found = await policy(made.low);
    expect(found.parameters).toMatchObject({
      reorderPointMode: { value: 'fixed', source: 'company' },
      serviceLevel: { source: 'newsvendor' },
      leadTimeDays: { value: 6, source: 'supplier', deliveries: 0 },
      reviewDays: { value: 1, source: 'company' },
      coverDays: { value: 7, source: 'company' },
      shelfLifeDays: { value: null, source: 'none' },
    });
    const [suggestion] = await lab.open(made.low);
    expect(found.reorderPoint).toEqual({ inForce: '0.0000', computed: suggestion!.reorderPoint });
  });

  it('should follow the most particular rule, and go back with null', async () => {
    await rules(made.low, { serviceLevel: 0.9, coverDays: 3 });
    await rules(made.low, { serviceLevel: 0.6 }, lab.runs.store);
    expect((await policy(made.low)).parameters).toMatchObject({
      serviceLevel: { value: 0.6, source: 'product_in_store' },
      coverDays: { value: 3, source: 'product' },
    });
    await rules(made.low, { serviceLevel: null }, lab.runs.store);
    await rules(made.low, { serviceLevel: null, coverDays: null });
    expect((await policy(made.low)).parameters).toMatchObject({
      serviceLevel: { source: 'newsvendor' },
      coverDays: { source: 'company' },
    });
  });

  it('should refuse what belongs to the company, what it cannot do without, and who is held to stores', async () => {
    await expect(rules(made.low, { reviewDays: 3 })).rejects.toMatchObject({
      errors: [{ pointer: '/reviewDays', code: 'field.not_allowed' }],
    });
    await expect(rules(null, { coverDays: null })).rejects.toMatchObject({
      errors: [{ pointer: '/coverDays', code: 'field.null' }],
    });
    const { policies } = lab.runs.replenishment;
    const clerk = { role: 'manager' as const, stores: [second] };
    await expect(lab.runs.run(() => policies.update({}, '*', { coverDays: 9 }), clerk)).rejects.toMatchObject({
      code: 'auth.all_stores_required',
    });
    await expect(
      lab.runs.run(() => policies.update({ productId: made.low, storeId: lab.runs.store }, '*', { coverDays: 9 }), clerk),
    ).rejects.toMatchObject({ code: 'http.not_found' });
    await expect(lab.runs.run(() => policies.update({}, '"stale"', { coverDays: 9 }))).rejects.toMatchObject({
      code: 'http.precondition_failed',
    });
  });

  it('should learn from five deliveries how long a supplier takes', async () => {
    const supplier = await lab.newSupplier({ lead: 30 });
    const product = await lab.runs.newProduct({ supplier_id: supplier });
    await lab.runs.query(
      `WITH o AS (INSERT INTO purchase_orders (store_id, supplier_id, order_number, order_date)
                  SELECT $1, $2, 'X' || n, $3::date - 20 FROM generate_series(1, 5) n RETURNING id, order_number)
       INSERT INTO goods_receipts (purchase_order_id, store_id, receipt_number, received_at)
       SELECT id, $1, order_number, ($3::date - 20 + CASE order_number WHEN 'X1' THEN 9 ELSE 4 END)::timestamp AT TIME ZONE 'America/Caracas' FROM o`,
      [lab.runs.store, supplier, lab.runs.today],
    );
    const { parameters } = await policy(product);
    expect(parameters!.leadTimeDays).toEqual({
      value: 5,
      source: 'observed',
      deliveries: 5,
      distribution: [
        { days: 4, probability: 0.8 },
        { days: 9, probability: 0.2 },
      ],
    });
  });
});

describe('a what-if', () => {
  it('should compute by other rules beside those in force, and save nothing', async () => {
    const { policies } = lab.runs.replenishment;
    const before = await lab.rowsOf(made.low);
    const ask = (changes: object) =>
      lab.runs.run(() => policies.whatIf({ productId: made.low, storeId: lab.runs.store, ...changes }));
    const [suggestion] = await lab.open(made.low);
    const answer = await ask({ leadTimeDays: 12, serviceLevel: 0.99 });
    expect(answer.before).toMatchObject({ reorderPoint: suggestion!.reorderPoint, quantity: suggestion!.quantity });
    expect(answer.after.parameters).toMatchObject({
      serviceLevel: { value: 0.99, source: 'what_if' },
      leadTimeDays: { value: 12, source: 'what_if' },
    });
    expect(Number(answer.after.reorderPoint)).toBeGreaterThan(Number(answer.before.reorderPoint));
    const promotion = await ask({ promotionFactor: 2 });
    expect(Number(promotion.after.meanDemand) / Number(promotion.before.meanDemand)).toBeCloseTo(2, 3);
    expect(promotion.after.daysOfCover).toBeLessThan(promotion.before.daysOfCover!);
    expect(await lab.rowsOf(made.low)).toEqual(before);
  });

  it('should say when there is no forecast', async () => {
    const product = await lab.runs.stocked();
    await expect(
      lab.runs.run(() => lab.runs.replenishment.policies.whatIf({ productId: product, storeId: lab.runs.store })),
    ).rejects.toMatchObject({ code: 'forecasts.too_little_history' });
  });
});

describe('the reorder point of alerts', () => {
  const point = async (product: string) => (await lab.runs.level(product)).alert_point;
  const apply = (productId: string) =>
    lab.runs.run(() => lab.runs.replenishment.policies.apply({ items: [{ productId, storeId: lab.runs.store }] }));

  it('should stay what people set where it is fixed or suggested, until the computed one is applied', async () => {
    await rules(made.plenty, { reorderPointMode: 'suggested' });
    await lab.suggest();
    expect(await point(made.plenty)).toBe('0.0000');
    const { reorderPoint } = await policy(made.plenty);
    expect(await apply(made.plenty)).toEqual({
      data: [{ productId: made.plenty, storeId: lab.runs.store, before: '0.0000', after: reorderPoint!.computed }],
    });
    expect(await point(made.plenty)).toBe(reorderPoint!.computed);
  });

  it('should be written every night where that is automatic, with its alert and its trace', async () => {
    await rules(made.automatic, { reorderPointMode: 'automatic' });
    await lab.runs.told();
    expect(await lab.suggest()).toMatchObject({ reorderPoints: 1 });
    const { computed } = (await policy(made.automatic)).reorderPoint!;
    expect(await point(made.automatic)).toBe(computed);
    expect(await lab.suggest()).toMatchObject({ reorderPoints: 0 });
    const [event] = await lab.runs.query<{ metadata: object; new_data: object }>(
      `SELECT e.metadata, e.new_data FROM events e JOIN inventory i ON i.id = e.entity_id
        WHERE i.product_id = $1 AND e.entity_type = 'inventory' ORDER BY e.created_at DESC LIMIT 1`,
      [made.automatic],
    );
    expect(event).toMatchObject({
      metadata: { via: 'job:replenishment.suggest' },
      new_data: { reorder_point: Number(computed) },
    });
    await lab.runs.move({ product: made.automatic, quantity: -(500 - Number(computed) + 1) });
    expect(await lab.runs.told()).toEqual([{ name: 'stock.crossed', pairs: [[made.automatic, lab.runs.store]] }]);
  });

  it('should never be computed on no grounds', async () => {
    const product = await lab.runs.stocked();
    await rules(product, { reorderPointMode: 'automatic' });
    await lab.suggest();
    expect(await point(product)).toBe('5.0000');
    expect((await policy(product)).reorderPoint).toEqual({ inForce: '5.0000', computed: null });
    await expect(apply(product)).rejects.toMatchObject({
      code: 'forecasts.too_little_history',
      errors: [{ pointer: '/items/0/productId' }],
    });
  });
});
