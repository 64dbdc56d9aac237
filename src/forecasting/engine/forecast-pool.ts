import type { Worker } from 'node:worker_threads';
import { unpackForecasts, type ForecastAnswer, type ForecastTask } from './forecast-task.js';
import type { PoolKnowledge } from './knowledge.js';
import type { SeriesForecast, SeriesInput } from './series.js';
import { PoolOptions, RunOptions, WorkerPool } from './worker-pool.js';

type AnyArray = Float64Array | Uint8Array;

/** Copies a series' arrays (of whatever buffer they are views) so that the copies can be transferred and the series sent again. */
function copyForTransfer(series: SeriesInput, transfer: ArrayBuffer[]): SeriesInput {
  const copy = <T extends AnyArray>(array: T, make: (array: T) => T & { buffer: ArrayBuffer }): T => {
    const own = make(array);
    transfer.push(own.buffer);
    return own;
  };
  const floats = (array: Float64Array): Float64Array => copy(array, (one) => Float64Array.from(one));
  const flags = (array: Uint8Array): Uint8Array => copy(array, (one) => Uint8Array.from(one));
  const { promo, price, closed, stockout, future } = series;
  return {
    ...series,
    y: floats(series.y),
    ...(promo && { promo: floats(promo) }),
    ...(price && { price: floats(price) }),
    ...(closed && { closed: flags(closed) }),
    ...(stockout && { stockout: flags(stockout) }),
    ...(future && {
      future: {
        ...future,
        ...(future.promo && { promo: floats(future.promo) }),
        ...(future.price && { price: floats(future.price) }),
        ...(future.closed && { closed: flags(future.closed) }),
      },
    }),
  };
}

function send(worker: Worker, task: ForecastTask): void {
  const transfer: ArrayBuffer[] = [];
  worker.postMessage({ ...task, series: task.series.map((series) => copyForTransfer(series, transfer)) }, transfer);
}

/** Where the compiled thread is: beside this module, or in dist when this runs as TypeScript (tests). */
export function threadEntry(moduleUrl: string = import.meta.url): URL {
  if (moduleUrl.endsWith('.js')) return new URL('./forecast-thread.js', moduleUrl);
  return new URL('../../../dist/forecasting/engine/forecast-thread.js', moduleUrl);
}

/** Runs forecastBatch() and learnPool() in worker threads; see WorkerPool for the limits, errors and abortion. */
export class ForecastPool {
  private readonly pool: WorkerPool<ForecastTask, ForecastAnswer>;

  constructor(options: Partial<PoolOptions> = {}) {
    this.pool = new WorkerPool({ ...options, entry: options.entry ?? threadEntry() }, send);
  }

  /** Batches in work and waiting. */
  get load(): { running: number; waiting: number } {
    return this.pool.load;
  }

  /** Forecasts one batch in one thread, in the order of the input; the input stays the caller's. */
  async forecast(
    series: readonly SeriesInput[],
    { knowledge, ...options }: RunOptions & { knowledge?: PoolKnowledge } = {},
  ): Promise<SeriesForecast[]> {
    const answer = await this.pool.run({ kind: 'forecast', series, ...(knowledge && { knowledge }) }, options);
    if (!('forecasts' in answer)) throw new Error('a forecast thread answered something else');
    return unpackForecasts(answer.forecasts);
  }

  /** Learns from a sample in one thread. */
  async learn(series: readonly SeriesInput[], options?: RunOptions): Promise<PoolKnowledge> {
    const answer = await this.pool.run({ kind: 'learn', series }, options);
    if (!('knowledge' in answer)) throw new Error('a forecast thread answered something else');
    return answer.knowledge;
  }

  close(): Promise<void> {
    return this.pool.close();
  }
}
