import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { SigningKeys } from '../auth/signing-keys.js';
import { currentScope } from '../database/tenant-context.js';
import { ProblemError } from '../errors/problem-error.js';
import type { Page } from './page.js';

const PAGE_CURSOR = { es: 'el nextCursor de la página anterior', en: 'the nextCursor of the page before' };

/** Values of the last row that the list is ordered by. */
export type CursorKeys = readonly (string | number | boolean | null)[];

const TAG_BYTES = 16;

/**
 * Opaque positions in a list. Signed, and bound to tenant and operation, so that a client can neither forge one, nor take it
 * to another list, nor to another tenant; everything else is 400 http.invalid_cursor.
 */
@Injectable()
export class CursorCodec {
  private readonly keys: readonly Buffer[];

  constructor(signingKeys: SigningKeys) {
    this.keys = signingKeys.derive('cursor');
  }

  encode(operation: string, keys: CursorKeys): string {
    const payload = Buffer.from(JSON.stringify(keys)).toString('base64url');
    return `${payload}.${this.tag(this.keys[0] as Buffer, operation, payload).toString('base64url')}`;
  }

  decode(operation: string, cursor: string): CursorKeys {
    const [payload, tag, ...rest] = cursor.split('.');
    if (payload && tag && rest.length === 0) {
      const given = Buffer.from(tag, 'base64url');
      const genuine =
        given.length === TAG_BYTES && this.keys.some((key) => timingSafeEqual(given, this.tag(key, operation, payload)));
      if (genuine) return JSON.parse(Buffer.from(payload, 'base64url').toString()) as CursorKeys;
    }
    throw new ProblemError('http.invalid_cursor', {
      errors: [{ pointer: '/cursor', code: 'field.format', expected: PAGE_CURSOR }],
    });
  }

  /** The keys to read on from, or undefined on the first page. */
  after(operation: string, cursor: string | undefined): CursorKeys | undefined {
    return cursor === undefined ? undefined : this.decode(operation, cursor);
  }

  /** Makes a page of rows that were read with `LIMIT limit + 1`: the row too many tells that there is more. */
  page<T>(operation: string, rows: T[], limit: number, keysOf: (last: T) => CursorKeys): Page<T> {
    if (rows.length <= limit) return { data: rows, nextCursor: null };
    const data = rows.slice(0, limit);
    return { data, nextCursor: this.encode(operation, keysOf(data[limit - 1] as T)) };
  }

  private tag(key: Buffer, operation: string, payload: string): Buffer {
    const bound = `${currentScope()?.tenant?.id ?? '-'}\n${operation}\n${payload}`;
    return createHmac('sha256', key).update(bound).digest().subarray(0, TAG_BYTES);
  }
}
