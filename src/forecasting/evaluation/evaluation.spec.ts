import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { errorScales, errorsOf } from './accuracy.js';
import { baselineForecasts, interpolated } from './baselines.js';
import { byGroup, forecastGroup, LEAD_TIME, originsOf, scoreGroup } from './evaluate.js';
import { forecastLines, isSparseGroup, judge, leadTimeLines } from './report.js';
import { inputAt, readSample, type SampleSeries } from './sample.js';

const day = (i: number): string => new Date(Date.UTC(2024, 0, 1 + i)).toISOString().slice(0, 10);
const profile = [16, 18, 18, 20, 24, 30, 14];

/** A shop's series whose promotions double the demand; every tenth row is missing. */
function files(days: number, horizon: number): Record<string, string> {
  const history: string[] = [];
  const plan: string[] = [];
  for (let i = 0; i < days + horizon; i++) {
    const promo = i % 23 < 3 ? 1 : 0;
    if (promo) plan.push(`A,${day(i)},1,2.50,,0,`);
    if (i < days && i % 10 !== 4) history.push(`A,${day(i)},${profile[i % 7]! * (1 + promo)}`);
  }
  return {
    'series.csv': `series_id,group,freq,season,horizon,start,train_end,n_train\nA,shop,D,7,${horizon},${day(0)},${day(days - 1)},${days}\n`,
    'train.csv': `series_id,ds,y\n${history.join('\n')}\n`,
    'exog.csv': `series_id,ds,promo,price,feature,closed,event\n${plan.join('\n')}\n`,
  };
}

describe('readSample', () => {
  let dir: string;
  const write = (of: Record<string, string>): void => {
    for (const [name, text] of Object.entries(of)) writeFileSync(path.join(dir, name), text);
  };
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), 'fluxion-'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it('should read history and plan of a folder without a test file, and leave gaps unknown', async () => {
    write(files(60, 14));
    const [series] = await readSample(dir);
    expect(series).toMatchObject({ id: 'A', group: 'shop', freq: 'D', season: 7, horizon: 14, start: '2024-01-01' });
    expect([series!.y.length, series!.y[0], series!.y[4], series!.y[5]]).toEqual([60, 32, NaN, 30]);
    const input = inputAt(series!, 50, 7);
    expect([input.y.length, input.promo!.length, input.future!.promo!.length]).toEqual([50, 50, 14]);
    expect([input.promo![46], input.promo![49], input.future!.promo![0]]).toEqual([1, 0, 0]);
    expect([input.price![46], input.price![49]]).toEqual([2.5, NaN]);
  });

  it('should do without a plan, and name a frequency that it does not know', async () => {
    const { 'series.csv': heads, 'train.csv': history } = files(60, 14);
    write({ 'series.csv': heads!, 'train.csv': history! });
    expect((await readSample(dir))[0]!.plan).toBeUndefined();
    write({ 'series.csv': heads!.replace(',D,', ',Q,') });
    await expect(readSample(dir)).rejects.toThrow('freq Q');
  });

  it('should forecast it in the form that scorers read', async () => {
    write(files(200, 14));
    const sample = await readSample(dir);
    const forecasts = forecastGroup(sample, ({ y }) => y.length);
    const lines = [...forecastLines(sample, forecasts)];
    expect(lines).toHaveLength(14);
    expect(lines[0]).toMatch(new RegExp(`^A,${day(200)}(,[\\d.]+){6}\\n$`));
    const [mean, low80, high80, low95, high95] = lines[0]!.trim().split(',').slice(2).map(Number);
    expect([low95! <= low80!, low80! <= mean!, mean! <= high80!, high80! <= high95!]).toEqual([true, true, true, true]);
    const [, ...sums] = [...leadTimeLines(forecasts)][0]!.trim().split(',').map(Number);
    expect(sums).toEqual(sums.toSorted((a, b) => a - b));
    expect(LEAD_TIME.D).toBe(14);
  });
});

const series = (y: number[], more: Partial<SampleSeries> = {}): SampleSeries => ({
  id: 'a',
  group: 'g',
  freq: 'M',
  season: 12,
  horizon: 2,
  start: '2020-01-01',
  y: Float64Array.from(y),
  ...more,
});

describe('errors', () => {
  it('should be measured in the differences of the history', () => {
    const scales = errorScales(Float64Array.of(0, 0, 2, 4, 8, 6), 2);
    // |2-0|, |4-0|, |8-2|, |6-4| ; (4-2)^2, (8-4)^2, (6-8)^2 from the first demand on
    expect(scales.mase).toBeCloseTo(3.5, 12);
    expect(scales.rmsse).toBeCloseTo(Math.sqrt(8), 12);
    const errors = errorsOf(Float64Array.of(7, NaN, 10), Float64Array.of(6, 6, 6), scales)!;
    expect([errors.mase, errors.rmsse]).toEqual([2.5 / 3.5, Math.sqrt(8.5) / Math.sqrt(8)]);
    expect(errorsOf(Float64Array.of(NaN), Float64Array.of(1), scales)).toBeNull();
  });

  it('should tell how much of the truth lies inside the intervals', () => {
    const of = (value: number): Float64Array => new Float64Array(4).fill(value);
    const bounds = { low80: of(4), high80: of(6), low95: of(2), high95: of(8) };
    const errors = errorsOf(Float64Array.of(5, 7, 9, 4), of(5), { mase: 1, rmsse: 1 }, bounds)!;
    expect([errors.inside80, errors.inside95]).toEqual([0.5, 0.75]);
  });
});

describe('scoring', () => {
  it('should spread origins over a year where the history allows, and never reach into its first half', () => {
    expect(originsOf(series(Array.from({ length: 120 }, () => 1)), 3)).toEqual([118, 112, 106]);
    expect(originsOf(series(Array.from({ length: 12 }, () => 1)), 3)).toEqual([10, 8, 6]);
    expect(originsOf(series([1, 1, 1]), 3)).toEqual([]);
  });

  it('should compare the engine with the best textbook method of the group', () => {
    const all = Array.from({ length: 4 }, (_, k) =>
      series(
        Array.from({ length: 60 }, (__, i) => 50 + 10 * k + 20 * Math.sin((i * Math.PI) / 6) + ((i * 7 + k) % 5)),
        { id: `s${k}` },
      ),
    );
    const scored = scoreGroup('g', [...byGroup(all).get('g')!], 0, 3)!;
    expect(scored.series).toBe(4);
    const { best, ratio, engine, bestValue } = judge(scored, 'mase');
    expect(bestValue).toBe(Math.min(...Object.values(scored.baselines).map(({ mase }) => mase)));
    expect(ratio).toBeCloseTo(engine / bestValue, 12);
    expect(['seasonal-naive', 'theta', 'ets']).toContain(best);
    expect(isSparseGroup(all)).toBe(false);
    expect(isSparseGroup([series([0, 0, 1, 0, 0])])).toBe(true);
  });

  it('should close gaps by a line for methods that know none, and forecast no negative demand', () => {
    expect([...interpolated(Float64Array.of(NaN, 2, NaN, NaN, 8, NaN))]).toEqual([2, 2, 4, 6, 8, 8]);
    const forecasts = baselineForecasts(Float64Array.of(9, 8, 7, 6, 5, 4, 3, 2, 1, 0), 1, 6);
    for (const forecast of Object.values(forecasts)) expect(Math.min(...forecast)).toBeGreaterThanOrEqual(0);
  });
});
