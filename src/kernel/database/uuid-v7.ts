import { randomBytes } from 'node:crypto';

/** RFC 9562 section 5.9: smaller than every other id, so paging by id begins behind it. */
export const NIL_UUID = '00000000-0000-0000-0000-000000000000';

/** RFC 9562 version 7: the same form as `ext.uuid_v7(at)`, for keys that must be known before the statement. */
export function uuidV7(at: Date = new Date()): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(at.getTime(), 0, 6);
  bytes[6] = 0x70 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The instant inside a version 7 id. */
export function uuidV7Time(id: string): Date {
  return new Date(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16));
}
