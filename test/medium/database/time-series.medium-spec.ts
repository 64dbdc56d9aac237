import pg from 'pg';
import { tenantPlace, type TenantPlace } from '../../../src/kernel/database/roles.js';
import { enterTenant } from '../../../src/kernel/database/tenant-schema.js';
import { detectEngine, type EngineInfo } from '../../../src/kernel/database/time-series/engine.js';
import { loadTimeTables } from '../../../src/kernel/database/time-series/time-table.js';
import { TimeSeries } from '../../../src/kernel/database/time-series/time-series.js';
import { laneConnection, withClient } from '../../../src/kernel/database/topology.js';
import { openMediumDatabase, type MediumDatabase } from '../../support/medium-database.js';
import { StockLab } from './stock-lab.js';

let db: MediumDatabase;
let lab: StockLab;
let info: EngineInfo;
let sut: TimeSeries;
let place: TenantPlace;
let product: string;
beforeAll(async () => {
  db = await openMediumDatabase('time_series');
  lab = new StockLab(db);
  lab.store = await lab.newStore();
  product = await lab.newProduct();
  info = await detectEngine(db.root);
  sut = new TimeSeries(info, await loadTimeTables());
  place = tenantPlace(db.topology.roles.prefix, db.acme.id, db.acme.schema);
});
afterAll(() => db.close());

/** As the maintenance job does it: the owner, a fresh connection, one transaction under the tenant's settings. */
const maintain = <T>(work: (client: pg.Client) => Promise<T>): Promise<T> =>
  withClient(laneConnection(db.topology, 'owner'), async (client) => {
    await client.query('BEGIN');
    await enterTenant(client, place, 'job:timeseries');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  });
const receive = (at: Date | string, quantity: number) =>
  lab.query(
    `INSERT INTO inventory_movements (id, product_id, store_id, movement_type, kind, quantity, created_at)
     VALUES (ext.uuid_v7($1::timestamptz), $2, $3, 'in', 'received', $4, $1)`,
    [at, product, lab.store, quantity],
  );
const chunks = async () =>
  (
    await db.root.query<{ name: string }>(
      'SELECT c.relname AS name FROM pg_class c WHERE c.relnamespace = $1::regnamespace AND c.relkind = $2',
      [place.chunks, 'r'],
    )
  ).rows.map(({ name }) => name);
const sum = async () => (await lab.query<{ s: string }>('SELECT sum(quantity) AS s FROM inventory_movements'))[0]!.s;

describe('time tables', () => {
  it('should take movements of any time and count each once', async () => {
    const year = new Date().getUTCFullYear();
    for (const at of ['2019-03-01', `${year - 1}-07-01`, new Date(), `${year + 5}-06-01`]) await receive(at, 3);
    expect((await lab.level(product)).quantity_on_hand).toBe('12.0000');
  });

  it('should be ready for the coming intervals without counting the guarded rows again', async () => {
    const soon = new Date(Date.UTC(new Date().getUTCFullYear() + 5, 1, 1));
    const made = await maintain((client) => sut.ensureAhead(client, place, 'inventory_movements', undefined, soon));
    expect(made).toHaveLength(info.engine === 'native' ? 5 : 0);
    expect(await maintain((client) => sut.ensureAhead(client, place, 'inventory_movements', undefined, soon))).toEqual([]);
    if (info.engine === 'native') {
      const { rows } = await db.root.query(`SELECT FROM ${place.chunks}.inventory_movements_default`);
      expect(rows).toEqual([]);
    }
    expect(await sum()).toBe('12.0000');
    await receive(soon, 1);
    expect((await lab.level(product)).quantity_on_hand).toBe('13.0000');
    expect(await sum()).toBe('13.0000');
  });

  it('should shut every partition or chunk to the tenant', async () => {
    const names = await chunks();
    expect(names.length).toBeGreaterThan(3);
    for (const name of names) {
      await expect(lab.query(`SELECT * FROM ${place.chunks}.${name}`)).rejects.toMatchObject({ code: '42501' });
      await expect(db.as(db.beta, () => db.unit.query(`SELECT * FROM ${place.chunks}.${name}`))).rejects.toMatchObject({
        code: '42501',
      });
    }
  });

  it('should force row-level security on each native partition', async () => {
    if (info.engine !== 'native') return;
    const { rows } = await db.root.query(
      `SELECT c.relname FROM pg_class c WHERE c.relnamespace = $1::regnamespace AND c.relkind = 'r'
          AND NOT (c.relrowsecurity AND c.relforcerowsecurity AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'tenant_isolation_policy'))`,
      [place.chunks],
    );
    expect(rows).toEqual([]);
  });

  it('should drop what is past its retention, and only that', async () => {
    await lab.query(
      `INSERT INTO events (event_type, entity_type, action, created_at)
       SELECT 'sample.made', 'sample', 'made', now() - i * interval '1 month' FROM generate_series(0, 40) i`,
    );
    const before = new Date();
    before.setUTCMonth(before.getUTCMonth() - 24);
    await maintain((client) => sut.dropOlder(client, place, 'events', before));
    const [left] = await lab.query<{ recent: number; old: number }>(
      `SELECT count(*) FILTER (WHERE created_at >= $1)::int AS recent, count(*) FILTER (WHERE created_at < $1 - interval '3 months')::int AS old
         FROM events WHERE entity_type = 'sample'`,
      [before],
    );
    expect(left!.recent).toBeGreaterThanOrEqual(24);
    expect(left!.old).toBe(0);
    await expect(maintain((client) => sut.dropOlder(client, place, 'inventory_movements', before))).rejects.toThrow('is kept');
  });

  it('should drop forecasts by their date', async () => {
    await lab.query(
      `INSERT INTO forecasts (run_id, product_id, store_id, forecast_date, horizon, predicted_value, model_version)
       SELECT ext.uuid_v7(), $1, $2, current_date - i, 1, 2, 'v' FROM generate_series(-60, 1200, 10) i`,
      [product, lab.store],
    );
    await maintain((client) => sut.dropOlder(client, place, 'forecasts', new Date(Date.now() - 400 * 86_400_000)));
    const [left] = await lab.query<{ recent: number; old: number }>(
      `SELECT count(*) FILTER (WHERE forecast_date > current_date - 400)::int AS recent, count(*) FILTER (WHERE forecast_date < current_date - 800)::int AS old FROM forecasts`,
    );
    expect(left).toEqual({ recent: 46, old: 0 });
  });
});
