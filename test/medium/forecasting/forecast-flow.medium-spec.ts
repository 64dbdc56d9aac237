import { jest } from '@jest/globals';
import type { SeriesForecast, SeriesInput } from '../../../src/forecasting/engine/series.js';
import { BATCHES_AT_ONCE } from '../../../src/forecasting/runs/forecast-threads.js';
import { LANES } from '../../../src/forecasting/runs/run-jobs.js';
import { tenantScope } from '../../../src/kernel/database/tenant-context.js';
import { openJobProcess, until } from '../jobs/job-lab.js';
import { RunLab } from './run-lab.js';
import { WorkerProcess } from './worker-process.js';

jest.setTimeout(180_000);

const STORES = 3;
const PRODUCTS = 200;
const DAYS = 63;

let sut: RunLab;
let undisturbed: unknown[];
let threads: jest.SpiedFunction<RunLab['threads']['forecast']>;
/** A forecast that the engine need not be asked for: what matters here is who makes it when. */
const quick = ({ id, horizon, y }: SeriesInput): SeriesForecast => {
  const flat = new Float64Array(horizon).fill(y.reduce((sum, value) => sum + value, 0) / y.length);
  const curves = { mean: flat, q025: flat, q10: flat, q50: flat, q80: flat, q90: flat, q95: flat, q975: flat, q99: flat };
  const diagnostics = { class: 'smooth', adi: 1, cv2: 0, length: 1, usable: 1, origins: 0, mase: NaN, effects: {} } as const;
  return { id, ok: true, model: 'flat', weights: { flat: 1 }, ...curves, leadTime: null, diagnostics };
};
const start = (body: { storeId?: string; horizonDays?: number } = {}): Promise<string> =>
  sut.run(async () => (await sut.runsService.start(body)).runId);

beforeAll(async () => {
  sut = await RunLab.open('forecast_flow');
  await sut.stock(PRODUCTS, DAYS);
  for (let n = 1; n < STORES; n++) await sut.stock(PRODUCTS, DAYS, await sut.newStore());
  beQuick();
  undisturbed = await sut.forecastsOf(await sut.forecast());
});
afterAll(() => sut.close());
beforeEach(beQuick);
afterEach(() => jest.restoreAllMocks());

function beQuick(): void {
  jest.spyOn(sut.threads, 'learn').mockResolvedValue({ frequencies: {} });
  threads = jest.spyOn(sut.threads, 'forecast').mockImplementation(async (series) => series.map(quick));
}

describe('the jobs of a run', () => {
  it('should be a plan, one that learns of a sample, one for each batch, and an end', async () => {
    jest.restoreAllMocks();
    const runId = await start();
    expect(await sut.drain()).toEqual([
      'forecast.run',
      'forecast.learn',
      ...Array.from({ length: STORES }, () => 'forecast.batch'),
      'forecast.finalise',
    ]);
    expect(await sut.runRow(runId)).toMatchObject({
      status: 'completed',
      phase: 'ended',
      batches_total: STORES,
      batches_done: STORES,
      series_total: STORES * PRODUCTS,
      series_done: STORES * PRODUCTS,
      knowledge_run_id: runId,
      steps: { low_stock: { changed: 0 }, suggestions: { asked: true }, alerts: { resolved: 0 } },
    });
    const knowledge = await sut.run(() => sut.knowledge.of(runId));
    expect(knowledge!.frequencies.D!.weights.all.continuous!.shares.size).toBeGreaterThan(0);
    expect(await sut.query('SELECT FROM forecast_batches')).toEqual([]);
  });

  it('should give the same, and nothing twice, when each of them dies before its COMMIT, and comes twice', async () => {
    const runId = await start();
    const died = new Error('killed');
    for (let job = await sut.take(); job; job = await sut.take()) {
      const transaction = sut.db.unit.transaction.bind(sut.db.unit);
      const dies = jest.spyOn(sut.db.unit, 'transaction').mockImplementation((work) =>
        transaction(async (last) => {
          await work(last);
          throw died;
        }),
      );
      await expect(sut.perform(job)).rejects.toBe(died);
      dies.mockRestore();
      await sut.perform(job, { attempt: 2 });
      await sut.perform(job, { attempt: 3 });
    }
    expect(await sut.forecastsOf(runId)).toEqual(undisturbed);
    expect(await sut.runRow(runId)).toMatchObject({ status: 'completed', series_done: STORES * PRODUCTS });
  });

  it('should count each batch once when two workers have the same', async () => {
    const runId = await start();
    await sut.drainUpTo('forecast.batch', runId);
    for (let job = await sut.take(); job; job = await sut.take()) await Promise.all([sut.perform(job), sut.perform(job)]);
    expect(await sut.forecastsOf(runId)).toEqual(undisturbed);
    expect(await sut.runRow(runId)).toMatchObject({ status: 'completed', batches_done: STORES });
  });

  it('should give the same in any order, and tell how far they are', async () => {
    const runId = await start();
    await sut.drainUpTo('forecast.batch', runId);
    const jobs = [];
    for (let job = await sut.take(); job; job = await sut.take()) jobs.push(job);
    expect(jobs).toHaveLength(STORES);
    for (const [k, job] of jobs.toReversed().entries()) {
      const seriesDone = k * PRODUCTS;
      const percent = Math.floor((100 * k) / STORES);
      const progress = { percent, seriesDone, seriesTotal: STORES * PRODUCTS, seriesKept: 0, phase: 'forecast' };
      expect(await sut.shown(runId)).toMatchObject({ state: 'active', progress, result: null });
      await sut.perform(job);
    }
    expect(await sut.shown(runId)).toMatchObject({ state: 'active', progress: { percent: 100, phase: 'finalise' } });
    await sut.drain();
    expect(await sut.forecastsOf(runId)).toEqual(undisturbed);
    expect(await sut.shown(runId)).toMatchObject({ state: 'completed' });
  });

  it('should be handed out again where they were lost', async () => {
    const runId = await start();
    const later = async () => {
      await sut.db.root.query(
        `SET session_replication_role = replica; UPDATE ${sut.db.acme.schema}.forecast_runs SET updated_at = now() - interval '11 minutes' WHERE id = '${runId}';
         UPDATE ${sut.db.acme.schema}.forecast_batches SET queued_at = now() - interval '11 minutes' WHERE status = 'queued'; SET session_replication_role = origin`,
      );
      return sut.run(() => sut.nightly.resume());
    };
    const names = new Set<string>();
    expect(await sut.run(() => sut.nightly.resume())).toBe(0);
    for (;;) {
      // whatever waits is lost, as with a queue that was emptied
      await sut.db.root.query(`DELETE FROM bullmq.job WHERE data ->> 'runId' = $1`, [runId]);
      await later();
      const job = await sut.take();
      if (!job) break;
      names.add(job.name);
      await sut.perform(job);
    }
    expect([...names]).toEqual(['forecast.run', 'forecast.learn', 'forecast.batch', 'forecast.finalise']);
    expect(await sut.forecastsOf(runId)).toEqual(undisturbed);
    expect(await sut.runRow(runId)).toMatchObject({ status: 'completed', phase: 'ended' });
  });

  it('should do each step after the run once, and the others where one fails for good', async () => {
    const runId = await start({ storeId: sut.store });
    const low = jest.spyOn(sut.service, 'refresh');
    const review = jest.spyOn(sut.reviews, 'review').mockRejectedValue(new Error('no'));
    await sut.drainUpTo('forecast.finalise', runId);
    const end = (await sut.take())!;
    await expect(sut.perform(end, { attempt: 1 })).rejects.toThrow('no');
    expect(await sut.runRow(runId)).toMatchObject({ status: 'completed', phase: 'settle', steps: { low_stock: { changed: 0 } } });
    expect(await sut.shown(runId)).toMatchObject({ state: 'active' });
    await sut.perform(end, { attempt: 5 });
    expect(low).toHaveBeenCalledTimes(1);
    expect(review).toHaveBeenCalledTimes(2);
    expect(await sut.shown(runId)).toMatchObject({
      state: 'completed',
      result: { status: 'completed', failedSteps: ['alerts'] },
    });
  });
});

describe('a cancelled run', () => {
  it('should hand out nothing more, store nothing more, and never come into force', async () => {
    const before = await sut.query('SELECT run_id FROM current_forecasts GROUP BY 1');
    const runId = await start();
    await sut.drainUpTo('forecast.batch', runId);
    await sut.perform((await sut.take())!);
    const stored = await sut.forecastsOf(runId);
    expect(stored).toHaveLength(PRODUCTS * 28);
    expect(await sut.run(() => sut.runsService.cancel(runId))).toMatchObject({ status: 'cancelled', seriesDone: PRODUCTS });
    await sut.drain();
    expect(await sut.forecastsOf(runId)).toEqual(stored);
    expect(await sut.query('SELECT run_id FROM current_forecasts GROUP BY 1')).toEqual(before);
    expect(await sut.shown(runId)).toMatchObject({ state: 'completed', result: { status: 'cancelled', series: PRODUCTS } });
    await expect(sut.run(() => sut.runsService.cancel(runId))).resolves.toMatchObject({ status: 'cancelled' });
  });

  it('should be given up inside a batch, and by a batch that is about to be stored', async () => {
    const runId = await start();
    await sut.drainUpTo('forecast.batch', runId);
    const [inside, stored] = [(await sut.take())!, (await sut.take())!];
    // one computes for ever, the other has its forecasts when the run is cancelled
    let began: () => void = () => undefined;
    const computing = new Promise<void>((resolve) => (began = resolve));
    threads.mockImplementationOnce((_series, options) => {
      const signal = options?.signal;
      began();
      return new Promise((_, reject) => signal!.addEventListener('abort', () => reject(signal!.reason as Error)));
    });
    threads.mockImplementationOnce(async (series) => {
      await sut.run(() => sut.runsService.cancel(runId));
      return series.map(quick);
    });
    const first = sut.perform(inside);
    await computing;
    await expect(Promise.all([first, sut.perform(stored)])).resolves.toEqual([{ series: 0 }, { series: 0 }]);
    expect(await sut.forecastsOf(runId)).toEqual([]);
    expect(await sut.runRow(runId)).toMatchObject({ status: 'cancelled', batches_done: 0 });
    await sut.drain();
  });

  it('should not be one that has ended by itself, is of stores that are not theirs, or is not', async () => {
    const runId = await sut.forecast({ storeId: sut.store });
    await expect(sut.run(() => sut.runsService.cancel(runId))).resolves.toMatchObject({ status: 'completed' });
    const open = await start();
    await expect(sut.run(() => sut.runsService.cancel(open), { stores: [sut.store] })).rejects.toMatchObject({
      code: 'auth.all_stores_required',
    });
    await sut.run(() => sut.runsService.cancel(open));
    await expect(sut.run(() => sut.runsService.cancel(sut.store))).rejects.toMatchObject({ status: 404 });
    const own = await start({ storeId: sut.store });
    await expect(sut.run(() => sut.runsService.cancel(own), { stores: [sut.store] })).resolves.toMatchObject({
      status: 'cancelled',
    });
    await sut.drain();
  });

  it('should not be possible to put in force by hand', async () => {
    const [run] = await sut.query<{ id: string }>(
      `SELECT id FROM forecast_runs WHERE status = 'cancelled' AND batches_total > 0 LIMIT 1`,
    );
    await expect(sut.query(`UPDATE forecast_runs SET status = 'completed' WHERE id = $1`, [run!.id])).rejects.toThrow(/check/);
  });
});

describe('workers', () => {
  it('should begin with the one batch of a second tenant before the next of many of the first', async () => {
    const { acme, beta } = sut.db;
    const [store] = (
      await sut.db.root.query<{ id: string }>(
        `INSERT INTO ${beta.schema}.stores (tenant_id, code, name) VALUES ($1, 'B', 'B') RETURNING id`,
        [beta.id],
      )
    ).rows;
    await sut.stock(BATCHES_AT_ONCE, 3, store!.id, beta);
    for (let n = STORES; n < BATCHES_AT_ONCE + 4; n++) await sut.stock(PRODUCTS, 3, await sut.newStore());
    const begun: { tenant: string; go: () => void }[] = [];
    threads.mockImplementation(async (series) => {
      await new Promise<void>((go) => begun.push({ tenant: tenantScope().tenant.slug, go }));
      return series.map(quick);
    });
    const lab = { ...sut.db, a: acme, b: beta, work: sut.db.unit, directory: sut.directory };
    const workers = await openJobProcess(lab, [sut.forecastJobs, sut.jobs, sut.replenishment.jobs]);
    // the other rooms' jobs, which the lab's imports declare, are nobody's here
    jest.spyOn(workers.registry, 'assertComplete').mockReturnValue();
    try {
      const large = await start();
      await workers.workers.start();
      await until(() => begun.length === BATCHES_AT_ONCE);
      expect((await sut.waiting(large)).length).toBeLessThanOrEqual(LANES);
      const small = await sut.db.as(beta, async () => (await sut.runsService.start({})).runId);
      await until(async () => (await sut.waiting(small)).some((job) => job.name === 'forecast.batch'));
      begun[0]!.go();
      await until(() => begun.length > BATCHES_AT_ONCE);
      expect(begun.map((batch) => batch.tenant)).toEqual([...Array.from({ length: BATCHES_AT_ONCE }, () => 'acme'), 'beta']);
      // all that follows is let go
      for (let next = 1; ; next++) {
        await until(async () => begun.length > next || (await sut.shown(large)).state === 'completed');
        if (begun.length <= next) break;
        begun[next]!.go();
      }
      await until(async () => (await sut.db.as(beta, () => sut.runs.find(small)))?.phase === 'ended');
    } finally {
      for (const { go } of begun) go();
      await workers.close();
    }
  });

  it('should take batches of one run at once, and go on where one of them was killed', async () => {
    jest.restoreAllMocks();
    const done = async (runId: string) => Number((await sut.runRow(runId))['batches_done']);
    await sut.query(
      `UPDATE stores SET is_active = false WHERE id NOT IN (SELECT store_id FROM sales GROUP BY 1 HAVING count(*) > 3)`,
    );
    const alone = await sut.forecastsOf(await sut.forecast());
    const workers = await Promise.all([WorkerProcess.start(sut.db.url), WorkerProcess.start(sut.db.url)]);
    try {
      const runId = await start();
      // one dies while it works on a batch
      await until(async () => (await done(runId)) > 0);
      await workers[0].end('SIGKILL');
      await until(async () => (await sut.shown(runId)).state === 'completed', 60_000);
      expect(await sut.forecastsOf(runId)).toEqual(alone);
      expect(await sut.runRow(runId)).toMatchObject({ status: 'completed', batches_done: STORES });
    } finally {
      await Promise.all(workers.map((worker) => worker.end()));
    }
  });
});
