import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import type { MovementType } from './movement-kind.js';
import type { Movement } from './movements.repository.js';

export interface MovementFilter {
  /** stores the caller may see; null = all */
  scope: string[] | null;
  productId?: string;
  storeId?: string;
  type?: MovementType;
  /** ISO instants: at or after, and before */
  from: string;
  to: string;
}

/** A movement with its exact place in the list: a Date has no microseconds. */
export type ListedMovement = Movement & { position: string };

/** The kardex. Every read is bounded in time, so that it touches only the partitions it needs. */
@Injectable()
export class MovementHistoryRepository {
  constructor(private readonly unit: UnitOfWork) {}

  /**
   * Movements, newest first, each with the stock on hand after it in the order of business time: the level now minus everything later.
   * That is exact also where a movement was entered late, when the balance it noted at that moment is not.
   * @param after position and id of the last row of the page before
   */
  list(filter: MovementFilter, after: [string, string] | undefined, limit: number): Promise<ListedMovement[]> {
    const values: unknown[] = [filter.from, filter.to, limit];
    const where = conditions(filter, after, values);
    return this.unit.query<ListedMovement>(
      `WITH page AS (
         SELECT * FROM inventory_movements m WHERE m.created_at >= $1 AND m.created_at < $2 ${where}
          ORDER BY m.created_at DESC, m.id DESC LIMIT $3),
       key AS (SELECT product_id, store_id, min(created_at) AS since FROM page GROUP BY 1, 2),
       later AS (
         SELECT l.id, i.quantity_on_hand - coalesce(sum(l.quantity) OVER (PARTITION BY k.product_id, k.store_id
                  ORDER BY l.created_at DESC, l.id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS balance
           FROM key k JOIN inventory i USING (product_id, store_id)
           JOIN inventory_movements l ON l.product_id = k.product_id AND l.store_id = k.store_id AND l.created_at >= k.since)
       SELECT m.id, m.product_id AS "productId", m.store_id AS "storeId", m.movement_type AS type, m.kind, m.quantity,
              m.cost_per_unit AS "unitCost", m.total_cost AS "totalCost", b.balance, m.notes AS reason, m.reason_code AS "reasonCode",
              m.reference_type AS "referenceType", m.reference_id AS "referenceId", m.created_by AS "createdBy",
              m.created_at AS "occurredAt", m.recorded_at AS "recordedAt", m.created_at::text AS position
         FROM page m JOIN later b USING (id) ORDER BY m.created_at DESC, m.id DESC`,
      values,
    );
  }
}

function conditions(
  { scope, productId, storeId, type }: MovementFilter,
  after: [string, string] | undefined,
  values: unknown[],
): string {
  const where: string[] = [];
  if (scope !== null) where.push(`m.store_id = ANY ($${values.push(scope)}::uuid[])`);
  if (productId !== undefined) where.push(`m.product_id = $${values.push(productId)}`);
  if (storeId !== undefined) where.push(`m.store_id = $${values.push(storeId)}`);
  if (type !== undefined) where.push(`m.movement_type = $${values.push(type)}`);
  if (after) where.push(`(m.created_at, m.id) < ($${values.push(after[0])}::timestamptz, $${values.push(after[1])}::uuid)`);
  return where.map((condition) => `AND ${condition}`).join(' ');
}
