import { createHash } from 'node:crypto';
import { invalid } from '../errors/problem-error.js';

/** No DTO of ours is deeper; a body nested without end must not exhaust the stack. */
const MAX_DEPTH = 32;

/** JSON text with sorted keys: two bodies that mean the same have the same text. */
function canonical(value: unknown, depth = 0): string {
  if (depth > MAX_DEPTH) throw invalid({ pointer: '', code: 'field.too_deep', max: MAX_DEPTH });
  if (Array.isArray(value)) return `[${value.map((entry) => canonical(entry, depth + 1)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${canonical(entry, depth + 1)}`).join(',')}}`;
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
