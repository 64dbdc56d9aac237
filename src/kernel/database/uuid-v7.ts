import { randomUUID } from 'node:crypto';

/** RFC 9562 section 5.9: smaller than every other id, so paging by id begins behind it. */
export const NIL_UUID = '00000000-0000-0000-0000-000000000000';

/** RFC 9562 version 7: the same form as `ext.uuid_v7(at)`, for keys that must be known before the statement. */
export function uuidV7(at: Date = new Date()): string {
  // the random bits and the variant of a version 4 id, which draws on a stock of random bytes
  const random = randomUUID();
  const time = at.getTime().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(15)}`;
}

/** The instant inside a version 7 id. */
export function uuidV7Time(id: string): Date {
  return new Date(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16));
}
