import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import type { MovementLine } from './movements.repository.js';

/** What a till names a product by; exactly one of them. */
export interface ProductReference {
  productId?: string;
  sku?: string;
  /** the main label or a further one */
  barcode?: string;
}

/** A product as a sale in one store on one day needs it. Amounts are decimal strings. */
export interface SaleProduct {
  productId: string;
  sku: string;
  name: string;
  /** units of the product that the reference stands for: 12 for the label of a case of twelve */
  units: string;
  /** of one unit, without tax */
  price: string;
  /** percent in force on the day */
  taxRate: string;
  /** average cost of one unit in the store, else the product's; null: not known */
  cost: string | null;
  isActive: boolean;
}

/** Null where the reference leads to no product. */
export type FoundProducts = { storeActive: boolean; products: (SaleProduct | null)[] };

/** What sales ask of the catalogue and the ledger. */
@Injectable()
export class SaleStockRepository {
  constructor(private readonly unit: UnitOfWork) {}

  /**
   * The referenced products in their order, in one statement. Undefined: no such store. Look-ups by OFFSET 0 go by index whatever the estimate
   * (a join read the whole catalogue for five lines; so does a COALESCE in
   * the condition, which row rules take for leaky), and `(SELECT $n)` lets the server keep one plan.
   */
  async find(storeId: string, date: string, references: readonly ProductReference[]): Promise<FoundProducts | undefined> {
    const rows = await this.unit.query<SaleProduct & { storeActive: boolean }>(
      `SELECT s.is_active AS "storeActive", p.id AS "productId", p.sku, p.name, coalesce(b.quantity, 1) AS units, p.selling_price AS price,
              coalesce(t.rate, p.tax_rate) AS "taxRate", coalesce(i.cost_per_unit, nullif(p.cost_price, 0)) AS cost, p.is_active AS "isActive"
         FROM (SELECT id, is_active FROM stores WHERE id = $1) s
        CROSS JOIN unnest((SELECT $3::uuid[]), (SELECT $4::text[]), (SELECT $5::text[])) WITH ORDINALITY AS r (id, sku, barcode, n)
         LEFT JOIN LATERAL (SELECT product_id, quantity FROM product_barcodes WHERE barcode = r.barcode OFFSET 0) b ON true
         LEFT JOIN LATERAL (SELECT id FROM products WHERE sku = r.sku OFFSET 0) k ON true
        CROSS JOIN LATERAL (SELECT coalesce(r.id, b.product_id, k.id) AS id OFFSET 0) f
         LEFT JOIN LATERAL (SELECT id, sku, name, selling_price, tax_rate, tax_category_id, cost_price, is_active FROM products
                             WHERE id = f.id OFFSET 0) p ON true
         LEFT JOIN LATERAL (SELECT cost_per_unit FROM inventory WHERE product_id = p.id AND store_id = $1 OFFSET 0) i ON true
         LEFT JOIN LATERAL (SELECT rate FROM tax_rates WHERE tax_category_id = p.tax_category_id AND valid_from <= $2::date
                             ORDER BY valid_from DESC LIMIT 1) t ON true
        ORDER BY r.n`,
      [
        storeId,
        date,
        references.map(({ productId }) => productId ?? null),
        references.map(({ sku }) => sku ?? null),
        references.map(({ barcode }) => barcode ?? null),
      ],
      'sale_products',
    );
    if (!rows[0]) return undefined;
    // the rows as they are, with `storeActive`: a copy of each without it is dear
    return { storeActive: rows[0].storeActive, products: rows.map((row) => (row.productId === null ? null : row)) };
  }

  /** SKU and name by id. */
  names(ids: readonly string[]): Promise<{ id: string; sku: string; name: string }[]> {
    return this.unit.query(
      `SELECT id, sku, name FROM products WHERE id = ANY ($1::uuid[])`,
      [[...new Set(ids)]],
      'product_names',
    );
  }

  /**
   * Lines that take back every movement of a sale at the cost with which it left.
   * @param soldAt ISO instant of the sale: its movements carry it
   */
  reversalLines(saleId: string, soldAt: string): Promise<MovementLine[]> {
    return this.unit.query<MovementLine>(
      `SELECT m.product_id AS "productId", m.store_id AS "storeId", 'adjustment' AS type, 'reversed' AS kind, -m.quantity AS quantity,
              m.cost_per_unit AS "unitCost", 'reversal' AS "referenceType", m.reference_id AS "referenceId", m.id AS "reversalOf",
              m.quantity > 0 AS "allowNegative"
         FROM inventory_movements m
        WHERE m.reference_id = $1 AND m.reference_type IN ('sale', 'return') AND m.created_at >= $2::timestamptz AND m.created_at < $2::timestamptz + interval '1 second'
        ORDER BY m.product_id, m.id`,
      [saleId, soldAt],
      'sale_reversal',
    );
  }
}
