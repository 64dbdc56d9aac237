import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';

/** Stock of a product in a store, with the limits in force there. Quantities are decimal strings. */
export interface Level {
  productId: string;
  sku: string;
  productName: string;
  storeId: string;
  storeCode: string;
  onHand: string;
  reserved: string;
  available: string;
  averageCost: string | null;
  reorderPoint: string;
  minStockLevel: string;
  maxStockLevel: string | null;
  leadTimeDays: number | null;
  belowReorderPoint: boolean;
  countedFrom: string | null;
  lastMovementAt: Date | null;
}

export interface LevelFilter {
  /** stores the caller may see; null = all */
  scope: string[] | null;
  productId?: string;
  storeId?: string;
  below?: boolean;
}

const LEVEL = `i.product_id AS "productId", p.sku, p.name AS "productName", i.store_id AS "storeId", s.code AS "storeCode",
  i.quantity_on_hand AS "onHand", i.quantity_reserved AS reserved, i.quantity_available AS available, i.cost_per_unit AS "averageCost",
  coalesce(i.reorder_point, p.reorder_point) AS "reorderPoint", coalesce(i.min_stock_level, p.min_stock_level) AS "minStockLevel",
  coalesce(i.max_stock_level, p.max_stock_level) AS "maxStockLevel",
  coalesce(i.lead_time_days, p.lead_time_days, (SELECT u.lead_time_days FROM suppliers u WHERE u.id = p.supplier_id)) AS "leadTimeDays",
  i.below_reorder AS "belowReorderPoint", i.counted_from AS "countedFrom", i.last_movement_at AS "lastMovementAt"`;

@Injectable()
export class LevelsRepository {
  constructor(private readonly unit: UnitOfWork) {}

  /**
   * Levels by product and store: pairs that have or had stock, or limits of their own.
   * @param after product and store of the last row of the page before
   */
  list({ scope, productId, storeId, below }: LevelFilter, after: [string, string] | undefined, limit: number): Promise<Level[]> {
    const values: unknown[] = [limit];
    const where = ['true'];
    if (scope !== null) where.push(`i.store_id = ANY ($${values.push(scope)}::uuid[])`);
    if (productId !== undefined) where.push(`i.product_id = $${values.push(productId)}`);
    if (storeId !== undefined) where.push(`i.store_id = $${values.push(storeId)}`);
    if (below !== undefined) where.push(below ? 'i.below_reorder' : 'NOT i.below_reorder');
    if (after) where.push(`(i.product_id, i.store_id) > ($${values.push(after[0])}::uuid, $${values.push(after[1])}::uuid)`);
    return this.unit.query<Level>(
      `SELECT ${LEVEL} FROM inventory i JOIN products p ON p.id = i.product_id JOIN stores s ON s.id = i.store_id
        WHERE ${where.join(' AND ')} ORDER BY i.product_id, i.store_id LIMIT $1`,
      values,
    );
  }

  /** Reasons that a movement may name. */
  reasons(): Promise<{ code: string; name: string; direction: 'in' | 'out' | 'both' }[]> {
    return this.unit.query(`SELECT code, name, direction FROM reason_codes WHERE is_active ORDER BY code`);
  }
}
