import { createHash } from 'node:crypto';

/** JSON text with sorted keys: two bodies that mean the same have the same text. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${canonical(entry)}`).join(',')}}`;
}

export interface RequestIdentity {
  method: string;
  /** path and query */
  url: string;
  /** who asks: the key of another user is another request */
  user: string | null;
  body: unknown;
}

/** What makes a request the same request: who, what operation, what body. */
export function requestFingerprint({ method, url, user, body }: RequestIdentity): string {
  return createHash('sha256')
    .update(`${method} ${url}\n${user ?? '-'}\n${canonical(body)}`)
    .digest('base64url');
}
