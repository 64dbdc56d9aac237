import { Injectable } from '@nestjs/common';
import { ProblemError } from '../../kernel/errors/index.js';
import { IdentityRepository, type Attempt, type Identity } from './identity.repository.js';
import { FREE_ATTEMPTS } from './lockout.js';
import { LoginJournal } from './login-journal.js';
import { PasswordHasher } from './password-hasher.js';
import type { Caller } from './session.repository.js';

/** Compares a password with the people it may belong to, never more often than the lockout allows. */
@Injectable()
export class PasswordCheck {
  constructor(
    private readonly identities: IdentityRepository,
    private readonly hasher: PasswordHasher,
    private readonly journal: LoginJournal,
  ) {}

  /**
   * Those of the identities whose password it is. A wrong one counts against every other, also when it was right for one: else
   * whoever owns one account of an e-mail could guess at the others without end.
   * @throws ProblemError auth.locked when none of them takes a password now
   */
  async matching(candidates: Identity[], password: string, caller: Caller): Promise<Identity[]> {
    const ids = candidates.map(({ userId }) => userId);
    const attempts = await this.identities.beginAttempts(ids);
    if (attempts.length === 0) throw new ProblemError('auth.locked', { retryAfter: await this.identities.lockedFor(ids) });
    const open = candidates.filter(({ userId }) => attempts.some((attempt) => attempt.userId === userId));
    const matches = await this.compare(open, password);
    if (matches.length > 0) await this.identities.forgiveAttempts(matches.map(({ userId }) => userId));
    else await this.noteLocks(open, attempts, caller);
    for (const { userId, passwordHash } of matches) await this.keepUpToDate(userId, passwordHash, password);
    return matches;
  }

  /** One after the other: side by side they would take both hashing places from everybody else. */
  private async compare(open: Identity[], password: string): Promise<Identity[]> {
    const matches: Identity[] = [];
    try {
      for (const identity of open) if (await this.hasher.verify(identity.passwordHash, password)) matches.push(identity);
    } catch (error) {
      await this.identities.withdrawAttempts(open.map(({ userId }) => userId));
      throw error;
    }
    return matches;
  }

  private async noteLocks(open: Identity[], attempts: Attempt[], caller: Caller): Promise<void> {
    for (const identity of open) {
      const failures = attempts.find(({ userId }) => userId === identity.userId)?.failures ?? 0;
      if (failures >= FREE_ATTEMPTS) await this.journal.locked(identity, caller, failures);
    }
  }

  private async keepUpToDate(userId: string, passwordHash: string | null, password: string): Promise<void> {
    if (passwordHash !== null && this.hasher.isOutdated(passwordHash)) {
      await this.identities.rehash(userId, passwordHash, await this.hasher.hash(password));
    }
  }
}
