import { setTimeout as sleep } from 'node:timers/promises';
import { isRetryable } from '../errors/database-errors.js';
import { currentScope } from './tenant-context.js';

const FIRST_WAIT_MS = 5;

/**
 * Runs `work`, one whole transaction or statement, again when the database gave it up as a deadlock's victim or for serialization,
 * so that no client sees a lock error. Inside a running transaction it runs once: only the transaction's owner can repeat it.
 * @param attempts in all; the waits between them double and vary, so that two victims do not meet again
 */
export async function retried<T>(work: () => Promise<T>, attempts = 6): Promise<T> {
  if (currentScope()?.transaction) return work();
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= attempts || !isRetryable(error)) throw error;
      await sleep(FIRST_WAIT_MS * 2 ** (attempt - 1) * (0.5 + Math.random()));
    }
  }
}
