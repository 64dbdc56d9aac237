import { jest } from '@jest/globals';
import { ProcessStoppingError } from '../../../src/kernel/jobs/job-runner.js';
import { addDays } from '../../../src/kernel/time/zone.js';
import { RunLab, type RunJob } from './run-lab.js';

let sut: RunLab;
let products: string[];
let second: string;

const demand = (level: number) => (ago: number) => level + ((ago * 7) % 5) + (ago % 7 === 0 ? level : 0);

beforeAll(async () => {
  sut = await RunLab.open('forecast_runs');
  second = await sut.newStore();
  products = [];
  for (let i = 0; i < 4; i++) {
    const product = await sut.newProduct({ reorder_point: 0 });
    products.push(product);
    await sut.sell(product, 120, demand(10 * (i + 1)));
    await sut.sell(product, 120, demand(5 * (i + 1)), second);
  }
});
afterAll(() => sut.close());

describe('forecast runs', () => {
  it('should store a forecast of every product, store and day, with ascending quantiles', async () => {
    const runId = await sut.forecast();
    const rows = await sut.forecastsOf(runId);
    expect(rows).toHaveLength(8 * 28);
    for (const { quantiles, mean } of rows) {
      expect(quantiles).toEqual(quantiles.toSorted((a, b) => a - b));
      expect(mean).toBeGreaterThan(0);
      expect(quantiles[0]).toBeGreaterThanOrEqual(0);
    }
    const first = rows.filter((row) => row.product_id === products[0] && row.store_id === sut.store);
    expect(first.map((row) => row.date)).toEqual(Array.from({ length: 28 }, (_, h) => addDays(sut.today, h)));
    expect(first.map((row) => row.horizon)).toEqual(Array.from({ length: 28 }, (_, h) => h + 1));
    const weekly = first.reduce((sum, row) => sum + row.mean, 0) / 4;
    expect(weekly / (7 * 12 + 10)).toBeCloseTo(1, 0);
    expect(await sut.runRow(runId)).toMatchObject({
      status: 'completed',
      trigger: 'manual',
      series_total: 8,
      series_done: 8,
      series_failed: 0,
      model_version: 'ensemble-2',
      metrics: { scored: 8 },
      job_id: runId,
      phase: 'ended',
    });
    expect(await sut.shown(runId)).toMatchObject({
      state: 'completed',
      progress: { percent: 100, seriesDone: 8, seriesTotal: 8 },
      result: { runId, status: 'completed', series: 8, failed: 0 },
    });
  });

  it('should change nothing when its jobs are repeated', async () => {
    const { runId } = await sut.run(() => sut.runsService.start({}));
    const jobs: RunJob[] = [];
    for (let job = await sut.take(); job; job = await sut.take()) {
      jobs.push(job);
      await sut.perform(job);
    }
    expect(jobs.map((job) => job.name)).toEqual(['forecast.run', 'forecast.batch', 'forecast.finalise']);
    const before = await sut.forecastsOf(runId);
    for (const job of jobs) await sut.perform(job);
    expect(await sut.take()).toBeUndefined();
    expect(await sut.forecastsOf(runId)).toEqual(before);
    expect(before).toHaveLength(8 * 28);
  });

  it('should look ahead at least as far as the lead time', async () => {
    await sut.query('UPDATE products SET lead_time_days = 40 WHERE id = $1', [products[0]]);
    const runId = await sut.forecast({ horizonDays: 7, storeId: sut.store, productIds: products.slice(0, 2) });
    await sut.query('UPDATE products SET lead_time_days = NULL WHERE id = $1', [products[0]]);
    expect(await sut.forecastsOf(runId, products[0])).toHaveLength(40);
    expect(await sut.forecastsOf(runId, products[1])).toHaveLength(7);
  });

  it('should refuse a second run while one is open, and take over one that nobody works on', async () => {
    const { runId } = await sut.run(() => sut.runsService.start({}));
    await expect(sut.run(() => sut.runsService.start({}))).rejects.toMatchObject({ constraint: 'forecast_runs_one_open' });
    await sut.db.root.query(
      `SET session_replication_role = replica; UPDATE ${sut.db.acme.schema}.forecast_runs SET updated_at = now() - interval '7 hours' WHERE id = '${runId}';
       SET session_replication_role = origin`,
    );
    const { runId: next } = await sut.run(() => sut.runsService.start({}));
    expect(await sut.runRow(runId)).toMatchObject({ status: 'failed', error: { code: 'forecasts.abandoned' } });
    await sut.drain();
    expect(await sut.forecastsOf(runId)).toEqual([]);
    expect(await sut.runRow(next)).toMatchObject({ status: 'completed' });
  });

  it('should enqueue its job with the run, both or neither', async () => {
    const jobs = async () =>
      (await sut.db.root.query("SELECT id FROM bullmq.job WHERE name = 'forecast.run'")).rows.map((row) => row.id);
    const { runId, jobId } = await sut.run(() => sut.runsService.start({}));
    expect(jobId).toBe(runId);
    expect(await jobs()).toContain(runId);
    await sut.drain();
    const before = await jobs();
    await expect(
      sut.run(() =>
        sut.db.unit.transaction(async () => {
          await sut.runsService.start({});
          throw new Error('no');
        }),
      ),
    ).rejects.toThrow('no');
    expect(await jobs()).toEqual(before);
  });

  it('should refuse to forecast what never sold', async () => {
    const unsold = await sut.newProduct();
    await expect(sut.run(() => sut.runsService.start({ productIds: [unsold] }))).rejects.toMatchObject({
      code: 'forecasts.too_little_history',
    });
    await expect(sut.run(() => sut.runsService.start({ storeId: second }), { stores: [sut.store] })).rejects.toMatchObject({
      status: 404,
    });
  });

  it('should stop when its tenant is suspended', async () => {
    const { runId } = await sut.run(() => sut.runsService.start({}));
    await sut.drainUpTo('forecast.batch', runId);
    sut.directory.byId = () => Promise.resolve({ ...sut.db.acme, status: 'suspended' });
    await sut.drain();
    sut.directory.byId = () => Promise.resolve(sut.db.acme);
    expect(await sut.shown(runId)).toMatchObject({ state: 'completed', result: { status: 'cancelled', raised: 0 } });
    expect(await sut.forecastsOf(runId)).toEqual([]);
  });

  it('should be marked as failed after the last attempt of a job, and only then', async () => {
    const { runId } = await sut.run(() => sut.runsService.start({}));
    await sut.drainUpTo('forecast.batch', runId);
    const job = (await sut.take())!;
    const broken = new Error('secret of row 7');
    const store = jest.spyOn(sut.series, 'store').mockRejectedValue(broken);
    await expect(sut.perform(job, { attempt: 4 })).rejects.toBe(broken);
    expect(await sut.runRow(runId)).toMatchObject({ status: 'running', batches_done: 0 });
    await expect(sut.perform(job, { attempt: 5 })).rejects.toBe(broken);
    store.mockRestore();
    const row = await sut.runRow(runId);
    expect(row).toMatchObject({ status: 'failed', error: { code: 'forecasts.failed' } });
    expect(JSON.stringify(row['error'])).not.toContain('secret');
    expect(await sut.shown(runId)).toMatchObject({ state: 'failed', failedReason: expect.stringMatching(/^forecasts.failed: /) });
    // the job comes once more: the run stays as it is
    await sut.perform(job);
    expect(await sut.forecastsOf(runId)).toEqual([]);
  });

  it('should hand the attempt back when the process stops', async () => {
    const { runId } = await sut.run(() => sut.runsService.start({}));
    await sut.drainUpTo('forecast.batch', runId);
    const job = (await sut.take())!;
    const stopping = new AbortController();
    stopping.abort(new ProcessStoppingError('this process stops'));
    await expect(sut.perform(job, { attempt: 5, signal: stopping.signal })).rejects.toThrow('this process stops');
    expect(await sut.runRow(runId)).toMatchObject({ status: 'running' });
    await sut.perform(job);
    await sut.drain();
    expect(await sut.runRow(runId)).toMatchObject({ status: 'completed' });
  });

  it('should learn of a batch in one statement: demand, days out of stock, calendar', async () => {
    const [out, oversold] = [await sut.newProduct(), await sut.newProduct()];
    const ago = (days: number) => addDays(sut.today, -days);
    const move = (product: string, days: number, quantity: number) =>
      sut.query(
        `INSERT INTO inventory_movements (id, product_id, store_id, movement_type, kind, quantity, allow_negative, created_at)
         VALUES (ext.uuid_v7($4::timestamptz), $1, $2, $3::text, CASE $3::text WHEN 'in' THEN 'received' ELSE 'sold' END, $5, true, $4)`,
        [product, sut.store, quantity > 0 ? 'in' : 'out', `${ago(days)}T16:00:00-04:00`, quantity],
      );
    // empty from 20 days ago until a delivery 12 days ago, and again since 5 days ago
    for (const [days, quantity] of [
      [30, 10],
      [20, -10],
      [12, 6],
      [5, -6],
    ] as const)
      await move(out, days, quantity);
    // sold below zero all the time: it was there
    for (const [days, quantity] of [
      [30, 5],
      [20, -8],
      [15, -3],
      [10, -2],
      [9, 50],
    ] as const)
      await move(oversold, days, quantity);
    await sut.sell(out, 3, () => 2.5);
    await sut.query(
      `INSERT INTO calendar_days (date, kind, product_id, value) VALUES ($1, 'promotion', $2, NULL), ($1, 'price', $2, 1.25)`,
      [addDays(sut.today, 4), out],
    );
    await sut.query(
      `INSERT INTO calendar_days (date, kind, name) VALUES ($1, 'closed', NULL), ($1, 'holiday', 'Feria, Patrona')`,
      [ago(7)],
    );
    const pairs = [out, oversold].map((productId) => ({
      productId,
      storeId: sut.store,
      categoryId: null,
      leadTimeDays: 7,
      storeLastDay: ago(1),
    }));
    const rows = await sut.run(() =>
      sut.series.read(pairs, { from: ago(40), asOf: ago(1) }, addDays(sut.today, 27), sut.db.acme.settings.timezone),
    );
    const seen = rows.map(({ source, productId, storeId, days, values }) => ({
      source,
      of: productId === out ? 'out' : productId === oversold ? 'oversold' : productId,
      everywhere: storeId === null,
      points: days
        .split(',')
        .map(
          (day, i) => `${40 - Number(day)}:${source === 'stockout' ? 40 - Number(values.split(',')[i]) : values.split(',')[i]}`,
        )
        .toSorted(),
    }));
    expect(seen).toHaveLength(7);
    expect(seen).toEqual(
      expect.arrayContaining([
        { source: 'demand', of: 'out', everywhere: false, points: ['1:2.5', '2:2.5', '3:2.5'] },
        { source: 'stockout', of: 'out', everywhere: false, points: ['20:13', '5:1'] },
        { source: 'stockout', of: 'oversold', everywhere: false, points: ['10:10'] },
        { source: 'promotion', of: 'out', everywhere: true, points: ['-4:'] },
        { source: 'price', of: 'out', everywhere: true, points: ['-4:1.25'] },
        { source: 'closed', of: null, everywhere: true, points: ['7:'] },
        { source: 'holiday', of: null, everywhere: true, points: ['7:Feria  Patrona'] },
      ]),
    );
  });
});
