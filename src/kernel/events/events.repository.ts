import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../database/unit-of-work.js';

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
}
