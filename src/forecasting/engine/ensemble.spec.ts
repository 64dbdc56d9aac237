import { rollingOrigins } from './origins.js';
import { backtest, type Trial } from './backtest.js';
import { quantileOfSum } from './demand-sums.js';
import { timelineOf } from './drivers.js';
import { conformalQuantile, ErrorDistribution } from './intervals.js';
import { SeriesInput } from './series.js';
import { combine, learnEnsemble, weigh } from './weights.js';

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

describe('rollingOrigins', () => {
  it('should end at the present and spread over three quarters of a year when the history allows', () => {
    expect(rollingOrigins(730, 0, { horizon: 28, freq: 'D' })).toEqual([430, 566, 702]);
    expect(rollingOrigins(120, 0, { horizon: 12, freq: 'M' })).toEqual([100, 104, 108]);
  });

  it('should stay in the later half of a short history', () => {
    const origins = rollingOrigins(100, 0, { horizon: 14, freq: 'D' });
    expect(origins).toEqual([50, 68, 86]);
  });

  it('should count the history from the first period on, and give none when it is too short', () => {
    expect(rollingOrigins(100, 65, { horizon: 14, freq: 'D' })).toEqual([86]);
    // a young series is judged over less than the horizon
    expect(rollingOrigins(100, 70, { horizon: 14, freq: 'D' })).toEqual([91]);
    expect(rollingOrigins(100, 78, { horizon: 14, freq: 'D' })).toEqual([]);
  });
});

describe('backtest', () => {
  it('should judge every candidate at every origin by what followed', () => {
    const [trials] = trialsOf([noisy('a', 3)]);
    expect(trials!.map(({ prepared }) => prepared.n)).toEqual(rollingOrigins(300, 0, { horizon: 14, freq: 'D' }));
    const { actual, forecasts, prepared } = trials![2]!;
    expect([...actual]).toEqual([...prepared.timeline.series.y.subarray(286, 300)]);
    const loss = (name: string): number => forecasts.get(name)!.reduce((sum, value, h) => sum + Math.abs(value - actual[h]!), 0);
    // noise of +-10 around a known profile: the naive one repeats it, the mean does not
    expect(loss('long-mean')).toBeLessThan(loss('seasonal-naive'));
  });
});

describe('conformalQuantile', () => {
  it('should be the empirical quantile when errors are plenty', () => {
    const sorted = Float64Array.from({ length: 1001 }, (_, i) => i / 1000);
    expect([0.025, 0.5, 0.8, 0.99].map((probability) => conformalQuantile(sorted, probability))).toEqual([0.025, 0.5, 0.8, 0.99]);
  });

  it('should be a normal one without errors, and lie between for a few', () => {
    expect(conformalQuantile(new Float64Array(0), 0.95)).toBeCloseTo(1.6449, 3);
    const few = conformalQuantile(Float64Array.from([-1, 1]), 0.99);
    expect(few).toBeGreaterThan(1);
    expect(few).toBeLessThan(2.33);
  });
});

describe('ErrorDistribution', () => {
  it('should cover the nominal share of days and weeks that it has not seen', () => {
    const inputs = Array.from({ length: 30 }, (_, k) => noisy(`s${k}`, 1000 + 17 * k));
    const trials = trialsOf(inputs);
    const seen = trials.map((list) => list.slice(0, 2));
    const ensemble = learnEnsemble(seen);
    const sut = new ErrorDistribution(seen, ensemble);
    const share = { days: 0, inside: 0, weeks: 0, weeksInside: 0 };
    for (const list of trials) {
      const trial = list[2]!;
      const mean = combine(trial.forecasts, weigh(ensemble.all, trial.demand.class, trial.forecasts));
      const { q10, q90 } = sut.periodQuantiles(trial, mean);
      trial.actual.forEach((actual, h) => {
        share.days++;
        if (actual >= q10[h]! && actual <= q90[h]!) share.inside++;
      });
      share.weeks++;
      if (week(trial.actual) <= quantileOfSum(sut.demandSums(trial, mean), 7, 0.9)) share.weeksInside++;
    }
    expect(share.inside / share.days).toBeGreaterThan(0.74);
    expect(share.inside / share.days).toBeLessThan(0.86);
    expect(share.weeksInside / share.weeks).toBeGreaterThan(0.75);
  });
});
