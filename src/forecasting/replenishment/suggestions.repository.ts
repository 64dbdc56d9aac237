import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import type { PlannedSuggestion, SuggestionData, SuggestionKind, SuggestionReason } from './replenishment-plan.js';

export const SUGGESTION_STATUSES = ['open', 'accepted', 'dismissed', 'obsolete'] as const;
export type SuggestionStatus = (typeof SUGGESTION_STATUSES)[number];

/** A suggestion with the names that belong to it; quantities and costs are decimal strings. */
export interface SuggestionRow {
  id: string;
  kind: SuggestionKind;
  status: SuggestionStatus;
  productId: string;
  sku: string;
  productName: string;
  unitType: string;
  storeId: string;
  storeName: string;
  fromStoreId: string | null;
  fromStoreName: string | null;
  supplierId: string | null;
  supplierName: string | null;
  quantity: string;
  unitCost: string | null;
  amount: string | null;
  reorderPoint: string | null;
  safetyStock: string | null;
  daysOfCover: number | null;
  leadTimeDays: number | null;
  stockOutDate: string | null;
  reason: SuggestionReason;
  data: SuggestionData;
  /** what the supplier asks of this product now; that of `data` where the supplier has changed */
  packSize: string;
  minOrderQuantity: string;
  purchaseOrderId: string | null;
  stockTransferId: string | null;
  decidedBy: string | null;
  decidedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

export interface SuggestionFilter {
  /** stores the caller may touch: both of a transfer; null = all */
  scope: string[] | null;
  status?: SuggestionStatus;
  kind?: SuggestionKind;
  storeId?: string;
  supplierId?: string;
  productId?: string;
}

const FAR = '9999-12-31';

const ROWS = `
SELECT r.id, r.kind, r.status, r.product_id AS "productId", l.sku, l.product_name AS "productName", l.unit_type AS "unitType", r.store_id AS "storeId",
       l.store_name AS "storeName", r.from_store_id AS "fromStoreId", f.store_name AS "fromStoreName", r.supplier_id AS "supplierId",
       s.business_name AS "supplierName", r.quantity, r.unit_cost AS "unitCost", round(r.quantity * r.unit_cost, 4) AS amount,
       r.reorder_point AS "reorderPoint", r.safety_stock AS "safetyStock", r.days_of_cover::float8 AS "daysOfCover", r.lead_time_days AS "leadTimeDays",
       r.stockout_date AS "stockOutDate", r.reason, r.data, coalesce(p.pack_size::text, r.data ->> 'packSize') AS "packSize",
       coalesce(p.min_order_quantity::text, r.data ->> 'minOrderQuantity') AS "minOrderQuantity", r.purchase_order_id AS "purchaseOrderId",
       r.stock_transfer_id AS "stockTransferId", r.decided_by AS "decidedBy", r.decided_at AS "decidedAt", r.created_at AS "createdAt",
       r.updated_at AS "updatedAt"
  FROM reorder_suggestions r
  JOIN stock_levels l ON l.product_id = r.product_id AND l.store_id = r.store_id
  LEFT JOIN stock_levels f ON f.product_id = r.product_id AND f.store_id = r.from_store_id
  LEFT JOIN supplier_terms s ON s.supplier_id = r.supplier_id
  LEFT JOIN product_packs p ON p.product_id = r.product_id AND p.supplier_id = r.supplier_id`;

const VISIBLE = (scope: string): string =>
  `(${scope}::uuid[] IS NULL OR (r.store_id = ANY (${scope}) AND (r.from_store_id IS NULL OR r.from_store_id = ANY (${scope}))))`;

/** What became of the suggestions of some products. */
export interface Replaced {
  added: number;
  changed: number;
  closed: number;
}

// A row that says the same already is left alone; what is no longer planned is closed; what people have dismissed may come again once
// the need has gone.
const REPLACE = `
WITH planned AS (
  SELECT * FROM unnest($2::text[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::uuid[], $8::numeric[], $9::numeric[], $10::numeric[],
    $11::numeric[], $12::numeric[], $13::integer[], $14::date[], $15::text[], $16::jsonb[])
    AS x (kind, product_id, store_id, from_store_id, supplier_id, run_id, quantity, unit_cost, reorder_point, safety_stock, days_of_cover,
          lead_time_days, stockout_date, reason, data)),
closed AS (
  UPDATE reorder_suggestions r SET status = 'obsolete'
   WHERE r.status = 'open' AND r.product_id = ANY ($1)
     AND NOT EXISTS (SELECT FROM planned x WHERE x.product_id = r.product_id AND x.store_id = r.store_id AND x.kind = r.kind
                        AND x.from_store_id IS NOT DISTINCT FROM r.from_store_id)
  RETURNING r.id),
eased AS (
  UPDATE reorder_suggestions r SET holds_off = false
   WHERE r.holds_off AND r.product_id = ANY ($1)
     AND NOT EXISTS (SELECT FROM unnest($17::uuid[], $18::uuid[]) AS n (product_id, store_id) WHERE n.product_id = r.product_id AND n.store_id = r.store_id)),
kept AS (
  INSERT INTO reorder_suggestions AS r (kind, product_id, store_id, from_store_id, supplier_id, run_id, quantity, unit_cost, reorder_point,
         safety_stock, days_of_cover, lead_time_days, stockout_date, reason, data)
  SELECT * FROM planned
  ON CONFLICT (product_id, store_id, kind, from_store_id) WHERE status = 'open' DO UPDATE SET
    supplier_id = excluded.supplier_id, run_id = excluded.run_id, quantity = excluded.quantity, unit_cost = excluded.unit_cost,
    reorder_point = excluded.reorder_point, safety_stock = excluded.safety_stock, days_of_cover = excluded.days_of_cover,
    lead_time_days = excluded.lead_time_days, stockout_date = excluded.stockout_date, reason = excluded.reason, data = excluded.data
  WHERE (r.supplier_id, r.quantity, r.unit_cost, r.reorder_point, r.safety_stock, r.days_of_cover, r.lead_time_days, r.stockout_date, r.reason, r.data)
    IS DISTINCT FROM (excluded.supplier_id, excluded.quantity, excluded.unit_cost, excluded.reorder_point, excluded.safety_stock,
      excluded.days_of_cover, excluded.lead_time_days, excluded.stockout_date, excluded.reason, excluded.data)
  RETURNING r.created_at = r.updated_at AS is_new)
SELECT (SELECT count(*) FILTER (WHERE is_new) FROM kept)::int AS added, (SELECT count(*) FILTER (WHERE NOT is_new) FROM kept)::int AS changed,
       (SELECT count(*) FROM closed)::int AS closed`;

@Injectable()
export class SuggestionsRepository {
  constructor(private readonly unit: UnitOfWork) {}

  /** Brings the open suggestions of these products to what is planned, in one statement. @param short pairs that are short of stock */
  async replace(
    products: readonly string[],
    planned: readonly PlannedSuggestion[],
    short: readonly { productId: string; storeId: string }[],
  ): Promise<Replaced> {
    const column = <K extends keyof PlannedSuggestion>(name: K): PlannedSuggestion[K][] => planned.map((one) => one[name]);
    const [row] = await this.unit.query<Replaced>(REPLACE, [
      products,
      ...([column('kind'), column('productId'), column('storeId'), column('fromStoreId'), column('supplierId')] as unknown[]),
      ...([column('runId'), column('quantity'), column('unitCost'), column('reorderPoint'), column('safetyStock')] as unknown[]),
      ...([column('daysOfCover'), column('leadTimeDays'), column('stockOutDate'), column('reason')] as unknown[]),
      planned.map(({ data }) => JSON.stringify(data)),
      short.map(({ productId }) => productId),
      short.map(({ storeId }) => storeId),
    ]);
    return row!;
  }

  /** Closes what is suggested for products or stores that are no longer active. @returns how many */
  async closeInactive(): Promise<number> {
    const { rowCount } = await this.unit.execute(
      `UPDATE reorder_suggestions r SET status = 'obsolete'
        WHERE r.status = 'open' AND (NOT EXISTS (SELECT FROM stock_levels l WHERE l.product_id = r.product_id AND l.store_id = r.store_id AND l.is_active)
           OR (r.from_store_id IS NOT NULL
               AND NOT EXISTS (SELECT FROM stock_levels l WHERE l.product_id = r.product_id AND l.store_id = r.from_store_id AND l.is_active)))`,
    );
    return rowCount ?? 0;
  }

  /** What runs out first comes first. */
  list(
    { scope, status, kind, storeId, supplierId, productId }: SuggestionFilter,
    after: [stockOutDate: string | null, id: string] | null,
    limit: number,
  ): Promise<SuggestionRow[]> {
    return this.unit.query<SuggestionRow>(
      `${ROWS}
        WHERE ${VISIBLE('$1')} AND ($2::text IS NULL OR r.status = $2) AND ($3::text IS NULL OR r.kind = $3) AND ($4::uuid IS NULL OR r.store_id = $4)
          AND ($5::uuid IS NULL OR r.supplier_id = $5) AND ($6::uuid IS NULL OR r.product_id = $6)
          AND ($8::uuid IS NULL OR (coalesce(r.stockout_date, '${FAR}'), r.id) > (coalesce($7::date, '${FAR}'), $8))
        ORDER BY coalesce(r.stockout_date, '${FAR}'), r.id LIMIT $9`,
      [
        scope,
        status ?? null,
        kind ?? null,
        storeId ?? null,
        supplierId ?? null,
        productId ?? null,
        after?.[0] ?? null,
        after?.[1] ?? null,
        limit,
      ],
    );
  }

  async find(id: string): Promise<SuggestionRow | undefined> {
    const [row] = await this.findAll([id]);
    return row;
  }

  /** In no order; ids without a suggestion are left out. */
  findAll(ids: readonly string[]): Promise<SuggestionRow[]> {
    return this.unit.query<SuggestionRow>(`${ROWS} WHERE r.id = ANY ($1)`, [ids]);
  }

  /** Locks suggestions until the transaction ends, in the order of everybody. */
  async lock(ids: readonly string[]): Promise<void> {
    await this.unit.execute('SELECT FROM reorder_suggestions WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE', [ids]);
  }

  /** Notes that nobody wants it: nothing of the kind is suggested again until the need has gone. */
  async dismiss(id: string, user: string | null): Promise<void> {
    await this.unit.execute(
      `UPDATE reorder_suggestions SET status = 'dismissed', holds_off = true, decided_by = $2, decided_at = now() WHERE id = $1`,
      [id, user],
    );
  }

  /** Notes with which draft each of them goes on, and in which quantity. */
  async accept(
    accepted: readonly { id: string; quantity: string; purchaseOrderId: string | null; stockTransferId: string | null }[],
    user: string | null,
  ): Promise<void> {
    await this.unit.execute(
      `UPDATE reorder_suggestions r SET status = 'accepted', quantity = x.quantity, purchase_order_id = x.purchase_order, stock_transfer_id = x.transfer,
              decided_by = $5, decided_at = now()
         FROM unnest($1::uuid[], $2::numeric[], $3::uuid[], $4::uuid[]) AS x (id, quantity, purchase_order, transfer) WHERE r.id = x.id`,
      [
        accepted.map(({ id }) => id),
        accepted.map(({ quantity }) => quantity),
        accepted.map(({ purchaseOrderId }) => purchaseOrderId),
        accepted.map(({ stockTransferId }) => stockTransferId),
        user,
      ],
    );
  }
}
