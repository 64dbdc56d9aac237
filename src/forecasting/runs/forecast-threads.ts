import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { availableParallelism } from 'node:os';
import { ForecastPool } from '../engine/forecast-pool.js';

/** Threads that compute forecasts in one process; one core is left for everything else. */
export const FORECAST_THREADS = Math.max(1, availableParallelism() - 1);
/** Batches that one process works on: one is read or stored while the threads compute the others. What is in memory at once is this much. */
export const BATCHES_AT_ONCE = FORECAST_THREADS + 1;

/** The one pool of a process. Its threads start with the first batch. */
@Injectable()
export class ForecastThreads extends ForecastPool implements OnApplicationShutdown {
  constructor() {
    super({ size: FORECAST_THREADS });
  }

  onApplicationShutdown(): Promise<void> {
    return this.close();
  }
}
