import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../database/unit-of-work.js';

/** What a key belongs to: the same key means something else to another operation or person. */
export interface KeyScope {
  operation: string;
  /** user id, or the empty text for an API key of the tenant */
  actor: string;
  key: string;
}

/** The noted answer of a request that created something. */
export interface NotedAnswer {
  requestHash: string;
  statusCode: number;
  headers: Readonly<Record<string, string>>;
  body: unknown;
}

/** Table idempotency_keys of the tenant. Rows are kept 24 hours or more; a scheduled sweep drops expired ones. */
@Injectable()
export class IdempotencyRepository {
  constructor(private readonly unit: UnitOfWork) {}

  /**
   * Takes the key until the running transaction ends (`locked`; false when another transaction has it), and what is noted under it.
   * An answer may be there also when the key is locked by another.
   */
  async claim({ operation, actor, key }: KeyScope): Promise<{ locked: boolean; noted?: NotedAnswer }> {
    const [row] = await this.unit.query<{ locked: boolean } & (NotedAnswer | { requestHash: null })>(
      `SELECT locked, request_hash AS "requestHash", status_code AS "statusCode", response_headers AS headers, response_body AS body
         FROM claim_idempotency_key($1, $2, $3)`,
      [operation, actor, key],
      'idempotency_claim',
    );
    const { locked, ...noted } = row!;
    return noted.requestHash === null ? { locked } : { locked, noted };
  }

  /** Notes the answer in the transaction that made it: both are committed or neither. */
  async note({ operation, actor, key }: KeyScope, answer: NotedAnswer): Promise<void> {
    await this.unit.executeAtCommit(
      `INSERT INTO idempotency_keys (operation, actor, key, request_hash, status_code, response_headers, response_body, completed_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, now())`,
      [operation, actor, key, answer.requestHash, answer.statusCode, JSON.stringify(answer.headers), JSON.stringify(answer.body)],
      'idempotency_note',
    );
  }

  /** Drops at most `limit` expired rows; the number dropped. Call it until it answers less than the limit. */
  async dropExpired(limit: number): Promise<number> {
    const { rowCount } = await this.unit.execute(
      `DELETE FROM idempotency_keys WHERE id IN (SELECT id FROM idempotency_keys WHERE expires_at < now() ORDER BY expires_at LIMIT $1)`,
      [limit],
    );
    return rowCount ?? 0;
  }
}
