import { addDays } from '../../../src/kernel/time/zone.js';
import { RunLab } from './run-lab.js';

let sut: RunLab;
beforeAll(async () => {
  sut = await RunLab.open('alert_review');
});
afterAll(() => sut.close());

const ago = (days: number) => addDays(sut.today, -days);
const review = () => sut.run(() => sut.reviews.review());

const alertOf = async (product: string, type: string) =>
  (await sut.alertsOf(product)).filter((alert) => alert.alert_type === type).at(-1);
const statesOf = async (product: string, type: string) =>
  (await sut.alertsOf(product))
    .filter((alert) => alert.alert_type === type)
    .map(({ status, resolution }) => [status, resolution]);

/** A run that saw everything up to a day, and the same forecast for each of the 28 days behind it. */
async function forecastOf(product: string, asOf: string, mean: number, store: string = sut.store): Promise<void> {
  await sut.query(
    `WITH run AS (INSERT INTO forecast_runs (status, phase, as_of, filters, started_at, finished_at)
       VALUES ('completed', 'ended', $3::date, jsonb_build_object('productIds', jsonb_build_array($1::text)), now(), $3::date + interval '1 day 6 hours')
       RETURNING id),
     in_force AS (INSERT INTO forecast_series AS s (product_id, store_id, run_id, as_of, last_day, read_at, lead_time_days, daily_mean, model_version)
       SELECT $1::uuid, $2::uuid, run.id, $3::date, $3::date + 28, $3::date + interval '1 day 6 hours', 7, $4, 'test' FROM run
       ON CONFLICT (product_id, store_id) DO UPDATE SET run_id = excluded.run_id, as_of = excluded.as_of, last_day = excluded.last_day,
          read_at = excluded.read_at, daily_mean = excluded.daily_mean WHERE excluded.as_of >= s.as_of)
     INSERT INTO forecasts (run_id, product_id, store_id, forecast_date, horizon, predicted_value, q10, q50, q90, q95, q99, model_version, made_at)
     SELECT run.id, $1::uuid, $2::uuid, $3::date + h, h, $4, $4 * 0.7, $4, $4 * 1.3, $4 * 1.4, $4 * 1.6, 'test', $3::date + interval '1 day 6 hours'
       FROM run, generate_series(1, 28) h`,
    [product, store, asOf, mean],
  );
}

/** Stock as a count long ago left it: older than anything that is looked at. */
async function held(quantity: number, days: number, columns: Record<string, unknown> = {}): Promise<string> {
  const product = await sut.newProduct({ reorder_point: 0, cost_price: 2, ...columns });
  await sut.query(
    `INSERT INTO inventory_movements (id, product_id, store_id, movement_type, kind, quantity, created_at)
     SELECT ext.uuid_v7(t), $1, $2, 'in', 'received', $3, t FROM (SELECT $4::date + interval '16 hours' AS t) x`,
    [product, sut.store, quantity, ago(days)],
  );
  await sut.told();
  return product;
}

const setRule = (code: string, columns: Record<string, unknown>) =>
  sut.query(
    `UPDATE alert_rules SET ${Object.keys(columns)
      .map((name, i) => `${name} = $${i + 2}`)
      .join(', ')} WHERE code = $1`,
    [code, ...Object.values(columns)],
  );
const addRule = (refines: string, scope: Record<string, unknown>, more: Record<string, unknown> = {}) => {
  const row = { code: `${refines}-${Math.random()}`.slice(0, 60), name: refines, refines, ...scope, ...more };
  const names = Object.keys(row);
  return sut.query(
    `INSERT INTO alert_rules (${names.join(', ')}, alert_type)
     SELECT ${names.map((name, i) => `$${i + 1}${name.endsWith('_id') ? '::uuid' : name === 'parameters' ? '::jsonb' : ''}`).join(', ')}, alert_type
       FROM alert_rules WHERE code = '${refines}'`,
    Object.values(row),
  );
};

describe('overstock alerts', () => {
  it('should say how much is too much, what it costs and how long it lasts', async () => {
    const product = await held(500, 30);
    await forecastOf(product, ago(1), 2);
    await sut.events('alert.raised');
    await expect(review()).resolves.toMatchObject({ raised: 1 });
    const alert = await alertOf(product, 'overstock');
    expect(alert).toMatchObject({
      status: 'active',
      priority: 'medium',
      title: 'Leche Entera Santa Bárbara: sobran 320 en ' + (await storeName()),
      data: {
        reason: 'too_much_cover',
        available: '500.0000',
        onOrder: '0.0000',
        dailyDemand: '2.0000',
        daysOfCover: 250,
        coverDays: 90,
        limit: '180.0000',
        excess: '320.0000',
        excessCost: '640.0000',
        excessDays: 160,
        unitCost: '2.000000',
        currency: 'USD',
      },
    });
    expect(alert!.description).toContain('Exceso: 320, 160 días de venta, 640 USD al costo.');
    expect(await sut.events('alert.raised')).toMatchObject([
      { alerts: [{ id: alert!.id, type: 'overstock', productId: product }] },
    ]);
  });

  it('should take the maximum that was set, follow the stock as the sweep does, and end below the hysteresis', async () => {
    const product = await held(100, 30, { max_stock_level: 50 });
    await review();
    expect((await alertOf(product, 'overstock'))!.data).toMatchObject({ reason: 'above_maximum', excess: '50.0000' });
    await sut.move({ product, quantity: -30 });
    await sut.jobs.sweep();
    const open = await alertOf(product, 'overstock');
    expect(open).toMatchObject({ status: 'active', priority: 'low', data: { available: '70.0000', excess: '20.0000' } });
    await expect(review()).resolves.toEqual({ raised: 0, resolved: 0, changed: 0 });
    expect((await alertOf(product, 'overstock'))!.updated_at).toEqual(open!.updated_at);
    await sut.move({ product, quantity: -22 });
    await sut.jobs.sweep();
    expect(await statesOf(product, 'overstock')).toEqual([['active', null]]);
    await sut.events('alert.changed');
    await sut.move({ product, quantity: -4 });
    await sut.jobs.sweep();
    expect(await statesOf(product, 'overstock')).toEqual([['resolved', 'recovered']]);
    expect(await sut.events('alert.changed')).toEqual([{ alerts: [{ id: open!.id, status: 'resolved' }] }]);
  });

  it('should follow the rule of product, category and store before that of the company', async () => {
    const [food, dairy] = await sut.query<{ id: string }>(
      `INSERT INTO categories (code, name) VALUES ('FOOD', 'Food'), ('DAIRY', 'Dairy') RETURNING id`,
    );
    await sut.query('UPDATE categories SET parent_id = $2 WHERE id = $1', [dairy!.id, food!.id]);
    const [inDairy, own, muted, cheap] = [
      await held(100, 30, { category_id: dairy!.id }),
      await held(100, 30, { category_id: dairy!.id }),
      await held(100, 30, { category_id: dairy!.id }),
      await held(100, 30),
    ];
    for (const product of [inDairy, own, muted, cheap]) await forecastOf(product, ago(1), 2);
    await review();
    for (const product of [inDairy, own, muted, cheap]) expect(await statesOf(product, 'overstock')).toEqual([]);
    await addRule('overstock', { category_id: food!.id }, { parameters: { coverDays: 30 }, priority: 'critical' });
    await addRule('overstock', { product_id: own }, { parameters: { coverDays: 60 } });
    await addRule('overstock', { product_id: muted, store_id: sut.store }, { is_muted: true });
    await addRule('overstock', { store_id: sut.store }, { parameters: { coverDays: 30, minimumValue: '80.01' } });
    await review();
    expect(await alertOf(inDairy, 'overstock')).toMatchObject({
      priority: 'critical',
      data: { coverDays: 30, excess: '40.0000' },
    });
    for (const product of [own, muted, cheap]) expect(await statesOf(product, 'overstock')).toEqual([]);
    await sut.query(`UPDATE alert_rules SET is_muted = true WHERE category_id = $1`, [food!.id]);
    await review();
    expect(await statesOf(inDairy, 'overstock')).toEqual([['resolved', 'obsolete']]);
    await sut.query('UPDATE alert_rules SET is_active = false WHERE store_id = $1', [sut.store]);
  });

  it('should pass to another rule without being raised again', async () => {
    const product = await held(500, 30);
    await forecastOf(product, ago(1), 2);
    await review();
    await addRule('overstock', { product_id: product }, { parameters: { coverDays: 200 } });
    await review();
    expect(await statesOf(product, 'overstock')).toEqual([['active', null]]);
    expect((await alertOf(product, 'overstock'))!.data).toMatchObject({ coverDays: 200, excess: '100.0000' });
  });

  it('should be raised once by reviews that meet, and again only when a dismissed one is over', async () => {
    const product = await held(500, 30);
    await forecastOf(product, ago(1), 2);
    const done = await Promise.all([review(), review(), review()]);
    expect(done.reduce((sum, one) => sum + one.raised, 0)).toBe(1);
    expect(await statesOf(product, 'overstock')).toEqual([['active', null]]);
    const { id } = (await alertOf(product, 'overstock'))!;
    await sut.run(() => sut.service.dismiss(id));
    await review();
    expect(await statesOf(product, 'overstock')).toEqual([['dismissed', 'dismissed']]);
    await sut.move({ product, quantity: -400 });
    await review();
    await sut.move({ product, quantity: 400 });
    await review();
    expect(await statesOf(product, 'overstock')).toEqual([
      ['dismissed', 'recovered'],
      ['active', null],
    ]);
  });

  it('should not be raised by a rule that is switched off, and end as obsolete with it or with its product', async () => {
    const [product, gone] = [await held(500, 30), await held(500, 30)];
    for (const one of [product, gone]) await forecastOf(one, ago(1), 2);
    await setRule('overstock', { is_active: false });
    await review();
    expect(await statesOf(product, 'overstock')).toEqual([]);
    await setRule('overstock', { is_active: true });
    await review();
    await sut.query('UPDATE products SET is_active = false WHERE id = $1', [gone]);
    await review();
    expect(await statesOf(gone, 'overstock')).toEqual([['resolved', 'obsolete']]);
    await setRule('overstock', { is_active: false });
    await review();
    expect(await statesOf(product, 'overstock')).toEqual([['resolved', 'obsolete']]);
    await setRule('overstock', { is_active: true });
  });
});

describe('slow-moving alerts', () => {
  it('should say since when nothing is sold and what is tied up, and end with a sale', async () => {
    const [idle, fresh, restocked] = [await held(20, 300), await held(20, 60), await held(20, 300)];
    await sut.sell(idle, 200, (days) => (days === 190 ? 3 : 0));
    await sut.query(
      `INSERT INTO inventory_movements (id, product_id, store_id, movement_type, kind, quantity, created_at)
       SELECT ext.uuid_v7(t), $1, $2, CASE WHEN q < 0 THEN 'out' ELSE 'in' END, CASE WHEN q < 0 THEN 'sold' ELSE 'received' END, q, t
         FROM (VALUES (-20, $3::date + interval '16 hours'), (20, $4::date + interval '16 hours')) AS x (q, t)`,
      [restocked, sut.store, ago(200), ago(20)],
    );
    await review();
    expect(await alertOf(idle, 'slow_moving')).toMatchObject({
      status: 'active',
      priority: 'medium',
      title: 'Leche Entera Santa Bárbara: 190 días sin venderse en ' + (await storeName()),
      data: {
        reason: 'no_sales',
        onHand: '20.0000',
        idleDays: 190,
        lastSoldOn: ago(190),
        heldSince: ago(300),
        value: '40.0000',
        days: 90,
      },
    });
    expect((await alertOf(idle, 'slow_moving'))!.description).toContain('Inmoviliza 40 USD.');
    for (const product of [fresh, restocked]) expect(await statesOf(product, 'slow_moving')).toEqual([]);
    await sut.sell(idle, 5, (days) => (days === 2 ? 9 : 0));
    await sut.run(() => sut.jobs.refresh());
    expect(await statesOf(idle, 'slow_moving')).toEqual([['resolved', 'recovered']]);
  });

  it('should find what sells so little that it lasts for years, and follow the thresholds of its rule', async () => {
    const product = await held(50, 300);
    await sut.sell(product, 80, (days) => (days === 10 || days === 70 ? 1 : 0));
    await review();
    expect(await alertOf(product, 'slow_moving')).toMatchObject({
      data: { reason: 'hardly_any_sales', soldUnits: '2.0000', daysOfCover: 2250, lastSoldOn: ago(10) },
    });
    await addRule('slow_moving', { product_id: product }, { parameters: { days: 60, coverDays: 3650 } });
    await review();
    expect(await statesOf(product, 'slow_moving')).toEqual([['resolved', 'recovered']]);
  });
});

describe('demand-spike alerts', () => {
  /** A product that was expected to sell 10 a day, and sold so much on each of the last three. */
  async function sold(units: number): Promise<string> {
    const product = await held(1000, 400, { max_stock_level: 100_000, lead_time_days: 5 });
    await forecastOf(product, ago(4), 10);
    await forecastOf(product, ago(1), 30);
    await sut.sell(product, 30, (days) => (days <= 3 ? units : 10));
    return product;
  }

  it('should compare sales with what was forecast before them', async () => {
    const [spike, usual] = [await sold(30), await sold(13)];
    await review();
    const alert = await alertOf(spike, 'demand_spike');
    expect(alert).toMatchObject({
      status: 'active',
      priority: 'low',
      data: {
        from: ago(3),
        to: ago(1),
        days: 3,
        sold: '90.0000',
        expected: '30.0000',
        ratio: 3,
        quantilePercent: 99,
        daysAtThisPace: 33.3,
        explained: [],
      },
    });
    expect(Number(alert!.data.quantile)).toBeCloseTo(30 + 6 * Math.sqrt(3), 3);
    expect(alert!.title).toContain('90 vendidos en');
    expect(alert!.title).toContain('3 veces lo previsto');
    expect(await statesOf(usual, 'demand_spike')).toEqual([]);
    await expect(review()).resolves.toEqual({ raised: 0, resolved: 0, changed: 0 });
  });

  it('should not take promotions and holidays for spikes, and end when the calendar explains it', async () => {
    const [promoted, late] = [await sold(30), await sold(30)];
    const days = `SELECT d FROM generate_series($2::date, $3::date, interval '1 day') d`;
    const promote = (product: string) =>
      sut.query(
        `INSERT INTO calendar_days (date, kind, product_id, store_id) SELECT d, 'promotion', $1, NULL FROM (${days}) x (d)`,
        [product, ago(3), ago(1)],
      );
    await promote(promoted);
    await review();
    expect(await statesOf(promoted, 'demand_spike')).toEqual([]);
    expect(await statesOf(late, 'demand_spike')).toEqual([['active', null]]);
    await promote(late);
    await sut.run(() => sut.jobs.refresh());
    expect(await statesOf(late, 'demand_spike')).toEqual([['resolved', 'recovered']]);
    const partly = await sold(30);
    await sut.query(`INSERT INTO calendar_days (date, kind, name) VALUES ($1, 'holiday', 'Batalla')`, [ago(2)]);
    await review();
    const alert = await alertOf(partly, 'demand_spike');
    expect(alert!.data).toMatchObject({
      days: 1,
      sold: '30.0000',
      explained: [{ day: ago(2), kind: 'holiday', name: 'Batalla' }],
    });
    expect(alert!.description).toContain('Sin contar: feriado Batalla');
    await sut.query(`DELETE FROM calendar_days WHERE kind = 'holiday'`);
  });

  it('should end by itself when the days have passed, and ask a rule for its own days', async () => {
    const product = await sold(30);
    await addRule('demand_spike', { product_id: product }, { parameters: { days: 1 } });
    await forecastOf(product, ago(2), 28);
    await review();
    expect(await statesOf(product, 'demand_spike')).toEqual([]);
    await sut.query('DELETE FROM alert_rules WHERE product_id = $1', [product]);
    await review();
    expect(await statesOf(product, 'demand_spike')).toEqual([['active', null]]);
    await sut.query(
      `UPDATE sales SET business_date = business_date - 3 WHERE id IN (SELECT sale_id FROM sale_items WHERE product_id = $1)`,
      [product],
    );
    await review();
    expect(await statesOf(product, 'demand_spike')).toEqual([['resolved', 'recovered']]);
  });
});

describe('stock-out alerts', () => {
  it('should be assessed again as long as they are open, and tell what comes and how probable it is', async () => {
    const product = await held(30, 400, { lead_time_days: 5 });
    await forecastOf(product, ago(1), 10);
    await review();
    const alert = await alertOf(product, 'forecast_alert');
    expect(alert).toMatchObject({
      status: 'active',
      priority: 'medium',
      data: {
        expectedDemand: '50.0000',
        supply: '30.0000',
        probability: 0.9,
        nextArrival: null,
        stockOutDate: addDays(sut.today, 3),
      },
    });
    const [supplier] = await sut.query<{ id: string }>(
      `INSERT INTO suppliers (code, business_name) VALUES ('SUP', 'Supplier') RETURNING id`,
    );
    const [order] = await sut.query<{ id: string }>(
      `INSERT INTO purchase_orders (store_id, supplier_id, order_number, status, order_date, expected_date)
       VALUES ($1, $2, 'OC-1', 'sent', $3, $4) RETURNING id`,
      [sut.store, supplier!.id, sut.today, addDays(sut.today, 9)],
    );
    await sut.query(
      'INSERT INTO purchase_order_items (purchase_order_id, line_number, product_id, quantity_ordered, unit_cost) VALUES ($1, 1, $2, 40, 1)',
      [order!.id, product],
    );
    await sut.move({ product, quantity: -20 });
    await sut.jobs.sweep();
    const changed = await alertOf(product, 'forecast_alert');
    expect(changed).toMatchObject({
      id: alert!.id,
      priority: 'high',
      data: {
        available: '10.0000',
        onOrder: '40.0000',
        nextArrival: { day: addDays(sut.today, 9), quantity: '40.0000' },
        stockOutDate: addDays(sut.today, 1),
      },
    });
    expect(changed!.description).toContain('Los próximos 40 se esperan el');
    await sut.move({ product, quantity: 41 });
    await sut.jobs.sweep();
    expect(await statesOf(product, 'forecast_alert')).toEqual([['active', null]]);
    await sut.move({ product, quantity: 4 });
    await sut.jobs.sweep();
    expect(await statesOf(product, 'forecast_alert')).toEqual([['resolved', 'recovered']]);
  });

  it('should follow their rule', async () => {
    const product = await held(52, 400, { lead_time_days: 5 });
    await forecastOf(product, ago(1), 10);
    await review();
    expect(await statesOf(product, 'forecast_alert')).toEqual([]);
    await addRule('stockout_before_lead_time', { product_id: product }, { parameters: { extraDays: 2 } });
    await review();
    expect(await statesOf(product, 'forecast_alert')).toEqual([['active', null]]);
  });
});

describe('low-stock rules', () => {
  it('should keep silent what is muted, end what they no longer want, and have their own hysteresis', async () => {
    const [muted, steady] = [await sut.stocked(), await sut.stocked()];
    await addRule('low_stock', { product_id: muted }, { is_muted: true });
    await addRule('low_stock', { product_id: steady }, { parameters: { hysteresisPercent: 50 }, priority: 'critical' });
    await sut.move({ product: muted, quantity: -9 }, { product: steady, quantity: -9 });
    await sut.work();
    await sut.jobs.sweep();
    expect(await statesOf(muted, 'low_stock')).toEqual([]);
    expect(await alertOf(steady, 'low_stock')).toMatchObject({ status: 'active', priority: 'critical' });
    await sut.move({ product: steady, quantity: 5 });
    await sut.work();
    await sut.jobs.sweep();
    expect(await statesOf(steady, 'low_stock')).toEqual([['active', null]]);
    await sut.query('UPDATE alert_rules SET is_muted = true WHERE product_id = $1', [steady]);
    await sut.run(() => sut.jobs.refresh());
    expect(await statesOf(steady, 'low_stock')).toEqual([['resolved', 'obsolete']]);
  });
});

async function storeName(): Promise<string> {
  const [row] = await sut.query<{ name: string }>('SELECT name FROM stores WHERE id = $1', [sut.store]);
  return row!.name;
}
