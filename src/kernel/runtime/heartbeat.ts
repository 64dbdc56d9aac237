import { closeSync, openSync, utimesSync } from 'node:fs';
import { asError } from './system-error.js';

const BEAT_EVERY_MS = 10_000;

/**
 * Touches a file now and as long as the event loop turns: what a container's health check looks at.
 * A beat that cannot be written is told and missed, since it is the health check that ends a process that misses too many.
 */
export function startHeart(file: string, log: (line: string) => void): NodeJS.Timeout {
  const beat = (): void => {
    try {
      closeSync(openSync(file, 'a'));
      const now = new Date();
      utimesSync(file, now, now);
    } catch (error) {
      log(`missed a heartbeat: ${asError(error).message}`);
    }
  };
  beat();
  return setInterval(beat, BEAT_EVERY_MS);
}
