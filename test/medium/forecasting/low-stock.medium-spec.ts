import { EventsRepository } from '../../../src/kernel/events/events.repository.js';
import type { LivePosition } from '../../../src/kernel/events/live-position.js';
import { AlertLab } from './alert-lab.js';

let sut: AlertLab;
beforeAll(async () => {
  sut = await AlertLab.open('low_stock');
});
afterAll(() => sut.db.close());

const statuses = async (product: string) => (await sut.alertsOf(product)).map((alert) => [alert.status, alert.resolution]);

describe('low-stock alerts', () => {
  it('should raise one when a movement brings stock below the reorder point, and tell it', async () => {
    const product = await sut.stocked();
    await sut.move({ product, quantity: -5 });
    await sut.work();
    expect(await sut.alertsOf(product)).toEqual([]);
    await sut.events('alert.raised');
    await sut.move({ product, quantity: -1 });
    await sut.work();
    const [alert] = await sut.alertsOf(product);
    expect(alert).toMatchObject({
      alert_type: 'low_stock',
      status: 'active',
      data: { available: '4.0000', reorderPoint: '5.0000', suggestedOrder: '1.0000' },
    });
    expect(alert!.title).toContain('Leche Entera Santa Bárbara: quedan 4');
    expect(await sut.events('alert.raised')).toEqual([
      { alerts: [{ id: alert!.id, type: 'low_stock', productId: product, storeId: sut.store, priority: alert!.priority }] },
    ]);
  });

  it('should raise one for a level changed by a superuser with another search path', async () => {
    const product = await sut.stocked();
    const { schema } = sut.db.acme;
    await sut.db.root.query(
      `BEGIN; SET LOCAL search_path = public;
       UPDATE ${schema}.inventory SET quantity_on_hand = 1 WHERE product_id = '${product}'; COMMIT`,
    );
    await sut.work();
    expect(await statuses(product)).toEqual([['active', null]]);
    await sut.db.root.query(`UPDATE ${schema}.inventory SET quantity_on_hand = 10 WHERE product_id = '${product}'`);
  });

  it('should raise one when the reorder point is raised, for the product or for one store', async () => {
    const [byProduct, byStore] = [await sut.stocked(), await sut.stocked()];
    await sut.query('UPDATE products SET reorder_point = 11 WHERE id = $1', [byProduct]);
    await sut.query('UPDATE inventory SET reorder_point = 12 WHERE product_id = $1', [byStore]);
    await sut.work();
    expect((await sut.alertsOf(byProduct)).map((alert) => alert.data)).toMatchObject([
      { available: '10.0000', reorderPoint: '11.0000' },
    ]);
    expect((await sut.alertsOf(byStore)).map((alert) => alert.data)).toMatchObject([
      { available: '10.0000', reorderPoint: '12.0000' },
    ]);
  });

  it('should raise one when a product whose stock is low becomes active again', async () => {
    const product = await sut.stocked({ is_active: false });
    await sut.move({ product, quantity: -9 });
    await sut.work();
    expect(await sut.alertsOf(product)).toEqual([]);
    await sut.query('UPDATE products SET is_active = true WHERE id = $1', [product]);
    await sut.work();
    expect(await statuses(product)).toEqual([['active', null]]);
  });

  it('should raise one of two handlers that work on the same crossing at once', async () => {
    const product = await sut.stocked();
    await sut.move({ product, quantity: -9 });
    await sut.told();
    await sut.events('alert.raised');
    const crossed = () => sut.run(() => sut.jobs.crossed({ products: [product], stores: [sut.store] }));
    const raised = await Promise.all([crossed(), crossed(), crossed(), crossed()]);
    expect(raised.reduce((sum, one) => sum + one.raised, 0)).toBe(1);
    expect(await statuses(product)).toEqual([['active', null]]);
    expect(await sut.events('alert.raised')).toHaveLength(1);
  });

  it('should resolve it when stock comes back, an acknowledged one too, and raise a new one later', async () => {
    const product = await sut.stocked();
    await sut.move({ product, quantity: -9 });
    await sut.work();
    const [alert] = await sut.alertsOf(product);
    await sut.run(() => sut.service.acknowledge(alert!.id));
    await sut.move({ product, quantity: 4 });
    await sut.work();
    expect(await statuses(product)).toEqual([['resolved', 'recovered']]);
    await sut.move({ product, quantity: -1 });
    await sut.work();
    expect(await statuses(product)).toEqual([
      ['resolved', 'recovered'],
      ['active', null],
    ]);
  });

  it('should keep it open within the hysteresis', async () => {
    await sut.query(`UPDATE settings SET value = '20' WHERE key = 'alerts.hysteresis_percent'`);
    const product = await sut.stocked();
    await sut.move({ product, quantity: -9 });
    await sut.work();
    await sut.move({ product, quantity: 4.5 });
    await sut.work();
    expect(await statuses(product)).toEqual([['active', null]]);
    await sut.move({ product, quantity: 0.5 });
    await sut.work();
    await sut.query(`UPDATE settings SET value = '0' WHERE key = 'alerts.hysteresis_percent'`);
    expect(await statuses(product)).toEqual([['resolved', 'recovered']]);
  });

  it('should end as obsolete when the product is deactivated', async () => {
    const product = await sut.stocked();
    await sut.move({ product, quantity: -9 });
    await sut.work();
    await sut.query('UPDATE products SET is_active = false WHERE id = $1', [product]);
    await sut.work();
    expect(await statuses(product)).toEqual([['resolved', 'obsolete']]);
  });

  it('should be found by the sweep when its job was lost, and resolved when the recovery was', async () => {
    const product = await sut.stocked();
    await sut.move({ product, quantity: -9 });
    await sut.told();
    await sut.jobs.sweep();
    expect(await statuses(product)).toEqual([['active', null]]);
    await sut.move({ product, quantity: 9 });
    await sut.told();
    await sut.jobs.sweep();
    expect(await statuses(product)).toEqual([['resolved', 'recovered']]);
  });

  it('should follow the stock as long as it is open, without being told again, and rest when nothing has changed', async () => {
    const product = await sut.stocked();
    await sut.move({ product, quantity: -6 });
    await sut.work();
    const [raised] = await sut.alertsOf(product);
    await sut.run(() => sut.service.acknowledge(raised!.id));
    await sut.move({ product, quantity: -4 });
    await sut.work();
    await sut.events('alert.raised');
    await expect(sut.jobs.sweep()).resolves.toMatchObject({ raised: 0, changed: 1 });
    const [followed, ...others] = await sut.alertsOf(product);
    expect(others).toEqual([]);
    expect(followed).toMatchObject({ id: raised!.id, status: 'acknowledged', priority: 'critical' });
    expect(followed!.data).toMatchObject({ available: '0.0000', suggestedOrder: '5.0000', priority: 'critical' });
    expect(followed!.title).toContain('quedan 0');
    expect(followed!.updated_at.getTime()).toBeGreaterThan(raised!.updated_at.getTime());
    await expect(sut.jobs.sweep()).resolves.toMatchObject({ raised: 0, changed: 0 });
    await expect(sut.run(() => sut.jobs.refresh())).resolves.toEqual({ changed: 0 });
    expect((await sut.alertsOf(product))[0]!.updated_at).toEqual(followed!.updated_at);
    expect(await sut.events('alert.raised')).toEqual([]);
  });

  it('should learn of sales that came in after it, and leave those that were ended', async () => {
    const [product, ended] = [await sut.stocked(), await sut.stocked()];
    await sut.move({ product, quantity: -6 }, { product: ended, quantity: -6 });
    await sut.work();
    const [left] = await sut.alertsOf(ended);
    await sut.run(() => sut.service.resolve(left!.id));
    expect((await sut.alertsOf(product))[0]).toMatchObject({
      priority: 'low',
      data: { dailyDemand: null, daysOfCover: null },
    });
    await sut.query(
      `WITH sale AS (INSERT INTO sales (store_id, business_date, source) VALUES ($1, current_date, 'import') RETURNING id)
       INSERT INTO sale_items (sale_id, line_number, product_id, quantity, unit_price, net_total, moves_stock)
       SELECT sale.id, x.n, x.product, 56, 1, 56, false FROM sale, unnest($2::uuid[]) WITH ORDINALITY AS x (product, n)`,
      [sut.store, [product, ended]],
    );
    await expect(sut.run(() => sut.jobs.refresh())).resolves.toEqual({ changed: 1 });
    const [alert] = await sut.alertsOf(product);
    expect(alert).toMatchObject({ priority: 'high', data: { dailyDemand: '2.0000', daysOfCover: 2, suggestedOrder: '29.0000' } });
    expect(alert!.description).toContain('Alcanza para unos 2 días');
    expect((await sut.alertsOf(ended))[0]!.data).toMatchObject({ dailyDemand: null });
  });

  it('should not say that stock is below its point when it is back within the hysteresis', async () => {
    await sut.query(`UPDATE settings SET value = '20' WHERE key = 'alerts.hysteresis_percent'`);
    const product = await sut.stocked();
    await sut.move({ product, quantity: -9 });
    await sut.work();
    await sut.move({ product, quantity: 4.5 });
    await sut.jobs.sweep();
    const [alert] = await sut.alertsOf(product);
    expect(alert).toMatchObject({ status: 'active', data: { available: '5.5000' } });
    expect(alert!.description).toContain('Apenas de vuelta en el punto de reorden de 5.');
    await sut.query(`UPDATE settings SET value = '0' WHERE key = 'alerts.hysteresis_percent'`);
  });

  it('should stay dismissed until stock has recovered', async () => {
    const product = await sut.stocked();
    await sut.move({ product, quantity: -9 });
    await sut.work();
    const [alert] = await sut.alertsOf(product);
    await sut.run(() => sut.service.dismiss(alert!.id));
    await sut.jobs.sweep();
    await sut.move({ product, quantity: -0.5 });
    await sut.work();
    await sut.jobs.sweep();
    expect(await statuses(product)).toEqual([['dismissed', 'dismissed']]);
    await sut.move({ product, quantity: 9 });
    await sut.work();
    await sut.move({ product, quantity: -9 });
    await sut.work();
    expect(await statuses(product)).toEqual([
      ['dismissed', 'recovered'],
      ['active', null],
    ]);
  });

  it('should belong to its tenant and, for people held to some stores, to their stores', async () => {
    const product = await sut.stocked();
    await sut.move({ product, quantity: -9 });
    await sut.work();
    const [alert] = await sut.alertsOf(product);
    const elsewhere = await sut.newStore();
    await expect(sut.run(() => sut.service.get(alert!.id), { stores: [elsewhere] })).rejects.toMatchObject({ status: 404 });
    await expect(sut.db.as(sut.db.beta, () => sut.service.get(alert!.id))).rejects.toMatchObject({ status: 404 });
    const page = await sut.run(() => sut.service.list({ productId: product, limit: 5 }), { stores: [sut.store] });
    expect(page.data.map((one) => one.id)).toEqual([alert!.id]);
  });

  it('should be found behind a position by what was committed after it, whatever its id, and be told', async () => {
    const [early, late] = [await sut.stocked(), await sut.stocked()];
    await sut.move({ product: early, quantity: -9 }, { product: late, quantity: -9 });
    await sut.told();
    const raise = (product: string) => sut.run(() => sut.jobs.crossed({ products: [product], stores: [sut.store] }));
    const events = new EventsRepository(sut.db.unit);
    const before = await sut.run(() => events.position());
    const changes = (position: LivePosition, from = '00000000-0000-0000-0000-000000000000') =>
      sut.run(async () => (await sut.repository.changes(position, from, null, 50)).map((alert) => alert.productId));
    let position = before;
    await sut.run(() =>
      sut.db.unit.transaction(async () => {
        // written first, committed last
        await sut.jobs.crossed({ products: [late], stores: [sut.store] });
        await raise(early);
        position = await sut.run(() => events.position());
        expect(await changes(before)).toEqual([early]);
      }),
    );
    expect(await changes(position)).toContain(late);
    const after = await sut.run(() => events.position());
    expect(await changes(after)).toEqual([]);
    await sut.events('alert.changed');
    const [alert] = await sut.alertsOf(late);
    await sut.run(() => sut.service.dismiss(alert!.id));
    expect(await changes(after)).toEqual([late]);
    expect(await sut.events('alert.changed')).toEqual([{ alerts: [{ id: alert!.id, status: 'dismissed' }] }]);
    await sut.move({ product: early, quantity: 20 });
    await sut.work();
    expect(await sut.events('alert.changed')).toMatchObject([{ alerts: [{ status: 'resolved' }] }]);
  });
});
