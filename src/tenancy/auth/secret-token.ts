import { createHash, randomBytes } from 'node:crypto';

/** A random secret of 192 bits behind a prefix that says what it is (and lets a scanner find a leaked one). */
export function newSecret(prefix: 'flx_' | 'flxr_'): string {
  return prefix + randomBytes(24).toString('hex');
}

/** What is stored in its place: a secret of 192 bits needs neither salt nor slow hash. */
export function secretHash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
