import { LRUCache } from 'lru-cache';

/** At most `limit` in `seconds`, all at once or spread. */
export interface RateLimit {
  readonly limit: number;
  readonly seconds: number;
}

export interface RateState {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** seconds until the whole limit is free again */
  readonly reset: number;
  /** seconds until the next request passes; 0 when it passes now */
  readonly retryAfter: number;
}

const MAX_KEYS = 100_000;

/**
 * Limits by the generic cell rate algorithm (ITU-T I.371): one number a key, the time at which its bucket is full again.
 * It counts in this process; with n API processes behind a balancer a caller may reach n times the limit.
 */
export class RateLimiter {
  private readonly full = new LRUCache<string, number>({ max: MAX_KEYS });

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Takes one from the key's limit. */
  take(key: string, rate: RateLimit): RateState {
    const now = this.now();
    const each = (rate.seconds * 1000) / rate.limit;
    const window = rate.seconds * 1000;
    const busyUntil = Math.max(this.full.get(key) ?? 0, now);
    const next = busyUntil + each;
    // half a cell of slack, so that rounding never takes the last one
    const allowed = next - now <= window + each / 2;
    const level = allowed ? next : busyUntil;
    if (allowed) this.full.set(key, next);
    return {
      allowed,
      limit: rate.limit,
      remaining: Math.max(0, Math.floor((window - (level - now) + each / 2) / each)),
      reset: Math.ceil((level - now) / 1000),
      retryAfter: allowed ? 0 : Math.max(1, Math.ceil((next - now - window) / 1000)),
    };
  }

  /** Gives the key its whole limit back, as after a log-in that succeeded. */
  forgive(key: string): void {
    this.full.delete(key);
  }
}
