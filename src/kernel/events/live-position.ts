import { uuidV7, uuidV7Time } from '../database/uuid-v7.js';
import { invalid } from '../errors/problem-error.js';

/**
 * How far a client has come: it has everything that was committed before `horizon` (the oldest transaction that was running when its rows
 * were read), and of what was read then the rows up to `id`. Ids are made before the commit, so an id alone would pass over what is
 * committed late.
 */
export interface LivePosition {
  /** xid8, as decimal digits */
  horizon: string;
  /** v7 uuid */
  id: string;
}

const EVENT_ID = /^(\d{1,20})-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
const LAST_TRANSACTION = 2n ** 64n - 1n;
/** ms before a bare row's id from which rows are sent: it says nothing of what was committed late */
const BARE_ID_OVERLAP = 600_000;

/** A v7 id that is smaller than any made since `ms` before the given one. */
export function idBefore(id: string, ms: number): string {
  return `${uuidV7(new Date(Math.max(0, uuidV7Time(id).getTime() - ms))).slice(0, 13)}-7000-8000-000000000000`;
}

/** The id of an event on the wire: the position of a client that has received it. */
export function eventId({ horizon, id }: LivePosition): string {
  return `${horizon}-${id}`;
}

/**
 * Reads a Last-Event-ID: the id of an event, or the bare v7 id of a row.
 * @throws ProblemError http.validation_failed (400) for anything else
 */
export function readPosition(lastEventId: string): LivePosition {
  const [, horizon, id] = EVENT_ID.exec(lastEventId) ?? [];
  if (horizon && id && BigInt(horizon) <= LAST_TRANSACTION) return { horizon, id: id.toLowerCase() };
  if (UUID_V7.test(lastEventId)) return { horizon: String(LAST_TRANSACTION), id: idBefore(lastEventId, BARE_ID_OVERLAP) };
  throw invalid({ pointer: '/Last-Event-ID', code: 'field.format', expected: 'the id of an event of this stream' });
}
