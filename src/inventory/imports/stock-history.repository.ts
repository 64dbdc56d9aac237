import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';

/** A sale line of the past, for the ledger. */
export interface PastSale {
  readonly productId: string;
  readonly storeId: string;
  /** units sold; negative: came back */
  readonly quantity: string;
  readonly saleId: string;
  /** ISO date in the tenant's zone */
  readonly date: string;
}

@Injectable()
export class StockHistoryRepository {
  constructor(private readonly unit: UnitOfWork) {}

  /** Days of the newest count by `<product> <store>`; shelves that were never counted are absent. */
  async countedFrom(productIds: readonly string[], storeIds: readonly string[]): Promise<Map<string, string>> {
    const rows = await this.unit.query<{ productId: string; storeId: string; day: string }>(
      `SELECT product_id AS "productId", store_id AS "storeId", counted_from::text AS day FROM inventory
        WHERE counted_from IS NOT NULL AND (product_id, store_id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]))`,
      [productIds, storeIds],
    );
    return new Map(rows.map(({ productId, storeId, day }) => [`${productId} ${storeId}`, day]));
  }

  /** Movements of past sales, dated noon of their day, whatever is on the shelf: they have happened. */
  async record(sales: readonly PastSale[], timeZone: string): Promise<void> {
    await this.unit.execute(
      `INSERT INTO inventory_movements (id, product_id, store_id, movement_type, kind, reference_type, reference_id, quantity, cost_per_unit,
         reason_code, allow_negative, created_at)
       SELECT ext.uuid_v7(x.at), x.product_id, x.store_id, CASE WHEN x.quantity > 0 THEN 'out' ELSE 'in' END,
              CASE WHEN x.quantity > 0 THEN 'sold' ELSE 'returned' END, CASE WHEN x.quantity > 0 THEN 'sale' ELSE 'return' END, x.sale_id,
              -x.quantity, i.cost_per_unit, CASE WHEN x.quantity > 0 THEN 'sale' ELSE 'return' END, true, x.at
         FROM (SELECT m.*, (m.date + time '12:00') AT TIME ZONE $6 AS at
                 FROM unnest($1::uuid[], $2::uuid[], $3::numeric[], $4::uuid[], $5::date[]) AS m (product_id, store_id, quantity, sale_id, date)) x
         JOIN inventory i ON i.product_id = x.product_id AND i.store_id = x.store_id
        ORDER BY x.product_id, x.store_id`,
      [
        sales.map((sale) => sale.productId),
        sales.map((sale) => sale.storeId),
        sales.map((sale) => sale.quantity),
        sales.map((sale) => sale.saleId),
        sales.map((sale) => sale.date),
        timeZone,
      ],
    );
  }
}
