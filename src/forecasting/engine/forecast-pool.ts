import type { Worker } from 'node:worker_threads';
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
        ...(future.promo && { promo: floats(future.promo) }),
        ...(future.price && { price: floats(future.price) }),
        ...(future.closed && { closed: flags(future.closed) }),
      },
    }),
  };
}

function send(worker: Worker, batch: readonly SeriesInput[]): void {
  const transfer: ArrayBuffer[] = [];
  worker.postMessage(
    batch.map((series) => copyForTransfer(series, transfer)),
    transfer,
  );
}

/** Where the compiled thread is: beside this module, or in dist when this runs as TypeScript (tests). */
export function threadEntry(moduleUrl: string = import.meta.url): URL {
  if (moduleUrl.endsWith('.js')) return new URL('./forecast-thread.js', moduleUrl);
  return new URL('../../../dist/forecasting/engine/forecast-thread.js', moduleUrl);
}

/** Runs forecastBatch() in worker threads; see WorkerPool for the limits, errors and abortion. */
export class ForecastPool {
  private readonly pool: WorkerPool<readonly SeriesInput[], SeriesForecast[]>;

  constructor(options: Partial<PoolOptions> = {}) {
    this.pool = new WorkerPool({ ...options, entry: options.entry ?? threadEntry() }, send);
  }

  /** Batches in work and waiting. */
  get load(): { running: number; waiting: number } {
    return this.pool.load;
  }

  /** Forecasts one batch in one thread, in the order of the input; the input stays the caller's. */
  forecast(batch: readonly SeriesInput[], options?: RunOptions): Promise<SeriesForecast[]> {
    return this.pool.run(batch, options);
  }

  close(): Promise<void> {
    return this.pool.close();
  }
}
