import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { ProblemError } from '../../kernel/errors/index.js';
import { normalizePassword } from './password-rules.js';

/** argon2id as OWASP advises for interactive log-in: 19 MiB, 2 passes, 1 lane; about 20 ms of CPU. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 };
const CURRENT = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/;

/** Hashes at once: each holds one thread of libuv's four and 19 MiB; files and name look-ups need the others. */
const AT_ONCE = 2;
const WAITING = 50;

/** Hashes and compares passwords. The work is bounded: a flood of log-ins is answered 503, it does not take the machine. */
@Injectable()
export class PasswordHasher {
  private running = 0;
  private readonly queue: (() => void)[] = [];
  private decoy: Promise<string> | undefined;

  hash(password: string): Promise<string> {
    return this.bounded(() => hash(normalizePassword(password), COST));
  }

  /** Compares with the stored hash; without one it works as long and answers false, so that the time tells nobody who exists. */
  async verify(stored: string | null | undefined, password: string): Promise<boolean> {
    const encoded = stored ?? (await (this.decoy ??= hash('nobody has this password', COST)));
    const same = await this.bounded(() => verify(encoded, normalizePassword(password)));
    return same && stored !== null && stored !== undefined;
  }

  /** Whether a hash was made at another cost than today's and should be made anew at the next log-in. */
  isOutdated(stored: string): boolean {
    return !CURRENT.test(stored);
  }

  private async bounded<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= AT_ONCE) {
      if (this.queue.length >= WAITING) throw new ProblemError('http.overloaded');
      await new Promise<void>((resolve) => this.queue.push(resolve));
    } else this.running++;
    try {
      return await work();
    } finally {
      const next = this.queue.shift();
      if (next) next();
      else this.running--;
    }
  }
}
