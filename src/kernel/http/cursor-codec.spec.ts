import { createHmac } from 'node:crypto';
import { runInScope, type ExecutionScope, type TenantRef } from '../database/tenant-context.js';
import { CursorCodec } from './cursor-codec.js';

const codecOf = (...bytes: number[]) => new CursorCodec({ derive: () => bytes.map((byte) => Buffer.alloc(32, byte)) } as never);
const scopeOf = (id: string): ExecutionScope => ({ requestId: 'r', locale: 'es', tenant: { id } as TenantRef });
const within = <T>(tenant: string, work: () => T): T => runInScope(scopeOf(tenant), work);

describe('CursorCodec', () => {
  const sut = codecOf(1);
  const keys = ['Arroz "1 kg" ñ', null, 3, true];
  const cursor = within('a', () => sut.encode('listProducts', keys));

  it('should give back what it was given', () => {
    expect(within('a', () => sut.decode('listProducts', cursor))).toEqual(keys);
    expect(cursor).toMatch(/^[\w-]+\.[\w-]+$/);
  });

  it.each([
    ['of another tenant', 'b', 'listProducts', cursor],
    ['of another operation', 'a', 'listSales', cursor],
    ['with a changed payload', 'a', 'listProducts', `x${cursor}`],
    ['with a changed tag', 'a', 'listProducts', `${cursor.slice(0, -2)}AA`],
    ['with a short tag', 'a', 'listProducts', cursor.replace(/\..*/, '.AAAA')],
    ['without tag', 'a', 'listProducts', 'abc'],
    ['with three parts', 'a', 'listProducts', `${cursor}.x`],
    [
      'signed with a guessed key',
      'a',
      'listProducts',
      `W10.${createHmac('sha256', '').update('a\nlistProducts\nW10').digest().subarray(0, 16).toString('base64url')}`,
    ],
  ])('should refuse one %s', (_, tenant, operation, text) => {
    expect(() => within(tenant, () => sut.decode(operation, text))).toThrow(
      expect.objectContaining({ code: 'http.invalid_cursor' }),
    );
  });

  it('should still read cursors of a key that was rotated out of signing', () => {
    expect(within('a', () => codecOf(2, 1).decode('listProducts', cursor))).toEqual(keys);
    expect(() => within('a', () => codecOf(2).decode('listProducts', cursor))).toThrow('http.invalid_cursor');
  });

  it('should make pages of one row too many', () => {
    const page = (rows: number[]) => within('a', () => sut.page('listNumbers', rows, 2, (last) => [last]));
    expect(page([1, 2])).toEqual({ data: [1, 2], nextCursor: null });
    const { data, nextCursor } = page([1, 2, 3]);
    expect(data).toEqual([1, 2]);
    expect(within('a', () => sut.after('listNumbers', nextCursor ?? ''))).toEqual([2]);
    expect(sut.after('listNumbers', undefined)).toBeUndefined();
  });
});
