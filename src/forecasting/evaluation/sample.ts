import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Frequency, type SeriesInput, periodIndex } from '../engine/series.js';

/** A series of an evaluation sample: what is known of its past, and the plan of its past and future. */
export interface SampleSeries {
  readonly id: string;
  /** series of one group are forecast together */
  readonly group: string;
  readonly freq: Frequency;
  /** lag of the naive forecast that scales errors */
  readonly season: number;
  readonly horizon: number;
  /** date of y[0] */
  readonly start: string;
  /** NaN where the sample has no row */
  readonly y: Float64Array;
  /** of history and horizon; absent where the sample says nothing of the series */
  readonly plan?: Plan;
}

interface Plan {
  readonly promo: Float64Array;
  /** NaN = unknown */
  readonly price: Float64Array;
  readonly closed: Uint8Array;
  /** share of the shops, or of the period, in which the product was featured */
  readonly feature: Float64Array;
  readonly events: (string | null)[];
}

type Row = Readonly<Record<string, string>>;

/** The files hold identifiers, dates and numbers: no field is quoted. */
async function readRows(dir: string, name: string): Promise<Row[]> {
  const text = await readFile(path.join(dir, name), 'utf8');
  const [head = '', ...lines] = text.split(/\r?\n/).filter((line) => line !== '');
  const columns = head.split(',');
  return lines.map((line) => {
    const fields = line.split(',');
    return Object.fromEntries(columns.map((column, k) => [column, fields[k] ?? '']));
  });
}

function frequencyOf(text: string): Frequency {
  if (text === 'D') return 'D';
  if (text.startsWith('W')) return 'W';
  if (text.startsWith('M')) return 'M';
  throw new Error(`series.csv: freq ${text} is none of D, W-..., MS`);
}

/**
 * Reads `series.csv`, `train.csv` and, where it is there, `exog.csv` of a folder. Nothing else is opened: what came after the
 * training rows stays unknown.
 */
export async function readSample(dir: string): Promise<SampleSeries[]> {
  const [heads, history, plans] = await Promise.all([
    readRows(dir, 'series.csv'),
    readRows(dir, 'train.csv'),
    readRows(dir, 'exog.csv').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    }),
  ]);
  const series = new Map(heads.map((head) => [head['series_id'], seriesOf(head)]));
  for (const { series_id: id, ds = '', y = '' } of history) {
    const one = series.get(id);
    if (one && y !== '') one.y[periodIndex(one.start, one.freq, ds)] = Number(y);
  }
  for (const row of plans) {
    const one = series.get(row['series_id']);
    if (one) addPlan(one, row);
  }
  return [...series.values()];
}

type Draft = SampleSeries & { plan?: Plan };

function seriesOf(head: Row): Draft {
  const { series_id: id = '', group = '', freq = '', season, horizon, start = '', train_end: end = '' } = head;
  const frequency = frequencyOf(freq);
  const n = periodIndex(start, frequency, end) + 1;
  if (!(n > 0)) throw new Error(`series.csv: ${id} has no period from ${start} to ${end}`);
  return {
    id,
    group,
    freq: frequency,
    season: Number(season),
    horizon: Number(horizon),
    start,
    y: new Float64Array(n).fill(NaN),
  };
}

function addPlan(series: Draft, { ds = '', promo = '', price = '', closed = '', feature = '', event = '' }: Row): void {
  const length = series.y.length + series.horizon;
  series.plan ??= {
    promo: new Float64Array(length),
    price: new Float64Array(length).fill(NaN),
    closed: new Uint8Array(length),
    feature: new Float64Array(length),
    events: Array<string | null>(length).fill(null),
  };
  const at = periodIndex(series.start, series.freq, ds);
  if (at < 0 || at >= length) return;
  series.plan.promo[at] = Number(promo);
  if (price !== '') series.plan.price[at] = Number(price);
  series.plan.closed[at] = Number(closed) === 1 ? 1 : 0;
  series.plan.feature[at] = Number(feature);
  if (event !== '') series.plan.events[at] = event;
}

/**
 * What an engine may know at an origin: the history before period `n`, and the plan of the horizon after it.
 * @param leadTime periods whose summed demand is asked for
 */
export function inputAt(series: SampleSeries, n: number, leadTime: number): SeriesInput {
  const { id, start, freq, horizon, plan } = series;
  const input: SeriesInput = { id, start, freq, y: series.y.slice(0, n), horizon, leadTime };
  if (plan === undefined) return input;
  const { promo, price, closed, feature, events } = plan;
  return {
    ...input,
    promo: promo.slice(0, n),
    price: price.slice(0, n),
    closed: closed.slice(0, n),
    events: events.slice(0, n),
    drivers: { feature: feature.slice(0, n) },
    future: {
      promo: promo.slice(n, n + horizon),
      price: price.slice(n, n + horizon),
      closed: closed.slice(n, n + horizon),
      events: events.slice(n, n + horizon),
      drivers: { feature: feature.slice(n, n + horizon) },
    },
  };
}
