import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import type { StockRow } from './stock-row.js';

/** What one counted row means for the ledger, by its place in the batch. */
export interface CountedRow {
  /** 0 for the first row */
  index: number;
  productId: string | null;
  storeId: string | null;
  /** ISO instant at which the count holds: the start of its day */
  at: string;
  /** what to add so that the stock at that instant is what was counted; of a row that says no quantity or date, nothing */
  difference: string;
  /** date of the last count so far; null: never counted */
  countedFrom: string | null;
  /** a product or store that has moved before, or was counted */
  hasLevel: boolean;
}

// The stock at the start of the day is the level less everything since; of movements at that very instant only counts came before.
// The partitions are probed for known levels alone. The levels are locked in key order, so that no movement slips in between.
const COUNTED = (lock: boolean): string => `
WITH line AS MATERIALIZED (
  SELECT (l.n - 1)::int AS index, p.id AS product_id, s.id AS store_id, l.quantity, l.day::timestamp AT TIME ZONE $5 AS at
    FROM unnest($1::text[], $2::text[], $3::numeric[], $4::date[]) WITH ORDINALITY AS l (store, sku, quantity, day, n)
    LEFT JOIN stores s ON s.code = l.store
    LEFT JOIN products p ON p.sku = l.sku
), level AS MATERIALIZED (
  SELECT i.product_id, i.store_id, i.quantity_on_hand, i.counted_from FROM inventory i
   WHERE (i.product_id, i.store_id) IN (SELECT product_id, store_id FROM line)
   ${lock ? 'ORDER BY i.product_id, i.store_id FOR NO KEY UPDATE' : ''}
)
SELECT l.index, l.product_id AS "productId", l.store_id AS "storeId", to_char(l.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at,
       v.counted_from AS "countedFrom", v.product_id IS NOT NULL AS "hasLevel",
       l.quantity - coalesce(v.quantity_on_hand, 0) + coalesce(later.quantity, 0) AS difference
  FROM line l
  LEFT JOIN level v ON v.product_id = l.product_id AND v.store_id = l.store_id
  LEFT JOIN LATERAL (
    SELECT sum(m.quantity) AS quantity FROM inventory_movements m
     WHERE v.product_id IS NOT NULL AND m.product_id = l.product_id AND m.store_id = l.store_id AND m.created_at >= l.at
       AND NOT (m.created_at = l.at AND m.reference_type IN ('opening', 'count'))) later ON true
 ORDER BY l.index`;

@Injectable()
export class StockImportRepository {
  constructor(private readonly unit: UnitOfWork) {}

  /**
   * Compares counted rows with the ledger, an entry a row in their order.
   * @param lock keeps the levels as they are until the transaction ends
   */
  compare(rows: readonly Partial<StockRow>[], timeZone: string, lock: boolean): Promise<CountedRow[]> {
    return this.unit.query<CountedRow>(COUNTED(lock), [
      rows.map(({ store }) => store),
      rows.map(({ sku }) => sku),
      rows.map(({ quantity }) => quantity),
      rows.map(({ date }) => date),
      timeZone,
    ]);
  }

  /** Notes the date of the last count. A level of which nothing was there gets its row here. */
  async noteCounts(counts: readonly { productId: string; storeId: string; date: string }[]): Promise<void> {
    await this.unit.execute(
      `INSERT INTO inventory AS i (product_id, store_id, counted_from)
       SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::date[]) AS c (product_id, store_id, day) ORDER BY product_id, store_id
       ON CONFLICT (product_id, store_id) DO UPDATE SET counted_from = excluded.counted_from, updated_at = clock_timestamp()
        WHERE i.counted_from IS DISTINCT FROM excluded.counted_from`,
      [counts.map(({ productId }) => productId), counts.map(({ storeId }) => storeId), counts.map(({ date }) => date)],
    );
  }
}
