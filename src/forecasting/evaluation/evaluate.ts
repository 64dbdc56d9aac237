import { forecastBatch } from '../engine/forecast-batch.js';
import { type Frequency, type SeriesForecast, seasonLength } from '../engine/series.js';
import { errorScales, type Errors, errorsOf } from './accuracy.js';
import { BASELINES, type Baseline, baselineForecasts } from './baselines.js';
import { type LeadTimeScore, scoreLeadTime } from './lead-time.js';
import { inputAt, type SampleSeries } from './sample.js';

/** Series that are forecast together at most. */
const BATCH = 500;
/** Periods whose summed demand the lead-time quantiles are of. */
export const LEAD_TIME: Readonly<Record<Frequency, number>> = { D: 14, W: 4, M: 3 };

/** Series by group, in the order of the sample. */
export function byGroup(sample: readonly SampleSeries[]): Map<string, SampleSeries[]> {
  const groups = new Map<string, SampleSeries[]>();
  for (const series of sample) {
    const of = groups.get(series.group);
    if (of) of.push(series);
    else groups.set(series.group, [series]);
  }
  return groups;
}

/** The engine's forecasts of a group's series, each at its own origin. */
export function forecastGroup(series: readonly SampleSeries[], originOf: (one: SampleSeries) => number): SeriesForecast[] {
  const forecasts: SeriesForecast[] = [];
  for (let from = 0; from < series.length; from += BATCH) {
    const part = series.slice(from, from + BATCH);
    forecasts.push(...forecastBatch(part.map((one) => inputAt(one, originOf(one), LEAD_TIME[one.freq]))));
  }
  return forecasts;
}

/**
 * Origins inside the history, newest first: the last leaves one horizon of truth, the others lie back in even steps that spread them over a
 * year, or over what is left of the history beyond two horizons and its first half.
 */
export function originsOf(series: SampleSeries, count: number): number[] {
  const { freq, horizon, y } = series;
  const year = freq === 'D' ? 364 : seasonLength(freq);
  const last = y.length - horizon;
  const earliest = Math.max(2 * horizon, Math.floor(y.length / 2));
  if (last < 2) return [];
  const step = count > 1 ? Math.floor(Math.min(year, Math.max(0, last - earliest)) / (count - 1)) : 0;
  return Array.from({ length: count }, (_, k) => last - k * step).filter((origin, k) => k === 0 || step > 0);
}

export interface GroupScore {
  group: string;
  series: number;
  /** CPU seconds of the engine */
  cpu: number;
  engine: Errors;
  baselines: Record<Baseline, Errors>;
  leadTime: LeadTimeScore;
}

function meanErrors(all: readonly Errors[]): Errors {
  const of = (name: keyof Errors): number => all.reduce((sum, one) => sum + one[name], 0) / all.length;
  return { mase: of('mase'), rmsse: of('rmsse'), inside80: of('inside80'), inside95: of('inside95') };
}

function meanLeadTime(all: readonly LeadTimeScore[]): LeadTimeScore {
  const of = (name: keyof LeadTimeScore): number => all.reduce((sum, one) => sum + one[name], 0) / all.length;
  return { service: of('service'), pinball: of('pinball'), textbook: of('textbook') };
}

const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** Scores engine and baselines at the `rank`-th origin (0 = the newest) of every series of a group that has it. */
export function scoreGroup(group: string, all: readonly SampleSeries[], rank: number, count: number): GroupScore | null {
  const origins = new Map(all.map((one) => [one, originsOf(one, count)[rank]]));
  const series = all.filter((one) => origins.get(one) !== undefined);
  const originOf = (one: SampleSeries): number => origins.get(one)!;
  const started = cpuSeconds();
  const forecasts = forecastGroup(series, originOf);
  const cpu = cpuSeconds() - started;
  const engine: Errors[] = [];
  const leadTimes: LeadTimeScore[] = [];
  const baselines = Object.fromEntries(BASELINES.map((name) => [name, [] as Errors[]])) as Record<Baseline, Errors[]>;
  series.forEach((one, k) => {
    const origin = originOf(one);
    const history = one.y.subarray(0, origin);
    const actual = one.y.subarray(origin, origin + one.horizon);
    const scales = errorScales(history, one.season);
    const { mean, q10, q90, q025, q975 } = forecasts[k]!;
    const errors = errorsOf(actual, mean, scales, { low80: q10, high80: q90, low95: q025, high95: q975 });
    if (errors === null) return;
    engine.push(errors);
    const leadTime = scoreLeadTime(history, actual, forecasts[k]!.leadTime!, one.season);
    if (leadTime !== null) leadTimes.push(leadTime);
    const m = one.freq === 'W' && history.length < 3 * 52 ? 1 : seasonLength(one.freq);
    for (const [name, forecast] of Object.entries(baselineForecasts(history, m, one.horizon)))
      baselines[name as Baseline].push(errorsOf(actual, forecast, scales)!);
  });
  if (engine.length === 0) return null;
  const means = Object.entries(baselines).map(([name, errors]) => [name, meanErrors(errors)]);
  return {
    group,
    series: engine.length,
    cpu,
    engine: meanErrors(engine),
    baselines: Object.fromEntries(means),
    leadTime: meanLeadTime(leadTimes),
  };
}
