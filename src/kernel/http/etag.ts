import { createHash } from 'node:crypto';
import { ProblemError } from '../errors/problem-error.js';

/** A row or DTO that knows its version: a counter where the table has one, else the time of its last change. */
export interface Versioned {
  rowVersion?: number | string | bigint;
  updatedAt?: Date | string;
}

/** The strong ETag of a row. Opaque: a client sends it back and never reads it. */
export function etagOf(row: Versioned): string {
  const version = row.rowVersion === undefined ? instantOf(row.updatedAt) : `v${row.rowVersion}`;
  return `"${createHash('sha1').update(version).digest('base64url').slice(0, 16)}"`;
}

function instantOf(updatedAt: Date | string | undefined): string {
  if (updatedAt === undefined) throw new Error('a row without rowVersion and updatedAt has no ETag');
  return updatedAt instanceof Date ? updatedAt.toISOString() : updatedAt;
}

/** The strong ETag of an answer that is only read, such as how far a job is: of what it says, which changes more often than a row. */
export function etagOfContent(answer: object): string {
  return `"${createHash('sha1').update(JSON.stringify(answer)).digest('base64url').slice(0, 16)}"`;
}

/** Whether one of the listed tags is the row's. A weak prefix, which compressing proxies add, is ignored. */
export function matches(header: string, etag: string): boolean {
  return header.split(',').some((entry) => {
    const tag = entry.trim();
    return tag === '*' || tag.replace(/^W\//, '') === etag;
  });
}

/** Throws 412 when the client's version is not the row's. Call it inside the transaction that holds the row's lock. */
export function assertMatch(ifMatch: string, row: Versioned): void {
  if (!matches(ifMatch, etagOf(row))) throw new ProblemError('http.precondition_failed');
}
