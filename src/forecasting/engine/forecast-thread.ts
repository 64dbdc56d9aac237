import { parentPort } from 'node:worker_threads';
import { forecastBatch } from './forecast-batch.js';
import type { SeriesForecast, SeriesInput } from './series.js';
import type { ThreadReply } from './worker-pool.js';

/** Buffers of a result; forecasts own their arrays, so they can move to the other thread without a copy. */
function buffersOf(forecasts: readonly SeriesForecast[]): ArrayBuffer[] {
  const buffers = forecasts.flatMap(({ mean, q025, q10, q50, q80, q90, q95, q975, q99 }) =>
    [mean, q025, q10, q50, q80, q90, q95, q975, q99].map((array) => array.buffer),
  );
  return buffers.filter((buffer) => buffer instanceof ArrayBuffer);
}

// the entry of ForecastPool's threads: a batch in, its forecasts out
parentPort?.on('message', (batch: readonly SeriesInput[]) => {
  let reply: ThreadReply<SeriesForecast[]>;
  try {
    reply = { result: forecastBatch(batch) };
  } catch (error) {
    reply = { error: error instanceof Error ? error.message : String(error) };
  }
  parentPort?.postMessage(reply, 'result' in reply ? buffersOf(reply.result) : []);
});
