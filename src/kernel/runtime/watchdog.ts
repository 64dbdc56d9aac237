import type { DatabaseEvent } from './embedded-postgres.js';
import { asError } from './system-error.js';

export interface Watched {
  isAlive(): boolean;
  /** starts the server again; returns its process */
  restart(): Promise<number>;
  everyMinute(): void;
  onEvent(event: DatabaseEvent): void;
}

const LOOK_EVERY_MS = 250;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Looks after a server: one that died is started again, with growing pauses while that fails.
 * @returns a function that ends the watch and waits for a restart that is under way
 */
export function watch(server: Watched): () => Promise<void> {
  let stopped = false;
  let looks = 0;
  let pause = LOOK_EVERY_MS;
  let running = Promise.resolve();

  const look = async (): Promise<void> => {
    if (++looks % (60_000 / LOOK_EVERY_MS) === 0) server.everyMinute();
    if (server.isAlive()) {
      pause = LOOK_EVERY_MS;
      return;
    }
    server.onEvent({ type: 'down' });
    try {
      server.onEvent({ type: 'restarted', pid: await server.restart() });
      pause = LOOK_EVERY_MS;
    } catch (error) {
      server.onEvent({ type: 'failed', error: asError(error) });
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
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
