import { Injectable } from '@nestjs/common';
import type { ClientBase } from 'pg';
import { RegistryDatabase } from '../database/registry-database.js';
import type { NotedAnswer } from './idempotency.repository.js';

/** A claim whose process died is open again after this time; making a tenant takes a second at most. */
const ABANDONED = '2 minutes';

// a noted answer stays as it is: it is of work that was done
const COMPLETE = `UPDATE shared.idempotency_keys SET status_code = $4, response_headers = $5, response_body = $6, completed_at = now()
  WHERE operation = $1 AND key = $2 AND request_hash = $3 AND completed_at IS NULL`;

/**
 * Keys of requests that come before there is a tenant (sign-up). Their work has no tenant's transaction to be in, so the key is claimed
 * first, completed with the answer (best by the transaction that does the work), and released when the work fails.
 */
@Injectable()
export class RegistryIdempotencyRepository {
  constructor(private readonly registry: RegistryDatabase) {}

  /** Takes the key for this request: new, expired or abandoned. */
  async claim(operation: string, key: string, requestHash: string): Promise<boolean> {
    const rows = await this.registry.query(
      `INSERT INTO shared.idempotency_keys AS k (operation, key, request_hash) VALUES ($1, $2, $3)
       ON CONFLICT (operation, key) DO UPDATE
         SET request_hash = excluded.request_hash, created_at = now(), expires_at = now() + interval '24 hours', completed_at = NULL,
             status_code = NULL, response_headers = NULL, response_body = NULL
         WHERE k.expires_at < now() OR (k.completed_at IS NULL AND k.created_at < now() - $4::interval)
       RETURNING 1`,
      [operation, key, requestHash, ABANDONED],
      'registry_idempotency_claim',
    );
    return rows.length === 1;
  }

  /** The noted answer; without statusCode the request still runs. */
  async find(
    operation: string,
    key: string,
  ): Promise<(Omit<NotedAnswer, 'statusCode'> & { statusCode: number | null }) | undefined> {
    const [row] = await this.registry.query<Omit<NotedAnswer, 'statusCode'> & { statusCode: number | null }>(
      `SELECT request_hash AS "requestHash", status_code AS "statusCode", response_headers AS headers, response_body AS body
         FROM shared.idempotency_keys WHERE operation = $1 AND key = $2`,
      [operation, key],
    );
    return row;
  }

  async complete(operation: string, key: string, answer: NotedAnswer): Promise<void> {
    await this.registry.execute(COMPLETE, completion(operation, key, answer));
  }

  /**
   * The same in the transaction of `client` (owner's lane): a process that is killed leaves work and answer, or neither.
   * @returns false when the claim is lost: it counted as abandoned, and the key is another request's or free
   */
  async completeWith(client: ClientBase, operation: string, key: string, answer: NotedAnswer): Promise<boolean> {
    const { rowCount } = await client.query(COMPLETE, completion(operation, key, answer));
    return rowCount === 1;
  }

  /** The work failed: the key may be used again, unless its answer was committed before (then the work was, too). */
  async release(operation: string, key: string): Promise<void> {
    await this.registry.execute(
      `DELETE FROM shared.idempotency_keys WHERE operation = $1 AND key = $2 AND completed_at IS NULL`,
      [operation, key],
    );
  }

  async dropExpired(): Promise<void> {
    await this.registry.execute('DELETE FROM shared.idempotency_keys WHERE expires_at < now()');
  }
}

function completion(operation: string, key: string, { requestHash, statusCode, headers, body }: NotedAnswer): unknown[] {
  return [operation, key, requestHash, statusCode, JSON.stringify(headers), JSON.stringify(body)];
}
