import { maintainTimeTables } from '../../../src/kernel/database/time-table-maintenance.js';
import { detectEngine } from '../../../src/kernel/database/time-series/engine.js';
import { openMediumDatabase, type MediumDatabase } from '../../support/medium-database.js';

let db: MediumDatabase;
let native: boolean;
beforeAll(async () => {
  db = await openMediumDatabase('time_tables');
  native = (await detectEngine(db.root)).engine === 'native';
});
afterAll(() => db.close());

const chunks = async (schema: string): Promise<string[]> =>
  (
    await db.root.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = $1::regnamespace AND relkind = 'r' ORDER BY 1`,
      [`${schema}_chunks`],
    )
  ).rows.map(({ name }) => name);
const forecast = (date: string) =>
  db.as(db.acme, () =>
    db.unit.query(
      `INSERT INTO forecasts (run_id, product_id, store_id, forecast_date, horizon, predicted_value, model_version)
       VALUES (ext.uuid_v7(), ext.uuid_v7(), ext.uuid_v7(), $1, 1, 1, 'test')`,
      [date],
    ),
  );
const forecastDates = async () =>
  (
    await db.as(db.acme, () =>
      db.unit.query<{ d: string }>("SELECT to_char(forecast_date, 'YYYY-MM-DD') AS d FROM forecasts ORDER BY 1"),
    )
  ).map(({ d }) => d);
const inYears = (years: number) => new Date(Date.UTC(new Date().getUTCFullYear() + years, 6, 1));

describe('maintenance of the time tables', () => {
  it('should leave tenants alone whose tables are in order', async () => {
    const report = await maintainTimeTables(db.topology);
    expect(report).toMatchObject({ maintained: native ? 0 : report.tenants, made: [], failed: [] });
    expect(report.tenants).toBeGreaterThanOrEqual(3);
  });

  it('should make the partitions of all tenants ahead and drop what is past its retention, and then be done', async () => {
    const [old, recent] = [inYears(0), inYears(2)].map((at) => at.toISOString().slice(0, 10)) as [string, string];
    await forecast(old);
    await forecast(recent);
    const before = await chunks(db.beta.schema);
    const reports = await Promise.all([1, 2].map(() => maintainTimeTables(db.topology, { now: inYears(2) })));
    for (const { failed } of reports) expect(failed).toEqual([]);
    expect(await forecastDates()).toEqual([recent]);
    if (native) {
      const year = inYears(3).getUTCFullYear();
      for (const tenant of [db.acme, db.beta]) {
        const after = await chunks(tenant.schema);
        expect(after).toEqual(expect.arrayContaining([`forecasts_${year}0101`, `inventory_movements_${year}0101`]));
        // movements are kept whatever their age
        expect(after).toEqual(expect.arrayContaining(before.filter((name) => name.startsWith('inventory_movements'))));
      }
      expect((await maintainTimeTables(db.topology, { now: inYears(2) })).maintained).toBe(0);
    }
  });

  it('should go on with the others when one tenant cannot be maintained', async () => {
    await db.root.query('BEGIN');
    await db.root.query(`LOCK TABLE ${db.acme.schema}.forecasts IN ACCESS EXCLUSIVE MODE`);
    const { failed, made } = await maintainTimeTables(db.topology, { now: inYears(4) });
    await db.root.query('ROLLBACK');
    expect(failed.map(({ schema }) => schema)).toEqual([db.acme.schema]);
    if (native) expect(made.some((name) => name.startsWith(`${db.beta.schema}.`))).toBe(true);
    expect((await maintainTimeTables(db.topology, { now: inYears(4) })).failed).toEqual([]);
  });
});
