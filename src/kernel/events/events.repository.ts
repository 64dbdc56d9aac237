import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../database/unit-of-work.js';
import type { LivePosition } from './live-position.js';

/**
 * Notes an event inside a larger statement, for a repository that writes the cause with the same one: an expression of type uuid.
 * @param type the event's type as SQL, such as `'sale.completed'`
 * @param payload its payload as SQL, such as `$3::jsonb`
 */
export function noteEventSql(type: string, payload: string): string {
  return `gate.note_event(${type}, ${payload})`;
}

const NOTE = `SELECT ${noteEventSql('$1', '$2::jsonb')}::text AS id`;

@Injectable()
export class EventsRepository {
  constructor(private readonly work: UnitOfWork) {}

  /** Notes an event in the running transaction. @returns its id */
  async note(type: string, payload: object): Promise<string> {
    const rows = await this.work.query<{ id: string }>(NOTE, [type, JSON.stringify(payload)], 'gate_note_event');
    return rows[0]!.id;
  }

  /** Where a client stands that knows everything that is committed now: what it does not see has a greater transaction, or the same. */
  async position(): Promise<LivePosition> {
    const sql = 'SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS horizon, ext.uuid_v7()::text AS id';
    const [row] = await this.work.query<LivePosition>(sql, [], 'live_position');
    return row!;
  }
}
