import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Principal } from './authenticator.js';

const MAX_ENTRIES = 20_000;
/** A role or user that changes elsewhere without a notice shows after this time at the latest. */
const KEEP_MS = 5_000;

/** Verified credentials, so that a token is verified once in some seconds and not at every request. */
@Injectable()
export class PrincipalCache {
  private readonly entries = new LRUCache<string, Principal>({ max: MAX_ENTRIES, ttl: KEEP_MS, ttlResolution: 100 });

  get(credential: string): Principal | undefined {
    return this.entries.get(credential);
  }

  set(credential: string, principal: Principal): void {
    this.entries.set(credential, principal);
  }

  /** After a log-out or the revocation of a key. */
  forget(credential: string): void {
    this.entries.delete(credential);
  }

  /** After a change of a user (role, stores, permissions, deactivation) or of the whole tenant. */
  forgetWhere(matches: (principal: Principal) => boolean): void {
    for (const [credential, principal] of this.entries.entries()) {
      if (matches(principal)) this.entries.delete(credential);
    }
  }
}
