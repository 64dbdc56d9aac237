import { addDays } from '../../../src/kernel/time/zone.js';
import { RunLab } from './run-lab.js';

let sut: RunLab;
beforeAll(async () => {
  sut = await RunLab.open('forecast_alerts');
});
afterAll(() => sut.close());

/** A product that sells 10 a day and has `stock` units; its supplier takes 5 days. */
async function selling(stock: number): Promise<string> {
  const product = await sut.newProduct({ reorder_point: 0, lead_time_days: 5 });
  await sut.sell(product, 90, () => 10);
  await sut.move({ product, quantity: stock });
  return product;
}

const alertsOf = async (product: string) =>
  (await sut.alertsOf(product))
    .filter((alert) => alert.alert_type === 'forecast_alert')
    .map(({ status, resolution }) => [status, resolution]);
const review = () => sut.run(() => sut.reviews.review());

describe('forecast alerts', () => {
  it('should be raised at the end of a run for stock that ends before an order could arrive, and explain themselves', async () => {
    const [short, enough] = [await selling(30), await selling(80)];
    await sut.events('alert.raised');
    const { runId } = await sut.run(() => sut.runsService.start({}));
    await sut.drain();
    expect((await sut.shown(runId)).result).toMatchObject({ raised: 1, resolved: 0 });
    const [alert] = await sut.alertsOf(short);
    expect(alert).toMatchObject({ alert_type: 'forecast_alert', status: 'active', priority: 'medium' });
    expect(alert!.data).toMatchObject({
      available: '30.0000',
      onOrder: '0.0000',
      leadTimeDays: 5,
      arrivalDate: addDays(sut.today, 5),
    });
    const { stockOutDate, daysOfCover, expectedDemand } = alert!.data as Record<string, never>;
    expect([addDays(sut.today, 2), addDays(sut.today, 3)]).toContain(stockOutDate);
    expect(Math.round(Number(daysOfCover))).toBe(3);
    expect(expectedDemand).toMatch(/^\d+\.\d{4}$/);
    expect(Number(expectedDemand) / 50).toBeCloseTo(1, 1);
    expect(await alertsOf(enough)).toEqual([]);
    expect(await sut.events('alert.raised')).toMatchObject([
      { alerts: [{ id: alert!.id, type: 'forecast_alert', productId: short }] },
    ]);
    await review();
    expect(await alertsOf(short)).toEqual([['active', null]]);
    await sut.move({ product: short, quantity: 100 });
    await sut.jobs.sweep();
    expect(await alertsOf(short)).toEqual([['resolved', 'recovered']]);
  });

  it('should count what is on order when it comes in time', async () => {
    const product = await selling(30);
    await sut.forecast();
    expect(await alertsOf(product)).toEqual([['active', null]]);
    const [order] = await sut.query<{ id: string }>(
      `WITH supplier AS (INSERT INTO suppliers (code, business_name) VALUES ('SUP', 'Supplier') RETURNING id)
       INSERT INTO purchase_orders (store_id, supplier_id, order_number, status, order_date, expected_date)
       SELECT $1, id, 'OC-1', 'sent', $2, $3 FROM supplier RETURNING id`,
      [sut.store, sut.today, addDays(sut.today, 1)],
    );
    await sut.query(
      'INSERT INTO purchase_order_items (purchase_order_id, line_number, product_id, quantity_ordered, unit_cost) VALUES ($1, 1, $2, 40, 1)',
      [order!.id, product],
    );
    await review();
    expect(await alertsOf(product)).toEqual([['resolved', 'recovered']]);
    await sut.query('UPDATE purchase_orders SET expected_date = $2 WHERE id = $1', [order!.id, addDays(sut.today, 9)]);
    await review();
    expect(await alertsOf(product)).toEqual([
      ['resolved', 'recovered'],
      ['active', null],
    ]);
  });

  it('should stay dismissed until stock has recovered', async () => {
    const product = await selling(30);
    await sut.forecast();
    const [alert] = await sut.alertsOf(product);
    await sut.run(() => sut.service.dismiss(alert!.id));
    await review();
    expect(await alertsOf(product)).toEqual([['dismissed', 'dismissed']]);
    await sut.move({ product, quantity: 100 });
    await review();
    await sut.move({ product, quantity: -100 });
    await review();
    expect(await alertsOf(product)).toEqual([
      ['dismissed', 'recovered'],
      ['active', null],
    ]);
  });

  it('should be obsolete when the product is no longer sold', async () => {
    const product = await selling(30);
    await sut.forecast();
    await sut.query('UPDATE products SET is_active = false WHERE id = $1', [product]);
    await review();
    expect(await alertsOf(product)).toEqual([['resolved', 'obsolete']]);
  });

  it('should be raised once by two reviews at the same time', async () => {
    const product = await selling(500);
    await sut.forecast();
    await sut.move({ product, quantity: -470 });
    await Promise.all([review(), review(), review()]);
    expect(await alertsOf(product)).toEqual([['active', null]]);
  });
});
