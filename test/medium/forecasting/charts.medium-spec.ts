import { randomUUID } from 'node:crypto';
import { ChartsRepository } from '../../../src/forecasting/charts/charts.repository.js';
import { ChartsService } from '../../../src/forecasting/charts/charts.service.js';
import type { ProductForecastDto } from '../../../src/forecasting/charts/charts.dto.js';
import { addDays } from '../../../src/kernel/time/zone.js';
import { everyElement, readXml } from '../../support/xml.js';
import { RunLab } from './run-lab.js';

let sut: ChartsService;
let repository: ChartsRepository;
let lab: RunLab;
let product: string;
let second: string;

const SPAN = { historyDays: 28 };
const DRAWING = { ...SPAN, width: 960, theme: 'auto' as const };
const REPORT = { limit: 50, charts: 10, paper: 'printer' as const };

const read = (id = product, store = lab.store): Promise<ProductForecastDto> => lab.run(() => sut.get(id, store, SPAN));
const dayOf = <T extends { date: string }>(days: T[], offset: number): T =>
  days.find(({ date }) => date === addDays(lab.today, offset))!;
const calendar = (rows: [offset: number, kind: string, store: string | null, product: string | null, value: number | null][]) =>
  lab.query(
    `INSERT INTO calendar_days (date, kind, store_id, product_id, value, name)
     SELECT $1::date + o, k, s, p, v, 'a day' FROM unnest($2::int[], $3::text[], $4::uuid[], $5::uuid[], $6::numeric[]) AS x (o, k, s, p, v)`,
    [lab.today, ...[0, 1, 2, 3, 4].map((column) => rows.map((row) => row[column]))],
  );

beforeAll(async () => {
  lab = await RunLab.open('charts');
  repository = new ChartsRepository(lab.db.unit);
  sut = new ChartsService(repository, lab.outlooks);
  second = await lab.newStore();
  product = await lab.newProduct({ reorder_point: 30, lead_time_days: 4 });
  await lab.sell(product, 60, () => 10);
  await lab.sell(product, 60, () => 3, second);
  await lab.move({ product, quantity: 45 });
});
afterAll(() => lab.close());

describe('the data of a chart', () => {
  it('should have the history, and say that there is no forecast yet', async () => {
    const { history, forecast, model, summary, stock } = await read();
    expect(history).toHaveLength(28);
    expect(history.every(({ quantity, price }) => quantity === '10.0000' && price === '1.0000')).toBe(true);
    expect(forecast).toHaveLength(28);
    expect(forecast[0]).toMatchObject({ date: lab.today, mean: null, stock: null });
    expect(model).toBeNull();
    expect(summary).toEqual({
      ...{ days: 0, expectedDemand: null, recentDemand: '280.0000', daysOfCover: null, stockOutDate: null },
      ...{ orderBy: null, suggestedOrder: null },
    });
    expect(stock).toEqual({ available: '45.0000', reorderPoint: '30.0000', leadTimeDays: 4 });
  });

  it('should have the forecast in force, the projected stock, and the end of it', async () => {
    const runId = await lab.forecast();
    const { forecast, model, summary } = await read();
    expect(model).toMatchObject({ runId, modelVersion: 'ensemble-2', model: expect.any(String), runMase: expect.any(Number) });
    const stored = (await lab.forecastsOf(runId, product)).filter(({ store_id }) => store_id === lab.store);
    expect(
      forecast.map(({ date, mean, q10, q50, q90, q95, q99 }) => [date, mean, [q10, q50, q90, q95, q99].map(Number)]),
    ).toEqual(stored.map(({ date, mean, quantiles }) => [date, mean.toFixed(4), quantiles]));
    expect(Number(summary.expectedDemand)).toBeCloseTo(280, -1);
    expect(summary.daysOfCover).toBeCloseTo(4.5, 0);
    expect(summary.stockOutDate).toBe(addDays(lab.today, 4));
    expect(summary.orderBy).toBe(lab.today);
    expect(forecast.slice(0, 6).map(({ stock }) => Math.round(Number(stock)))).toEqual([35, 25, 15, 5, 0, 0]);
  });

  it('should count what is on order, on its day', async () => {
    const [order] = await lab.query<{ id: string }>(
      `INSERT INTO suppliers (code, business_name) VALUES ('P', 'Polar') RETURNING id`,
    );
    await lab.query('UPDATE products SET supplier_id = $2 WHERE id = $1', [product, order!.id]);
    await lab.query(
      `WITH o AS (INSERT INTO purchase_orders (store_id, supplier_id, order_number, status, order_date, expected_date)
                  VALUES ($1, $2, 'X-1', 'sent', $3::date, $3::date + 2) RETURNING id)
       INSERT INTO purchase_order_items (purchase_order_id, line_number, product_id, quantity_ordered, unit_cost)
       SELECT id, 1, $4, 100, 1 FROM o`,
      [lab.store, order!.id, lab.today, product],
    );
    const { arrivals, forecast, summary } = await read();
    expect(arrivals).toEqual([{ date: addDays(lab.today, 2), quantity: '100.0000' }]);
    expect(Math.round(Number(forecast[2]!.stock))).toBe(115);
    expect(summary.stockOutDate).toBe(addDays(lab.today, 14));
  });

  it('should know promotions, prices, holidays and closed days, the particular before the general', async () => {
    await calendar([
      [3, 'promotion', null, null, 1],
      [3, 'promotion', lab.store, product, 0],
      [4, 'promotion', null, product, null],
      [5, 'price', null, product, 0.9],
      [5, 'price', second, product, 0.5],
      [6, 'holiday', lab.store, null, null],
      [7, 'closed', second, null, null],
      [-2, 'closed', lab.store, null, null],
    ]);
    const { forecast, history } = await read();
    expect(dayOf(forecast, 3)).toMatchObject({ promotion: false });
    expect(dayOf(forecast, 4)).toMatchObject({ promotion: true, closed: false, holiday: null, price: null });
    expect(dayOf(forecast, 5)).toMatchObject({ price: '0.9000' });
    expect(dayOf(forecast, 6)).toMatchObject({ holiday: 'a day' });
    expect(dayOf(forecast, 7)).toMatchObject({ closed: false });
    expect(dayOf(history, -2)).toMatchObject({ closed: true, quantity: '10.0000' });
    const other = await read(product, second);
    expect(dayOf(other.forecast, 5)).toMatchObject({ price: '0.5000' });
    expect(dayOf(other.forecast, 7)).toMatchObject({ closed: true });
  });

  it('should follow the ledger: balances and days out of stock', async () => {
    const scarce = await lab.newProduct({ reorder_point: 0 });
    await lab.move({ product: scarce, quantity: 12 });
    await lab.db.root.query(
      `SET session_replication_role = replica;
       UPDATE ${lab.db.acme.schema}.inventory_movements SET created_at = now() - interval '9 days' WHERE product_id = '${scarce}';
       SET session_replication_role = origin`,
    );
    await lab.move({ product: scarce, quantity: -12, type: 'out' });
    await lab.db.root.query(
      `SET session_replication_role = replica;
       UPDATE ${lab.db.acme.schema}.inventory_movements SET created_at = now() - interval '4 days' WHERE product_id = '${scarce}' AND quantity < 0;
       SET session_replication_role = origin`,
    );
    const { history, stock, summary } = await read(scarce);
    expect(history.slice(-10).map(({ stock: level }) => level && Number(level))).toEqual([null, 12, 12, 12, 12, 12, 0, 0, 0, 0]);
    expect(
      history
        .slice(-10)
        .map(({ stockout }) => Number(stockout))
        .join(''),
    ).toBe('0000001111');
    expect([stock?.available, summary.expectedDemand]).toEqual(['0.0000', null]);
  });

  it('should be there for a product that the store never had, and for nothing else', async () => {
    const unknown = await lab.newProduct();
    expect(await read(unknown)).toMatchObject({ stock: null, model: null, summary: { recentDemand: '0.0000' } });
    const missing = { status: 404, code: 'http.not_found' };
    await expect(read(randomUUID())).rejects.toMatchObject(missing);
    await expect(read(product, randomUUID())).rejects.toMatchObject(missing);
    await expect(lab.run(() => sut.get(product, second, SPAN), { stores: [lab.store] })).rejects.toMatchObject(missing);
    await expect(lab.db.as(lab.db.beta, () => sut.get(product, lab.store, SPAN))).rejects.toMatchObject(missing);
  });

  it('should read many in one statement, in the order that was asked for', async () => {
    const pairs = [second, lab.store, randomUUID()].map((storeId) => ({ productId: product, storeId }));
    const rows = await lab.run(() => repository.read(pairs, { today: lab.today, ...SPAN }, lab.db.acme.settings.timezone));
    expect(rows.map(({ storeId }) => storeId)).toEqual([second, lab.store]);
    expect(rows.map(({ demand }) => demand[0]![1])).toEqual([3, 10]);
  });
});

describe('a drawing', () => {
  it('should be one document, the same for the same data', async () => {
    const { text } = await lab.run(() => sut.draw(product, lab.store, DRAWING));
    expect(readXml(text)).toMatchObject({ name: 'svg', attributes: { width: '960' } });
    expect(await lab.run(() => sut.draw(product, lab.store, DRAWING))).toMatchObject({ text });
  });
});

describe('a report', () => {
  const report = async (query: object = {}, actor?: { stores: string[] }): Promise<string[]> => {
    const { text } = await lab.run(() => sut.report({ ...REPORT, ...query }), actor);
    const rows = everyElement(readXml(text)).filter(({ name }) => name === 'tr');
    return rows.slice(1).map((row) =>
      everyElement(row)
        .map(({ text: said }) => said)
        .join(' '),
    );
  };

  it('should begin with what runs out first, and hold to store, supplier and limit', async () => {
    const poor = await lab.newProduct({ reorder_point: 0, name: 'Poor' });
    await lab.sell(poor, 60, () => 5);
    await lab.move({ product: poor, quantity: 5 });
    await lab.move({ product, quantity: 5, store: second });
    await lab.forecast();
    const rows = await report();
    expect(rows).toHaveLength(3);
    expect(rows[0]).toContain('Poor');
    expect(await report({ limit: 1 })).toEqual([rows[0]]);
    expect(await report({ storeId: second })).toHaveLength(1);
    const [{ supplier_id: supplierId } = {}] = await lab.query<{ supplier_id: string }>(
      'SELECT supplier_id FROM products WHERE id = $1',
      [product],
    );
    expect(await report({ supplierId })).toHaveLength(2);
    expect(await report({ supplierId: randomUUID() })).toEqual([]);
    expect(await report({}, { stores: [second] })).toHaveLength(1);
  });

  it('should say the quantity of an open suggestion', async () => {
    await lab.query(
      `INSERT INTO reorder_suggestions (product_id, store_id, quantity, reason) VALUES ($1, $2, 24, 'below_reorder_point')`,
      [product, second],
    );
    // what another store can spare is not ordered
    await lab.query(
      `INSERT INTO reorder_suggestions (kind, product_id, store_id, from_store_id, quantity, reason) VALUES ('transfer', $1, $2, $3, 6, 'excess_elsewhere')`,
      [product, second, lab.store],
    );
    expect((await report({ storeId: second }))[0]).toMatch(/Pedir (hoy )?24 unidades/);
    expect((await read(product, second)).summary.suggestedOrder).toBe('24.0000');
  });

  it('should not show a store beyond the caller', async () => {
    await expect(report({ storeId: second }, { stores: [lab.store] })).rejects.toMatchObject({ status: 404 });
  });
});
