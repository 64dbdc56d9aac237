import { jest } from '@jest/globals';
import { ENGINE_VERSION } from '../../../src/forecasting/engine/series.js';
import { historySpan } from '../../../src/forecasting/runs/series-input.js';
import { addDays } from '../../../src/kernel/time/zone.js';
import { RunLab } from './run-lab.js';

let sut: RunLab;
let second: string;
let fast: string;
let slow: string;
let rare: string;

const inForce = async (product?: string) => {
  const rows = await sut.query<{ product_id: string; store_id: string; run_id: string; last: string }>(
    `SELECT product_id, store_id, run_id, to_char(max(forecast_date), 'YYYY-MM-DD') AS last FROM current_forecasts
      WHERE $1::uuid IS NULL OR product_id = $1 GROUP BY 1, 2, 3 ORDER BY 1, 2`,
    [product ?? null],
  );
  return new Map(rows.map((row) => [`${row.product_id}/${row.store_id}`, row]));
};
const runOf = async (product: string, store = sut.store) => (await inForce(product)).get(`${product}/${store}`)?.run_id;

/** Lets days pass since the forecasts in force were made: they are as old as if they had been made then. */
async function age(days: number): Promise<void> {
  const { schema } = sut.db.acme;
  await sut.db.root.query(
    `SET session_replication_role = replica;
     UPDATE ${schema}.forecast_series SET as_of = as_of - ${days}, last_day = last_day - ${days}, read_at = read_at - interval '${days} days';
     UPDATE ${schema}.forecast_runs SET as_of = as_of - ${days};
     UPDATE ${schema}.forecasts SET forecast_date = forecast_date - ${days};
     UPDATE ${schema}.calendar_changes SET noted_at = noted_at - interval '${days} days';
     UPDATE ${schema}.sales SET business_date = business_date - ${days}, recorded_at = recorded_at - interval '${days} days', updated_at = updated_at - interval '${days} days';
     UPDATE ${schema}.inventory SET last_movement_at = last_movement_at - interval '${days} days';
     SET session_replication_role = origin`,
  );
}

/** What was written down so far was so an hour ago: whatever is newer may have been committed behind a run's read. */
async function anHourLater(): Promise<void> {
  const { schema } = sut.db.acme;
  await sut.db.root.query(
    `SET session_replication_role = replica;
     UPDATE ${schema}.sales SET recorded_at = recorded_at - interval '1 hour', updated_at = updated_at - interval '1 hour';
     UPDATE ${schema}.calendar_changes SET noted_at = noted_at - interval '1 hour';
     UPDATE ${schema}.inventory SET last_movement_at = last_movement_at - interval '1 hour';
     SET session_replication_role = origin`,
  );
}

/** What a run of a night would forecast anew, and why. */
async function changed(): Promise<Record<string, string>> {
  const horizon = { horizonDays: 28 };
  const rows = await sut.run(() => sut.changes.changed(historySpan(addDays(sut.today, -1)), {}, horizon, ENGINE_VERSION));
  const names = new Map([
    [fast, 'fast'],
    [slow, 'slow'],
    [rare, 'rare'],
  ]);
  return Object.fromEntries(
    rows.map((row) => [`${names.get(row.productId) ?? row.productId}/${row.storeId === second ? 2 : 1}`, row.reason]),
  );
}

/** A night's run of what has changed. */
async function night(day: string): Promise<string | null> {
  await anHourLater();
  const runId = await sut.run(() => sut.nightly.start(day));
  await sut.drain();
  return runId;
}

const MONDAY = '2026-11-23';
const SUNDAY = '2026-11-22';

beforeEach(async () => {
  sut = await RunLab.open('forecast_changes');
  second = await sut.newStore();
  [fast, slow, rare] = [await sut.newProduct(), await sut.newProduct(), await sut.newProduct()];
  for (const store of [sut.store, second]) {
    // none of them sold in the last two days but fast
    await sut.sell(fast, 90, () => 6, store);
    await sut.sell(slow, 90, (ago) => (ago > 2 && ago % 4 === 0 ? 2 : 0), store);
    await sut.sell(rare, 90, (ago) => (ago > 2 && ago % 30 === 0 ? 1 : 0), store);
  }
  await anHourLater();
}, 60_000);
afterEach(async () => {
  jest.restoreAllMocks();
  await sut.close();
});

describe('a nightly run', () => {
  it('should be of everything the first time, and reach a week beyond the horizon', async () => {
    const runId = await night(MONDAY);
    expect(await sut.runRow(runId!)).toMatchObject({
      status: 'completed',
      mode: 'full',
      trigger: 'schedule',
      series_total: 6,
      series_kept: 0,
    });
    const rows = await inForce();
    expect(rows.size).toBe(6);
    for (const row of rows.values()) expect(row).toMatchObject({ run_id: runId, last: addDays(sut.today, 27 + 7) });
    expect(await changed()).toEqual({});
    expect(await night(MONDAY)).toBeNull();
  });

  it('should forecast anew what has sold, and keep the rest in force', async () => {
    const first = await night(MONDAY);
    await age(2);
    await sut.sell(fast, 2, () => 7, second);
    expect(await changed()).toEqual({ 'fast/2': 'sales' });
    const runId = await night(MONDAY);
    expect(await sut.runRow(runId!)).toMatchObject({
      mode: 'changed',
      series_total: 1,
      series_done: 1,
      series_kept: 5,
      metrics: { reasons: { sales: 1 }, scored: 1 },
    });
    expect(await runOf(fast, second)).toBe(runId);
    expect(await runOf(slow, second)).toBe(first);
    expect(await runOf(rare)).toBe(first);
    // what is kept still covers the horizon
    for (const { last } of (await inForce()).values()) expect(last >= addDays(sut.today, 27)).toBe(true);
    expect((await sut.shown(runId!)).result).toMatchObject({ series: 1, kept: 5 });
  });

  it('should see a sale that was written down late, or voided, whatever its day', async () => {
    await night(MONDAY);
    await age(1);
    await sut.query(
      `WITH s AS (INSERT INTO sales (store_id, business_date, source, created_at) VALUES ($1, $2::date, 'import', $2::date) RETURNING id)
       INSERT INTO sale_items (sale_id, line_number, product_id, quantity, unit_price, net_total, moves_stock) SELECT id, 1, $3, 4, 1, 4, false FROM s`,
      [sut.store, addDays(sut.today, -20), slow],
    );
    await sut.query(
      `UPDATE sales SET status = 'voided' WHERE id = (SELECT s.id FROM sales s JOIN sale_items i ON i.sale_id = s.id
         WHERE s.store_id = $1 AND i.product_id = $2 ORDER BY s.business_date LIMIT 1)`,
      [second, rare],
    );
    expect(await changed()).toMatchObject({ 'slow/1': 'sales', 'rare/2': 'sales' });
    expect(await changed()).not.toHaveProperty('slow/2');
    // a sale of today is tomorrow's news
    await night(MONDAY);
    await age(1);
    await sut.query(
      `WITH s AS (INSERT INTO sales (store_id, business_date, source) VALUES ($1, $2::date, 'import') RETURNING id)
       INSERT INTO sale_items (sale_id, line_number, product_id, quantity, unit_price, net_total, moves_stock) SELECT id, 1, $3, 4, 1, 4, false FROM s`,
      [sut.store, sut.today, rare],
    );
    expect(await changed()).not.toHaveProperty('rare/1');
  });

  it('should see calendar days that were added, changed or removed', async () => {
    const [{ id } = { id: '' }] = await sut.query<{ id: string }>(
      `INSERT INTO calendar_days (date, kind, product_id, store_id, value) VALUES ($1, 'promotion', $2, $3, 0.2) RETURNING id`,
      [addDays(sut.today, 5), rare, sut.store],
    );
    await night(MONDAY);
    await age(1);
    expect(await changed()).not.toHaveProperty('rare/1');
    await sut.query('UPDATE calendar_days SET value = 0.5 WHERE id = $1', [id]);
    expect(await changed()).toMatchObject({ 'rare/1': 'calendar' });
    await night(MONDAY);
    await age(1);
    expect(await changed()).not.toHaveProperty('rare/1');
    await sut.query('DELETE FROM calendar_days WHERE id = $1', [id]);
    expect(await changed()).toMatchObject({ 'rare/1': 'calendar' });
    expect(await changed()).not.toHaveProperty('rare/2');
    await night(MONDAY);
    await age(1);
    await sut.query(`INSERT INTO calendar_days (date, kind) VALUES ($1, 'closed')`, [addDays(sut.today, 9)]);
    expect(Object.keys(await changed()).toSorted()).toEqual(['fast/1', 'fast/2', 'rare/1', 'rare/2', 'slow/1', 'slow/2']);
  });

  it('should see a changed lead time or category, a stock-out, a new product, and one that is not sold any more', async () => {
    const first = await night(MONDAY);
    await age(1);
    await sut.query('UPDATE products SET lead_time_days = 12 WHERE id = $1', [rare]);
    await sut.query(`INSERT INTO inventory (product_id, store_id, lead_time_days) VALUES ($1, $2, 12)`, [slow, second]);
    expect(await changed()).toMatchObject({ 'rare/1': 'product', 'rare/2': 'product', 'slow/2': 'product' });
    await sut.query('UPDATE products SET lead_time_days = NULL WHERE id = $1', [rare]);
    await sut.query('UPDATE inventory SET lead_time_days = NULL WHERE product_id = $1', [slow]);
    await sut.move({ product: slow, quantity: 3 }, { product: slow, quantity: -3 });
    const fresh = await sut.newProduct();
    await sut.sell(fresh, 1, () => 2);
    await sut.query('UPDATE products SET is_active = false WHERE id = $1', [rare]);
    expect(await changed()).toMatchObject({ 'slow/1': 'stock_out', [`${fresh}/1`]: 'new' });
    const runId = await night(MONDAY);
    expect(await runOf(slow)).toBe(runId);
    expect(await runOf(slow, second)).toBe(first);
    expect(await runOf(fresh)).toBe(runId);
    expect(await inForce(rare)).toEqual(new Map());
  });

  it('should renew what covers the horizon no more, and everything on the weekly day', async () => {
    const first = await night(MONDAY);
    await age(7);
    expect(await changed()).not.toHaveProperty('rare/1');
    await age(1);
    expect(await changed()).toMatchObject({ 'rare/1': 'horizon', 'slow/2': 'horizon' });
    expect(await night(MONDAY)).not.toBe(first);
    await age(1);
    await sut.sell(fast, 1, () => 3);
    const weekly = await night(SUNDAY);
    expect(await sut.runRow(weekly!)).toMatchObject({ mode: 'full', series_total: 6 });
  });

  it('should take a silence for news only where something was expected', async () => {
    await night(MONDAY);
    await age(2);
    // the store sold nothing at all of these days: nobody knows yet
    expect(await changed()).toEqual({});
    const other = await sut.newProduct();
    await sut.sell(other, 1, () => 1);
    expect(await changed()).toEqual({ 'fast/1': 'silence', [`${other}/1`]: 'new' });
  });
});

describe('a run of what has changed that somebody asks for', () => {
  it('should have nothing to do where nothing has', async () => {
    const first = await sut.forecast();
    const runId = await sut.forecast({ onlyChanged: true });
    expect(await sut.runRow(runId)).toMatchObject({
      status: 'completed',
      mode: 'changed',
      series_total: 0,
      series_kept: 6,
      phase: 'ended',
    });
    expect(await sut.shown(runId)).toMatchObject({
      state: 'completed',
      progress: { percent: 100 },
      result: { series: 0, kept: 6 },
    });
    expect(await runOf(rare)).toBe(first);
  });

  it('should look at nothing beyond what it was held to', async () => {
    const first = await sut.forecast();
    await age(1);
    const runId = await sut.forecast({ onlyChanged: true, storeId: second });
    expect(await sut.runRow(runId)).toMatchObject({ series_total: 3 });
    expect(await runOf(slow, second)).toBe(runId);
    expect(await runOf(slow)).toBe(first);
  });
});

describe('what is in force', () => {
  it('should be of each product and store the newest completed run that looked at it', async () => {
    const first = await sut.forecast();
    const narrow = await sut.forecast({ storeId: second, productIds: [fast, slow] });
    expect(await runOf(fast)).toBe(first);
    expect(await runOf(fast, second)).toBe(narrow);
    expect(await runOf(rare, second)).toBe(first);
    const { runId } = await sut.run(() => sut.runsService.start({}));
    await sut.drainUpTo('forecast.finalise', runId);
    // all stored, nothing in force
    expect(await sut.forecastsOf(runId)).toHaveLength(6 * 28);
    expect(await runOf(fast)).toBe(first);
    await sut.drain();
    for (const row of (await inForce()).values()) expect(row.run_id).toBe(runId);
  });

  it('should go with what a full run did not see', async () => {
    await sut.forecast();
    await sut.query('UPDATE products SET is_active = false WHERE id = $1', [slow]);
    await sut.forecast({ storeId: second });
    expect([...(await inForce(slow)).keys()]).toEqual([`${slow}/${sut.store}`]);
    await sut.forecast();
    expect(await inForce(slow)).toEqual(new Map());
  });

  it('should count a change of the calendar that came while the run was on its way', async () => {
    const { runId } = await sut.run(() => sut.runsService.start({}));
    await sut.drainUpTo('forecast.finalise', runId);
    await sut.query(`INSERT INTO calendar_days (date, kind, product_id) VALUES ($1, 'promotion', $2)`, [
      addDays(sut.today, 3),
      rare,
    ]);
    await sut.drain();
    expect(await changed()).toEqual({ 'rare/1': 'calendar', 'rare/2': 'calendar' });
  });
});
