import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';

/** What would be ordered for one store. */
export interface StoreOrder {
  storeId: string;
  storeName: string;
  lines: number;
  amount: string;
  /** what is missing to the supplier's least amount of an order; null: it asks none */
  shortfall: string | null;
}

/** Open suggestions of purchases from one supplier; supplierId null: of products without one. */
export interface SupplierGroup {
  supplierId: string | null;
  supplierName: string | null;
  minOrderAmount: string | null;
  lines: number;
  units: string;
  amount: string;
  /** lines whose cost nobody knows: the amounts leave them out */
  linesWithoutCost: number;
  stockOutDate: string | null;
  orders: StoreOrder[];
}

export interface GroupFilter {
  scope: string[] | null;
  storeId?: string;
  supplierId?: string;
}

const GROUPS = `
WITH orders AS (
  SELECT r.supplier_id, r.store_id, max(l.store_name) AS store_name, count(*)::int AS lines, sum(r.quantity) AS units,
         coalesce(sum(round(r.quantity * r.unit_cost, 4)), 0) AS amount, count(*) FILTER (WHERE coalesce(r.unit_cost, 0) = 0)::int AS without_cost,
         min(r.stockout_date) AS stockout_date
    FROM reorder_suggestions r JOIN stock_levels l ON l.product_id = r.product_id AND l.store_id = r.store_id
   WHERE r.status = 'open' AND r.kind = 'purchase' AND ($1::uuid[] IS NULL OR r.store_id = ANY ($1))
     AND ($2::uuid IS NULL OR r.store_id = $2) AND ($3::uuid IS NULL OR r.supplier_id = $3)
   GROUP BY r.supplier_id, r.store_id)
SELECT o.supplier_id AS "supplierId", t.business_name AS "supplierName", t.min_order_amount AS "minOrderAmount", sum(o.lines)::int AS lines,
       sum(o.units) AS units, sum(o.amount) AS amount, sum(o.without_cost)::int AS "linesWithoutCost", min(o.stockout_date) AS "stockOutDate",
       jsonb_agg(jsonb_build_object('storeId', o.store_id, 'storeName', o.store_name, 'lines', o.lines, 'amount', round(o.amount, 4)::text,
         'shortfall', round(greatest(t.min_order_amount - o.amount, 0), 4)::text) ORDER BY o.store_name, o.store_id) AS orders
  FROM orders o LEFT JOIN supplier_terms t ON t.supplier_id = o.supplier_id
 WHERE $4::text IS NULL OR (coalesce(o.supplier_id::text, '~') COLLATE "C") > $4
 GROUP BY o.supplier_id, t.business_name, t.min_order_amount
 ORDER BY coalesce(o.supplier_id::text, '~') COLLATE "C" LIMIT $5`;

/** Where in the list a group stands: behind all suppliers, what has none. */
export const groupKey = ({ supplierId }: Pick<SupplierGroup, 'supplierId'>): string => supplierId ?? '~';

@Injectable()
export class SupplierGroupsRepository {
  constructor(private readonly unit: UnitOfWork) {}

  /** By supplier. @param after `groupKey` of the last one of the page before */
  list({ scope, storeId, supplierId }: GroupFilter, after: string | null, limit: number): Promise<SupplierGroup[]> {
    return this.unit.query<SupplierGroup>(GROUPS, [scope, storeId ?? null, supplierId ?? null, after, limit]);
  }
}
