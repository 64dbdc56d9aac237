import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../database/unit-of-work.js';

/** The noted answer of a request that created something. */
export interface NotedAnswer {
  fingerprint: string;
  statusCode: number;
  /** JSON text */
  response: string;
  location: string | null;
}

/** Table idempotency_keys of the tenant. Rows are kept 24 hours or more; a scheduled sweep drops older ones. */
@Injectable()
export class IdempotencyRepository {
  constructor(private readonly unit: UnitOfWork) {}

  /** Takes the key until the running transaction ends; false when another transaction has it. */
  async tryLock(key: string): Promise<boolean> {
    const [row] = await this.unit.query<{ locked: boolean }>(
      'SELECT gate.try_key_lock($1) AS locked',
      [`idempotency:${key}`],
      'idempotency_lock',
    );
    return row?.locked === true;
  }

  async find(key: string): Promise<NotedAnswer | undefined> {
    const [row] = await this.unit.query<NotedAnswer>(
      `SELECT fingerprint, status_code AS "statusCode", response, location FROM idempotency_keys WHERE key = $1`,
      [key],
      'idempotency_find',
    );
    return row;
  }

  /** Notes the answer in the transaction that made it: both are committed or neither. */
  async note(key: string, answer: NotedAnswer): Promise<void> {
    await this.unit.execute(
      `INSERT INTO idempotency_keys (key, fingerprint, status_code, response, location) VALUES ($1, $2, $3, $4, $5)`,
      [key, answer.fingerprint, answer.statusCode, answer.response, answer.location],
      'idempotency_note',
    );
  }
}
