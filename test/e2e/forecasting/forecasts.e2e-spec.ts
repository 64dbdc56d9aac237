import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { addDays, localDateOf } from '../../../src/kernel/time/zone.js';
import { Api, logIn, PASSWORD, signUp, until, type Any } from '../../support/api.js';

let api: Api;
let store: Any;
let other: Any;
let product: Any;
let slow: Any;
let runId: string;
const today = localDateOf(new Date(), 'America/Caracas');

/** History as an import leaves it: ten sales a day would be ten thousand requests. */
async function sell(productId: unknown, storeId: unknown, quantity: number): Promise<void> {
  const database = new pg.Client({ connectionString: process.env['APP_DATABASE_URL'] });
  await database.connect();
  const schema = `tenant_${api.tenant.replaceAll('-', '_')}`;
  await database.query(
    `WITH t AS (SELECT id FROM shared.tenants WHERE schema_name = '${schema}'),
          days AS (SELECT ext.uuid_v7() AS id, t.id AS tenant, d FROM t, generate_series($3::date - 60, $3::date - 1, '1 day') d),
          made AS (INSERT INTO ${schema}.sales (id, tenant_id, store_id, business_date, source, created_at)
                   SELECT id, tenant, $1::uuid, d, 'import', d + interval '16 hours' FROM days RETURNING id)
     INSERT INTO ${schema}.sale_items (tenant_id, sale_id, line_number, product_id, quantity, unit_price, net_total, moves_stock, created_at)
     SELECT tenant, days.id, 1, $2::uuid, $4, 1, $4, false, d FROM days JOIN made USING (id)`,
    [storeId, productId, today, quantity],
  );
  await database.end();
}

async function person(role: string, storeIds: unknown[] | null): Promise<Api> {
  const email = `${role}-${randomUUID().slice(0, 8)}@example.com`;
  await api.create('/v1/users', { email, password: PASSWORD, fullName: role, role, ...(storeIds ? { storeIds } : {}) });
  return logIn(api.tenant, email);
}

async function finished(jobId: unknown): Promise<Any> {
  return until(async () => {
    const { body } = await api.get(`/v1/jobs/${String(jobId)}`);
    return ['completed', 'failed'].includes(String(body.state)) ? body : undefined;
  }, 'the run');
}

beforeAll(async () => {
  api = await signUp();
  store = await api.create('/v1/stores', { code: 'CCS-01', name: 'Tienda Centro' });
  other = await api.create('/v1/stores', { code: 'VAL-01', name: 'Tienda Valencia' });
  product = await api.create('/v1/products', { sku: 'HARINA', name: 'Harina PAN 1kg', reorderPoint: 0, leadTimeDays: 5 });
  slow = await api.create('/v1/products', { sku: 'SAL', name: 'Sal 1kg', reorderPoint: 0, leadTimeDays: 5 });
  await sell(product.id, store.id, 10);
  await sell(product.id, other.id, 4);
  await sell(slow.id, store.id, 2);
  for (const one of [product, slow])
    await api.create('/v1/inventory/movements', {
      storeId: store.id,
      productId: one.id,
      type: 'in',
      quantity: 30,
      reason: 'purchase',
    });
});

describe('forecast runs', () => {
  it('should be handed out as a job and told how far they are', async () => {
    const { status, body } = await api.post('/v1/forecasts/runs');
    expect(status).toBe(202);
    runId = String(body.runId);
    expect(await finished(body.jobId)).toMatchObject({
      state: 'completed',
      progress: { percent: 100, seriesDone: 3, seriesTotal: 3 },
      result: { runId, status: 'completed', series: 3, failed: 0, kept: 0, raised: 1 },
      name: 'forecast.run',
      error: null,
    });
    const run = await api.get(`/v1/forecasts/runs/${runId}`);
    expect(run.body).toMatchObject({
      status: 'completed',
      trigger: 'manual',
      horizonDays: 28,
      asOf: addDays(today, -1),
      filters: {},
      modelVersion: 'ensemble-2',
      seriesTotal: 3,
      seriesDone: 3,
      seriesKept: 0,
      mode: 'full',
      phase: 'ended',
      error: null,
    });
    expect((await api.get('/v1/forecasts/runs?status=completed')).body.data).toMatchObject([{ id: runId }]);
  });

  it('should refuse what never sold, what is not theirs, and wrong values', async () => {
    const unsold = await api.create('/v1/products', { sku: randomUUID().slice(0, 8), name: 'Nuevo' });
    const refused = await api.post('/v1/forecasts/runs', { productIds: [unsold.id] as unknown as string[] });
    expect([refused.status, refused.body.code]).toEqual([422, 'forecasts.too_little_history']);
    const manager = await person('manager', [store.id]);
    expect((await manager.post('/v1/forecasts/runs', { storeId: other.id })).status).toBe(404);
    expect((await (await person('user', null)).post('/v1/forecasts/runs')).status).toBe(403);
    const wrong = await api.post('/v1/forecasts/runs', { horizonDays: 0, productIds: [], days: 3 });
    expect([wrong.status, (wrong.body.errors as unknown as Any[]).map((error) => String(error.pointer)).toSorted()]).toEqual([
      400,
      ['/days', '/horizonDays', '/productIds'],
    ]);
    expect((await api.get(`/v1/forecasts/runs/${randomUUID()}`)).status).toBe(404);
    expect((await (await signUp()).get(`/v1/forecasts/runs/${runId}`)).status).toBe(404);
  });

  it('should be one at a time, and one for one key', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const answers = await Promise.all([1, 2, 3, 4].map(() => api.post('/v1/forecasts/runs', { horizonDays: 7 }, key)));
    const made = answers.filter((answer) => answer.status === 202);
    expect(new Set(made.map((answer) => String(answer.body.runId))).size).toBe(1);
    for (const { status, body } of answers)
      if (status !== 202) expect([409, 'http.idempotency_in_progress']).toEqual([status, body.code]);
    await finished(made[0]!.body.jobId);
    const runs = await Promise.all([1, 2, 3].map(() => api.post('/v1/forecasts/runs')));
    expect(runs.map((run) => run.status).toSorted((a, b) => a - b)).toEqual([202, 409, 409]);
    expect(runs.find((run) => run.status === 409)!.body.code).toBe('forecasts.run_in_progress');
    const [accepted] = runs.filter((run) => run.status === 202);
    expect(await finished(accepted!.body.jobId)).toMatchObject({ state: 'completed' });
    runId = String(accepted!.body.runId);
  });

  it('should stop when somebody says so, by those who may start one', async () => {
    const { body } = await api.post('/v1/forecasts/runs', { horizonDays: 300 });
    const path = `/v1/forecasts/runs/${String(body.runId)}`;
    const stopped = await api.post(`${path}/cancel`);
    // a machine that is very fast has ended it by itself
    const early = stopped.body.status === ('cancelled' as unknown);
    if (early) {
      expect(stopped.body).toMatchObject({ id: body.runId, status: 'cancelled', phase: 'ended' });
      expect((await api.post(`${path}/cancel`)).body).toMatchObject({ status: 'cancelled' });
      expect(await finished(body.jobId)).toMatchObject({ state: 'completed', result: { status: 'cancelled' } });
    }
    const ended = await api.post(`/v1/forecasts/runs/${runId}/cancel`);
    expect([ended.status, ended.body.status]).toEqual([200, 'completed']);
    expect((await api.post(`/v1/forecasts/runs/${randomUUID()}/cancel`)).status).toBe(404);
    expect((await (await signUp()).post(`/v1/forecasts/runs/${runId}/cancel`)).status).toBe(404);
    expect((await (await person('viewer', null)).post(`/v1/forecasts/runs/${runId}/cancel`)).status).toBe(403);
    const manager = await (await person('manager', [store.id])).post(`/v1/forecasts/runs/${runId}/cancel`);
    expect([manager.status, manager.body.code]).toEqual([403, 'auth.all_stores_required']);
    const current = (await api.get('/v1/forecasts?limit=200')).body.data as unknown as Any[];
    expect(new Set(current.map((row) => String(row.runId))).has(String(body.runId))).toBe(!early);
    if (!early) runId = String(body.runId);
  });
});

describe('forecasts', () => {
  const list = async (query: string, as: Api = api) => (await as.get(`/v1/forecasts?${query}`)).body.data as unknown as Any[];

  it('should answer the expected demand of a product for the coming days', async () => {
    const rows = await list(`productId=${String(product.id)}&storeId=${String(store.id)}`);
    expect(rows.map((row) => row.date)).toEqual(Array.from({ length: 28 }, (_, h) => addDays(today, h)));
    for (const { mean, q10, q50, q90, q95, q99, ...row } of rows) {
      expect(row).toMatchObject({ productId: product.id, storeId: store.id, runId, modelVersion: 'ensemble-2' });
      expect(mean).toMatch(/^\d+\.\d{4}$/);
      expect(Number(mean)).toBeCloseTo(10, 0);
      const quantiles = [q10, q50, q90, q95, q99].map(Number);
      expect(quantiles).toEqual(quantiles.toSorted((a, b) => a - b));
    }
  });

  it('should answer a span of days, page by page', async () => {
    const [from, to] = [addDays(today, 3), addDays(today, 5)];
    const rows = await list(`from=${from}&to=${to}`);
    expect(rows).toHaveLength(9);
    const first = await api.get(`/v1/forecasts?from=${from}&to=${to}&limit=5`);
    const next = await api.get(`/v1/forecasts?from=${from}&to=${to}&limit=5&cursor=${String(first.body.nextCursor)}`);
    expect([...(first.body.data as unknown as Any[]), ...(next.body.data as unknown as Any[])]).toEqual(rows);
    expect(next.body.nextCursor).toBeNull();
  });

  it('should replace only what a narrower run looked at', async () => {
    const { body } = await api.post('/v1/forecasts/runs', { storeId: other.id, horizonDays: 7 });
    await finished(body.jobId);
    const narrow = await list(`storeId=${String(other.id)}`);
    expect(narrow.map((row) => String(row.runId))).toEqual(Array.from({ length: 7 }, () => String(body.runId)));
    const rest = await list(`storeId=${String(store.id)}&limit=200`);
    expect(new Set(rest.map((row) => String(row.runId)))).toEqual(new Set([runId]));
  });

  it('should show people their stores only, and other tenants nothing', async () => {
    const clerk = await person('user', [other.id]);
    expect(new Set((await list('limit=200', clerk)).map((row) => String(row.storeId)))).toEqual(new Set([String(other.id)]));
    expect((await clerk.get(`/v1/forecasts?storeId=${String(store.id)}`)).status).toBe(404);
    expect(await list(`productId=${String(product.id)}`, await signUp())).toEqual([]);
  });

  it('should tell how long stock lasts, what ends first coming first', async () => {
    const { body } = await api.get(`/v1/forecasts/cover?storeId=${String(store.id)}`);
    const rows = body.data as unknown as Any[];
    expect(rows).toMatchObject([
      { productId: product.id, available: '30.0000', onOrder: '0.0000', leadTimeDays: 5 },
      { productId: slow.id, available: '30.0000', leadTimeDays: 5 },
    ]);
    expect(Number(rows[0]!.daysOfCover)).toBeCloseTo(3, 0);
    expect(Number(rows[1]!.daysOfCover)).toBeCloseTo(15, -1);
    expect([addDays(today, 2), addDays(today, 3)]).toContain(rows[0]!.stockOutDate);
    const urgent = await api.get('/v1/forecasts/cover?below=7');
    expect(urgent.body.data).toMatchObject([{ productId: product.id }]);
    const [alert] = (await api.get('/v1/alerts?type=forecast_alert')).body.data as unknown as Any[];
    expect(alert).toMatchObject({ productId: product.id, storeId: store.id, data: { available: '30.0000', leadTimeDays: 5 } });
  });
});

describe('calendar days', () => {
  const day = (more: object = {}) =>
    ({ date: addDays(today, 10), kind: 'closed', storeId: store.id, ...more }) as Record<string, unknown>;

  it('should be added, listed, read and removed', async () => {
    const made = await api.post('/v1/calendar-days', day({ name: 'Inventario' }));
    expect([made.status, made.body]).toMatchObject([
      201,
      { kind: 'closed', storeId: store.id, productId: null, value: null, name: 'Inventario' },
    ]);
    const path = `/v1/calendar-days/${String(made.body.id)}`;
    const read = await api.get(path);
    expect(read.body).toEqual(made.body);
    expect((await api.get(`/v1/calendar-days?from=${today}&kind=closed`)).body.data).toEqual([made.body]);
    expect((await api.call('DELETE', path)).status).toBe(428);
    expect((await api.delete(path, '"stale"')).status).toBe(412);
    expect((await api.delete(path, read.headers.get('etag')!)).status).toBe(204);
    expect((await api.get(path)).status).toBe(404);
  });

  it('should be refused twice, and when fields do not go together', async () => {
    await api.create('/v1/calendar-days', day({ kind: 'holiday', storeId: null, date: '2035-12-13' }));
    const twice = await api.post('/v1/calendar-days', day({ kind: 'holiday', storeId: null, date: '2035-12-13' }));
    expect([twice.status, twice.body.code]).toEqual([409, 'http.duplicate']);
    const price = await api.post('/v1/calendar-days', day({ kind: 'price' }));
    expect(price.body).toMatchObject({
      code: 'http.validation_failed',
      errors: [{ pointer: '/productId' }, { pointer: '/value' }],
    });
    const closed = await api.post('/v1/calendar-days', day({ productId: product.id }));
    expect(closed.body).toMatchObject({ errors: [{ pointer: '/productId', code: 'field.not_allowed' }] });
    const unknown = await api.post('/v1/calendar-days', day({ kind: 'promotion', productId: randomUUID() }));
    expect([unknown.status, unknown.body]).toMatchObject([400, { errors: [{ pointer: '/productId', code: 'field.not_found' }] }]);
  });

  it('should hold people to their stores', async () => {
    const manager = await person('manager', [store.id]);
    expect((await manager.post('/v1/calendar-days', day({ date: addDays(today, 20) }))).status).toBe(201);
    expect((await manager.post('/v1/calendar-days', day({ storeId: other.id }))).status).toBe(404);
    const everywhere = await manager.post('/v1/calendar-days', day({ storeId: null }));
    expect([everywhere.status, everywhere.body.code]).toEqual([403, 'auth.all_stores_required']);
    expect((await (await person('viewer', null)).post('/v1/calendar-days', day())).status).toBe(403);
  });

  it('should stop the forecast of a day on which the store is closed', async () => {
    const date = addDays(today, 12);
    await api.create('/v1/calendar-days', day({ date, storeId: null }));
    const { body } = await api.post('/v1/forecasts/runs');
    await finished(body.jobId);
    const rows = (await api.get(`/v1/forecasts?from=${date}&to=${date}`)).body.data as unknown as Any[];
    expect(rows.map((row) => [row.mean, row.q99])).toEqual([1, 2, 3].map(() => ['0.0000', '0.0000']));
  });
});

describe('a run of what has changed', () => {
  it('should leave what has not changed as it is, where only that was asked for', async () => {
    const { body } = await api.post('/v1/forecasts/runs', { onlyChanged: true });
    const { result } = await finished(body.jobId);
    expect(result).toMatchObject({ status: 'completed' });
    expect(Number(result!.series) + Number(result!.kept)).toBe(3);
  });
});
