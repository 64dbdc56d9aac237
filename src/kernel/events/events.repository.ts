import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../database/unit-of-work.js';

const NOTE = 'SELECT gate.note_event($1, $2::jsonb)::text AS id';

@Injectable()
export class EventsRepository {
  constructor(private readonly work: UnitOfWork) {}

  /** Notes an event in the running transaction. @returns its id */
  async note(type: string, payload: object): Promise<string> {
    const rows = await this.work.query<{ id: string }>(NOTE, [type, JSON.stringify(payload)], 'gate_note_event');
    return rows[0]!.id;
  }
}
