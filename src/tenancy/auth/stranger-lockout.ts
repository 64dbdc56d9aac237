import { LRUCache } from 'lru-cache';
import { lockSeconds } from './lockout.js';

const MAX_STRANGERS = 10_000;

/**
 * The lockout of e-mails that nobody has, after the same schedule as that of people: whoever tries passwords learns nothing about who
 * exists. Kept in this process only.
 */
export class StrangerLockout {
  private readonly strangers = new LRUCache<string, { failures: number; lockedUntil: number }>({ max: MAX_STRANGERS });

  constructor(private readonly now: () => number = Date.now) {}

  /** Counts a try. @returns seconds for which no further try is looked at; 0: this one is */
  attempt(email: string, tenant: string | undefined): number {
    const key = `${email.toLowerCase()} ${tenant ?? ''}`;
    const { failures, lockedUntil } = this.strangers.get(key) ?? { failures: 0, lockedUntil: 0 };
    const now = this.now();
    if (lockedUntil > now) return Math.ceil((lockedUntil - now) / 1000);
    this.strangers.set(key, { failures: failures + 1, lockedUntil: now + lockSeconds(failures + 1) * 1000 });
    return 0;
  }
}
