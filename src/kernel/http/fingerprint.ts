import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { invalid, ProblemError } from '../errors/problem-error.js';

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

/** Of a form that was received. One that an operation does not take is not read: the client sends it at its own pace. */
function digestOf({ multipartDigest }: FastifyRequest): string {
  if (multipartDigest === null) throw new ProblemError('http.unsupported_media_type');
  return multipartDigest;
}

/** What makes a request the same request: path, query and body. Operation and person are part of the key already. */
export function fingerprintOf(request: FastifyRequest): string {
  const body = request.isMultipart() ? digestOf(request) : canonical(request.body ?? null);
  return createHash('sha256').update(`${request.method} ${request.url}\n${body}`).digest('base64url');
}
