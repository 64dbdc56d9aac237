import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';

/** What a store sets for itself of a product; null = the product's. Quantities are decimal strings. */
export interface StockOverride {
  reorderPoint: string | null;
  minStockLevel: string | null;
  maxStockLevel: string | null;
  leadTimeDays: number | null;
}

/** The limits in force for a product in a store. */
export interface StockLimits {
  productId: string;
  storeId: string;
  reorderPoint: string;
  minStockLevel: string;
  maxStockLevel: string | null;
  leadTimeDays: number | null;
  override: StockOverride;
}

/** The reorder point that a store is to have for itself. */
export interface NewReorderPoint {
  productId: string;
  storeId: string;
  reorderPoint: string;
}

/** `before` null: it was the product's. */
export interface ChangedReorderPoint {
  productId: string;
  storeId: string;
  before: string | null;
  after: string;
}

@Injectable()
export class LimitsRepository {
  constructor(private readonly unit: UnitOfWork) {}

  /** Also where nothing ever moved; undefined when the product or the store does not exist. */
  async find(productId: string, storeId: string): Promise<StockLimits | undefined> {
    const [row] = await this.unit.query<StockLimits>(
      `SELECT p.id AS "productId", s.id AS "storeId", coalesce(i.reorder_point, p.reorder_point) AS "reorderPoint",
              coalesce(i.min_stock_level, p.min_stock_level) AS "minStockLevel", coalesce(i.max_stock_level, p.max_stock_level) AS "maxStockLevel",
              coalesce(i.lead_time_days, p.lead_time_days, u.lead_time_days) AS "leadTimeDays",
              jsonb_build_object('reorderPoint', i.reorder_point::text, 'minStockLevel', i.min_stock_level::text,
                'maxStockLevel', i.max_stock_level::text, 'leadTimeDays', i.lead_time_days) AS override
         FROM products p CROSS JOIN stores s LEFT JOIN suppliers u ON u.id = p.supplier_id
         LEFT JOIN inventory i ON i.product_id = p.id AND i.store_id = s.id
        WHERE p.id = $1 AND s.id = $2`,
      [productId, storeId],
      'limits_find',
    );
    return row;
  }

  /** Makes sure that the level has a row, and locks it until the transaction ends. */
  async lock(productId: string, storeId: string): Promise<void> {
    await this.unit.execute(
      `INSERT INTO inventory (product_id, store_id) VALUES ($1, $2) ON CONFLICT (product_id, store_id) DO NOTHING`,
      [productId, storeId],
    );
    await this.unit.execute(`SELECT FROM inventory WHERE product_id = $1 AND store_id = $2 FOR NO KEY UPDATE`, [
      productId,
      storeId,
    ]);
  }

  /**
   * Sets the stores' own reorder points, the levels locked in the order of everybody and made where there are none; a level that crosses its
   * new point is noted by the database. @returns those that had another one before
   */
  setReorderPoints(points: readonly NewReorderPoint[]): Promise<ChangedReorderPoint[]> {
    return this.unit.query<ChangedReorderPoint>(
      `WITH given AS (SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::numeric[]) AS g (product, store, point)),
       held AS MATERIALIZED (
         SELECT i.id, i.reorder_point AS before, g.point
           FROM given g JOIN inventory i ON i.product_id = g.product AND i.store_id = g.store
          WHERE i.reorder_point IS DISTINCT FROM g.point
          ORDER BY i.product_id, i.store_id FOR NO KEY UPDATE OF i),
       changed AS (
         UPDATE inventory i SET reorder_point = held.point FROM held WHERE i.id = held.id
         RETURNING i.product_id, i.store_id, held.before, i.reorder_point AS after),
       made AS (
         INSERT INTO inventory (product_id, store_id, reorder_point)
         SELECT g.product, g.store, g.point FROM given g
          WHERE NOT EXISTS (SELECT FROM inventory i WHERE i.product_id = g.product AND i.store_id = g.store)
         ON CONFLICT (product_id, store_id) DO NOTHING
         RETURNING product_id, store_id, NULL::numeric AS before, reorder_point AS after)
       SELECT product_id AS "productId", store_id AS "storeId", before, after FROM (TABLE changed UNION ALL TABLE made) x`,
      [points.map((one) => one.productId), points.map((one) => one.storeId), points.map((one) => one.reorderPoint)],
      'reorder_points_set',
    );
  }

  /** A level that crosses its new reorder point is noted by the database. */
  async set(productId: string, storeId: string, override: StockOverride): Promise<void> {
    await this.unit.execute(
      `UPDATE inventory SET reorder_point = $3, min_stock_level = $4, max_stock_level = $5, lead_time_days = $6
        WHERE product_id = $1 AND store_id = $2`,
      [productId, storeId, override.reorderPoint, override.minStockLevel, override.maxStockLevel, override.leadTimeDays],
    );
  }
}
