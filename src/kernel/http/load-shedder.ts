import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../config/config.js';
import { ProblemError } from '../errors/problem-error.js';

const SAMPLE_MS = 200;
/** an event loop this late serves nobody well: new work is better sent elsewhere or later */
const MAX_LAG_MS = 1_000;

/**
 * Refuses new requests (503 with Retry-After) while too many run, the event loop is late, or the process is stopping.
 * A refusal takes microseconds; queueing instead would make every client wait and time out.
 */
@Injectable()
export class LoadShedder implements OnApplicationShutdown {
  private inFlight = 0;
  private lag = 0;
  private readonly stopper = new AbortController();
  private expected = performance.now() + SAMPLE_MS;
  private readonly timer: NodeJS.Timeout;
  private readonly max: number;
  /** one function for all requests: listeners of `close` */
  readonly leave = (): void => {
    this.inFlight--;
  };

  constructor(config: Config) {
    this.max = config.MAX_IN_FLIGHT;
    this.timer = setInterval(() => this.sample(), SAMPLE_MS);
    this.timer.unref();
  }

  private sample(): void {
    const now = performance.now();
    this.lag = Math.max(0, now - this.expected);
    this.expected = now + SAMPLE_MS;
  }

  /** Counts a request in, or throws. Whoever called it calls `leave` once the response is over. */
  enter(): void {
    if (this.isStopping) throw new ProblemError('http.unavailable');
    if (this.inFlight >= this.max || this.lag > MAX_LAG_MS) throw new ProblemError('http.overloaded');
    this.inFlight++;
  }

  /** From now on every new request is refused. */
  stop(): void {
    this.stopper.abort();
  }

  get isStopping(): boolean {
    return this.stopper.signal.aborted;
  }

  /** Aborts when the process begins to stop: long-lived answers end themselves then. */
  get stopping(): AbortSignal {
    return this.stopper.signal;
  }

  get running(): number {
    return this.inFlight;
  }

  /** Resolves when no request runs any more, or after `patience` milliseconds. @returns whether all were done */
  async drained(patience: number): Promise<boolean> {
    const until = performance.now() + patience;
    while (this.inFlight > 0 && performance.now() < until) await delay(10);
    return this.inFlight === 0;
  }

  get lagMs(): number {
    return this.lag;
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }
}
