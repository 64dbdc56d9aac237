/**
 * Accuracy and cost of the forecast engine (dist) on daily store-product series, against the seasonal naive (last week repeated) and the flat
 * mean of the last 56 days, over 4 origins of 28 days cut from the end. Promotions, prices and closed days of the horizon are plan data: the
 * engine may know them; sales after an origin are never read.
 *
 *   npm run bench -- forecast [--data DIR] [--origins 4] [--horizon 28] [--skip 0] [--close-gaps 0]
 *
 * DIR is a folder of the import's form (products, sales, calendar .csv); without it, simulated series (bench/forecasting/generated.mjs).
 * The accuracy targets hold for real folders only: the noise of the simulated series bounds every method alike.
 * --skip N leaves out the N latest origins (to look at others than those that are judged). --close-gaps N takes up to N days
 * between two promotion days for promoted too: a control for folders whose promotions were noted at the till, where the flag itself says
 * that something sold (`PA_2_18` in the pasta shop: promoted on every day with a sale and on no other). One JSON line a metric.
 */
import { execFileSync } from 'node:child_process';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { forecastBatch } from '../dist/forecasting/engine/forecast-batch.js';
import { closeGaps, cutAt, readFolder } from './forecasting/folder.mjs';
import { generatedSeries } from './forecasting/generated.mjs';

const SEASON = 7;
const FLAT = 56;

const { values: args } = parseArgs({
  options: {
    data: { type: 'string' },
    origins: { type: 'string' },
    horizon: { type: 'string' },
    skip: { type: 'string' },
    'close-gaps': { type: 'string' },
    json: { type: 'boolean' },
  },
});
const origins = Number(args.origins ?? 4);
const horizon = Number(args.horizon ?? 28);
const skip = Number(args.skip ?? 0);

const load1 = os.loadavg()[0];
const commit = (() => {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'unknown';
  }
})();

const round = (value, digits = 4) => (Number.isFinite(value) ? Number(value.toFixed(digits)) : null);
const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** One line; the ratio (or the value, without a baseline) must not exceed the target. */
function report(metric, value, unit, n, { baseline = null, baselineValue = null, target = null } = {}) {
  const ratio = baselineValue === null ? null : value / baselineValue;
  const pass = target === null ? null : (ratio ?? value) <= target;
  console.log(
    JSON.stringify({
      bench: 'forecast',
      metric,
      value: round(value),
      unit,
      baseline,
      baselineValue: round(baselineValue ?? NaN),
      ratio: round(ratio ?? NaN),
      target,
      pass,
      n,
      load1,
      commit,
    }),
  );
}

const mean = (list) => list.reduce((sum, value) => sum + value, 0) / list.length;

/** In-sample mean absolute difference at lag 7: the unit of MASE. */
function scaleOf(y, origin) {
  let sum = 0;
  for (let i = SEASON; i < origin; i++) sum += Math.abs(y[i] - y[i - SEASON]);
  return sum / (origin - SEASON);
}

function maseOf(forecast, y, origin, scale) {
  let sum = 0;
  for (let h = 0; h < horizon; h++) sum += Math.abs(y[origin + h] - forecast(h));
  return sum / horizon / scale;
}

const LEVELS = { q10: 0.1, q50: 0.5, q90: 0.9, q95: 0.95, q99: 0.99 };
const series = args.data ? readFolder(args.data) : generatedSeries();
for (const one of series) closeGaps(one.promo, Number(args['close-gaps'] ?? 0));
const all = { ours: [], naive: [], flat: [] };
const inside = { q90: [], q95: [], q99: [], lead95: [] };
let spent = 0;
let quantileLoss = 0;
let periods = 0;

for (let back = origins + skip; back > skip; back--) {
  const origin = series[0].y.length - back * horizon;
  const inputs = series.map((one) => ({ ...cutAt(one, origin, horizon), leadTime: 7 }));
  const before = cpuMs();
  const forecasts = forecastBatch(inputs);
  spent += cpuMs() - before;
  const own = { ours: [], naive: [], flat: [] };
  series.forEach(({ y, closed }, k) => {
    const scale = scaleOf(y, origin);
    if (!(scale > 0)) return;
    const forecast = forecasts[k];
    const flat = mean(Array.from(y.subarray(origin - FLAT, origin)));
    own.ours.push(maseOf((h) => forecast.mean[h], y, origin, scale));
    own.naive.push(maseOf((h) => y[origin - SEASON + (h % SEASON)], y, origin, scale));
    own.flat.push(maseOf(() => flat, y, origin, scale));
    for (let h = 0; h < horizon; h++) {
      if (closed[origin + h]) continue;
      periods++;
      for (const name of ['q90', 'q95', 'q99']) inside[name].push(y[origin + h] <= forecast[name][h] ? 1 : 0);
      for (const [name, level] of Object.entries(LEVELS)) {
        const miss = y[origin + h] - forecast[name][h];
        quantileLoss += (2 * Math.max(level * miss, (level - 1) * miss)) / scale / 5;
      }
    }
    inside.lead95.push(y.subarray(origin, origin + 7).reduce((a, b) => a + b, 0) <= forecast.leadTime.q95 ? 1 : 0);
  });
  const label = `origin ${inputs[0].start} + ${origin} days`;
  report(`MASE at ${label}, against the seasonal naive`, mean(own.ours), 'MASE', own.ours.length, {
    baseline: 'seasonal naive',
    baselineValue: mean(own.naive),
  });
  report(`MASE at ${label}, against the flat mean`, mean(own.ours), 'MASE', own.ours.length, {
    baseline: `mean of ${FLAT} days`,
    baselineValue: mean(own.flat),
  });
  for (const name of Object.keys(all)) all[name].push(...own[name]);
}

const n = all.ours.length;
report('MASE, against the seasonal naive', mean(all.ours), 'MASE', n, {
  baseline: 'seasonal naive',
  baselineValue: mean(all.naive),
  target: args.data ? 0.68 : null,
});
report('MASE, against the flat mean', mean(all.ours), 'MASE', n, {
  baseline: `mean of ${FLAT} days`,
  baselineValue: mean(all.flat),
  target: args.data ? 0.9 : null,
});
for (const name of ['q90', 'q95', 'q99']) report(`share of days not above ${name}`, mean(inside[name]), 'share', periods);
report('share of 7-day sums not above the lead-time 95 % quantile', mean(inside.lead95), 'share', n);
report('scaled quantile loss of the five stored quantiles', quantileLoss / periods, 'SPL', periods);
report('CPU per series and run (3 backtests, forecast, quantiles)', spent / n, 'ms', n, { target: 25 });
