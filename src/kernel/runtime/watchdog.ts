import type { DatabaseEvent } from './embedded-postgres.js';
import { asError } from './system-error.js';

export interface Watched {
  isAlive(): boolean;
  /** starts the server again; returns its process */
  restart(): Promise<number>;
  everyMinute(): void;
  /** must not throw */
  onEvent(event: DatabaseEvent): void;
}

const LOOK_EVERY_MS = 250;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Looks after a server: one that died is started again, with growing pauses while that fails.
 * Whatever the system refuses is told, and the watch goes on.
 * @returns a function that ends the watch and waits for a restart that is under way
 */
export function watch(server: Watched): () => Promise<void> {
  let stopped = false;
  let looks = 0;
  let pause = LOOK_EVERY_MS;
  let running = Promise.resolve();

  const failed = (error: unknown): void => server.onEvent({ type: 'failed', error: asError(error) });
  const tidy = (): void => {
    try {
      server.everyMinute();
    } catch (error) {
      failed(error);
    }
  };
  const look = async (): Promise<void> => {
    if (++looks % (60_000 / LOOK_EVERY_MS) === 0) tidy();
    try {
      if (!server.isAlive()) {
        server.onEvent({ type: 'down' });
        server.onEvent({ type: 'restarted', pid: await server.restart() });
      }
      pause = LOOK_EVERY_MS;
    } catch (error) {
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
      failed(error);
    }
  };
  const schedule = (): void => {
    if (stopped) return;
    timer = setTimeout(() => {
      running = look().finally(schedule);
    }, pause);
    timer.unref();
  };
  let timer: NodeJS.Timeout;
  schedule();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await running;
  };
}
