import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import type { SeriesForecast } from '../engine/series.js';
import { byGroup, forecastGroup, scoreGroup } from './evaluate.js';
import {
  FORECAST_HEAD,
  forecastLines,
  geometricMean,
  isSparseGroup,
  judge,
  LEAD_TIME_HEAD,
  leadTimeLines,
  table,
} from './report.js';
import { readSample, type SampleSeries } from './sample.js';

const HELP = `npm run forecast:eval -- --data DIR [--out FILE] [--leadtime FILE] [--origins N] [--groups A,B]

Forecasts every series of DIR (series.csv, train.csv and, if it is there, exog.csv; nothing else is opened) from the end of its history.
  --out FILE       series_id,ds,yhat,lo80,hi80,lo95,hi95,q50
  --leadtime FILE  series_id,q50,q80,q90,q95,q99 of the demand summed over 14 days, 4 weeks or 3 months
  --origins N      instead, N origins inside the history: errors of the engine over those of the best textbook method, by group
  --sparse A,B     groups judged by RMSSE instead of MASE (default: those in which most periods of most series sell nothing)`;

const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
const fixed = (value: number): string => value.toFixed(3);

async function write(file: string | undefined, head: string, lines: Iterable<string>): Promise<void> {
  if (file === undefined) return;
  await pipeline(
    Readable.from(
      (function* text() {
        yield head;
        yield* lines;
      })(),
    ),
    createWriteStream(file),
  );
}

async function forecast(groups: Map<string, SampleSeries[]>, out?: string, leadTime?: string): Promise<void> {
  const series: SampleSeries[] = [];
  const forecasts: SeriesForecast[] = [];
  const rows = [['group', 'series', 'CPU s', 'series/s']];
  for (const [group, of] of groups) {
    const started = cpuSeconds();
    const made = forecastGroup(of, ({ y }) => y.length);
    const cpu = cpuSeconds() - started;
    series.push(...of);
    forecasts.push(...made);
    rows.push([group, String(of.length), fixed(cpu), (of.length / cpu).toFixed(1)]);
  }
  await write(out, FORECAST_HEAD, forecastLines(series, forecasts));
  await write(leadTime, LEAD_TIME_HEAD, leadTimeLines(forecasts));
  console.log(table(rows));
}

function score(groups: Map<string, SampleSeries[]>, origins: number, sparse: string[] | undefined): void {
  const rows = [
    ['origin, group', 'series', 'metric', 'engine', 'best', 'of', 'ratio', 'in 80 %', 'in 95 %', 'LT 95 %', 'LT loss', 'CPU s'],
  ];
  const ratios = new Map<string, number[]>();
  for (let rank = 0; rank < origins; rank++) {
    for (const [group, series] of groups) {
      const scored = scoreGroup(group, series, rank, origins);
      if (scored === null) continue;
      const { metric, engine, best, bestValue, ratio } = judge(
        scored,
        (sparse?.includes(group) ?? isSparseGroup(series)) ? 'rmsse' : 'mase',
      );
      ratios.set(group, [...(ratios.get(group) ?? []), ratio]);
      const { inside80, inside95 } = scored.engine;
      rows.push([`${rank + 1} ${group}`, String(scored.series), metric, ...[engine, bestValue].map(fixed), best]);
      const { service, pinball, textbook } = scored.leadTime;
      rows.at(-1)!.push(...[ratio, inside80, inside95, service, pinball / textbook, scored.cpu].map(fixed));
    }
  }
  console.log(table(rows));
  const means = [...ratios].map(([group, all]) => [group, fixed(geometricMean(all))]);
  console.log(`\n${table([['group', 'ratio, geometric mean over the origins'], ...means])}`);
  console.log(`\nall groups: ${fixed(geometricMean([...ratios.values()].map(geometricMean)))}`);
}

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    out: { type: 'string' },
    leadtime: { type: 'string' },
    origins: { type: 'string' },
    groups: { type: 'string' },
    sparse: { type: 'string' },
    help: { type: 'boolean' },
  },
});
if (values.help || values.data === undefined) {
  console.log(HELP);
  process.exitCode = values.help ? 0 : 2;
} else {
  const wanted = values.groups?.split(',');
  const sample = (await readSample(values.data)).filter(({ group }) => wanted?.includes(group) ?? true);
  const groups = byGroup(sample);
  if (values.origins === undefined) await forecast(groups, values.out, values.leadtime);
  else score(groups, Math.max(1, Number(values.origins) || 3), values.sparse?.split(','));
}
