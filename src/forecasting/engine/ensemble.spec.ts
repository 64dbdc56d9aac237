import { rollingOrigins } from './origins.js';
import { backtest, Trial } from './backtest.js';
import { timelineOf } from './drivers.js';
import { conformalQuantiles, ErrorDistribution } from './intervals.js';
import { SeriesInput } from './series.js';
import { combine, poolLosses, weigh } from './weights.js';

/** reproducible uniform noise in [-0.5, 0.5) */
function noiseOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32 - 0.5;
}

function noisy(id: string, seed: number, days = 300): SeriesInput {
  const noise = noiseOf(seed);
  const y = Float64Array.from({ length: days }, (_, i) => 40 + (i % 7 === 5 ? 20 : 0) + 20 * noise());
  return { id, start: '2025-01-01', freq: 'D', y, horizon: 14, leadTime: 7 };
}

function week(values: Float64Array): number {
  return values.subarray(0, 7).reduce((a, b) => a + b, 0);
}

function trialsOf(inputs: SeriesInput[]): Trial[][] {
  const timelines = inputs.map(timelineOf);
  return backtest(
    timelines,
    timelines.map(() => 0),
  ).trials;
}

function fakeTrial(losses: Record<string, number>): Trial {
  const [trial] = trialsOf([noisy('x', 1, 60)]).flat();
  return { ...trial!, losses: new Map(Object.entries(losses)) };
}

describe('rollingOrigins', () => {
  it('should end at the present and lie a quarter of a year apart when the history allows', () => {
    expect(rollingOrigins(730, 0, { horizon: 28, freq: 'D' })).toEqual([520, 611, 702]);
    expect(rollingOrigins(120, 0, { horizon: 12, freq: 'M' })).toEqual([102, 105, 108]);
  });

  it('should stay in the later half of a short history', () => {
    const origins = rollingOrigins(100, 0, { horizon: 14, freq: 'D' });
    expect(origins).toEqual([50, 68, 86]);
  });

  it('should count the history from the first demand, and give none when it is too short', () => {
    expect(rollingOrigins(100, 70, { horizon: 14, freq: 'D' })).toEqual([]);
    expect(rollingOrigins(100, 65, { horizon: 14, freq: 'D' })).toEqual([86]);
  });
});

describe('backtest', () => {
  it('should judge every candidate at every origin by what followed', () => {
    const [trials] = trialsOf([noisy('a', 3)]);
    expect(trials!.map(({ prepared }) => prepared.n)).toEqual(rollingOrigins(300, 0, { horizon: 14, freq: 'D' }));
    const { actual, losses, forecasts, prepared } = trials![2]!;
    expect([...actual]).toEqual([...prepared.timeline.series.y.subarray(286, 300)]);
    expect([...losses.keys()].toSorted()).toEqual([...forecasts.keys()].toSorted());
    // noise of +-10 around a known profile: nothing good is far off, and the naive one is worse than the mean
    expect(losses.get('long-mean')).toBeLessThan(losses.get('seasonal-naive')!);
  });
});

describe('weigh', () => {
  it('should give more weight to the better model and none to a bad one', () => {
    const trials = [fakeTrial({ ses: 1, theta: 1.05, 'seasonal-naive': 2 })];
    const weights = weigh(trials, poolLosses(trials), trials[0]!.demand.class, ['ses', 'theta', 'seasonal-naive']);
    expect([...weights.keys()]).toEqual(['ses', 'theta']);
    // (1 / 1.05)^3
    expect(weights.get('theta')! / weights.get('ses')!).toBeCloseTo(1.05 ** -3, 4);
    expect(weights.get('theta')! + weights.get('ses')!).toBeCloseTo(1, 12);
  });

  it('should shrink the losses of a few origins towards the class', () => {
    const own = [fakeTrial({ ses: 1, theta: 1.5 })];
    const pool = poolLosses([...own, ...Array.from({ length: 20 }, () => fakeTrial({ ses: 1.1, theta: 1 }))]);
    const weights = weigh(own, pool, own[0]!.demand.class, ['ses', 'theta']);
    // alone it would drop theta, which is the better one for its class
    expect(weights.get('theta')).toBeGreaterThan(0.3);
  });

  it('should use robust models in equal parts when nothing was ever judged', () => {
    expect([...weigh([], new Map(), 'smooth', ['ses', 'theta', 'ets'])]).toEqual([
      ['ses', 0.5],
      ['theta', 0.5],
    ]);
  });

  it('should combine forecasts by weight', () => {
    const forecasts = new Map([
      ['a', Float64Array.of(1, 2)],
      ['b', Float64Array.of(5, 6)],
    ]);
    expect([
      ...combine(
        forecasts,
        new Map([
          ['a', 0.75],
          ['b', 0.25],
        ]),
      ),
    ]).toEqual([2, 3]);
  });
});

describe('conformalQuantiles', () => {
  it('should be the empirical quantiles when errors are plenty', () => {
    const sorted = Float64Array.from({ length: 1001 }, (_, i) => i / 1000);
    expect(conformalQuantiles(sorted)).toEqual({
      q025: 0.025,
      q10: 0.1,
      q50: 0.5,
      q80: 0.8,
      q90: 0.9,
      q95: 0.95,
      q975: 0.975,
      q99: 0.99,
    });
  });

  it('should be normal ones without errors, and lie between for a few', () => {
    expect(conformalQuantiles(new Float64Array(0)).q95).toBeCloseTo(1.6449, 3);
    const few = conformalQuantiles(Float64Array.from([-1, 1]));
    expect(few.q99).toBeGreaterThan(1);
    expect(few.q99).toBeLessThan(2.33);
  });
});

describe('ErrorDistribution', () => {
  it('should cover the nominal share of days and weeks that it has not seen', () => {
    const inputs = Array.from({ length: 30 }, (_, k) => noisy(`s${k}`, 1000 + 17 * k));
    const trials = trialsOf(inputs);
    const seen = trials.map((list) => list.slice(0, 2));
    const pooled = poolLosses(seen.flat());
    const sut = new ErrorDistribution(seen, pooled, () => 7);
    const share = { days: 0, inside: 0, weeks: 0, weeksInside: 0 };
    for (const list of trials) {
      const trial = list[2]!;
      const mean = combine(trial.forecasts, weigh(list.slice(0, 2), pooled, trial.demand.class, trial.forecasts.keys()));
      const { q10, q90 } = sut.periodQuantiles(trial, mean);
      trial.actual.forEach((actual, h) => {
        share.days++;
        if (actual >= q10[h]! && actual <= q90[h]!) share.inside++;
      });
      share.weeks++;
      if (week(trial.actual) <= sut.sumQuantiles(trial, week(mean), 7).q90) share.weeksInside++;
    }
    expect(share.inside / share.days).toBeGreaterThan(0.74);
    expect(share.inside / share.days).toBeLessThan(0.86);
    expect(share.weeksInside / share.weeks).toBeGreaterThan(0.75);
  });
});
