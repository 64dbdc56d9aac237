import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** A noted answer that holds a secret: encrypted, because what is noted outlives the one time the secret is shown. */
interface SealedBody {
  sealed: string;
}

/** Encrypts `body` for exactly this place (`bound`). */
export function sealBody(body: unknown, key: Buffer, bound: string): SealedBody {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv).setAAD(Buffer.from(bound));
  const text = Buffer.concat([cipher.update(JSON.stringify(body)), cipher.final()]);
  return { sealed: Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64') };
}

/** The body again; undefined when none of the keys opens it (its key was retired). */
export function openBody({ sealed }: SealedBody, keys: readonly Buffer[], bound: string): unknown {
  const bytes = Buffer.from(sealed, 'base64');
  for (const key of keys) {
    try {
      const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, IV_BYTES)).setAAD(Buffer.from(bound));
      decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      const text = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
      return JSON.parse(text.toString());
    } catch {
      continue;
    }
  }
  return undefined;
}
