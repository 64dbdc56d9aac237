import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';

/** A sale that lines of a file belong to: a ticket, or all of a store and day. */
export interface ImportedSale {
  readonly id: string;
  readonly storeId: string;
  /** ISO, local */
  readonly date: string;
  /** the ticket, or `day <date>` for the lines without one */
  readonly reference: string;
}

export interface ImportedLine {
  readonly saleId: string;
  readonly lineNumber: number;
  readonly productId: string;
  readonly quantity: string;
  readonly unitPrice: string;
  /** percent */
  readonly taxRate: string;
  readonly promotion: boolean;
  readonly movesStock: boolean;
}

/** A sale that stands already. */
export interface KnownSale {
  readonly id: string;
  readonly storeId: string;
  readonly reference: string;
  readonly importId: string | null;
  readonly lines: number;
}

/** A line that stands already, or several of the same. */
export interface KnownLine {
  readonly saleId: string;
  readonly productId: string;
  readonly quantity: string;
  readonly unitPrice: string;
  readonly count: number;
}

/** A line of a sale from a file that has not moved stock. */
export interface IdleLine {
  readonly id: string;
  readonly saleId: string;
  readonly storeId: string;
  readonly productId: string;
  readonly quantity: string;
  readonly date: string;
}

/** What the whole import shares. */
export interface SalesImportSettings {
  readonly importId: string;
  readonly timeZone: string;
  readonly currency: string;
  /** digits of the currency, to which totals are rounded */
  readonly digits: number;
}

// Totals as priceSale makes them: tax on the sum of each rate's lines, rounded half away from zero. Business time is noon of the day.
const ADD = `
WITH line AS MATERIALIZED (
  SELECT * FROM unnest($1::uuid[], $2::int[], $3::uuid[], $4::numeric[], $5::numeric[], $6::numeric[], $7::boolean[], $8::boolean[])
    AS l (sale_id, line_number, product_id, quantity, unit_price, tax_rate, is_promotion, moves_stock)
), head AS MATERIALIZED (
  SELECT h.*, (h.date + time '12:00') AT TIME ZONE $13 AS at
    FROM unnest($9::uuid[], $10::uuid[], $11::date[], $12::text[]) AS h (id, store_id, date, reference)
), total AS (
  SELECT sale_id, round(sum(net), $16) AS subtotal, sum(round(net * tax_rate / 100, $16)) AS tax
    FROM (SELECT sale_id, tax_rate, sum(round(quantity * unit_price, 4)) AS net FROM line GROUP BY 1, 2) by_rate GROUP BY 1
), sold AS (
  INSERT INTO sales (id, store_id, source, business_date, currency, subtotal, tax_amount, total_amount, payment_status, pos_transaction_id,
    import_id, created_at)
  SELECT h.id, h.store_id, 'import', h.date, $15, t.subtotal, t.tax, t.subtotal + t.tax, 'paid', h.reference, $14, h.at
    FROM head h JOIN total t ON t.sale_id = h.id WHERE h.id = ANY ($17::uuid[])
)
INSERT INTO sale_items (id, sale_id, line_number, product_id, quantity, unit_price, net_total, tax_rate, tax_amount, is_promotion, moves_stock, created_at)
SELECT ext.uuid_v7(h.at), l.sale_id, l.line_number, l.product_id, l.quantity, l.unit_price, round(l.quantity * l.unit_price, 4), l.tax_rate,
       round(round(l.quantity * l.unit_price, 4) * l.tax_rate / 100, 4), l.is_promotion, l.moves_stock, h.at
  FROM line l JOIN head h ON h.id = l.sale_id`;

@Injectable()
export class SalesImportRepository {
  constructor(private readonly unit: UnitOfWork) {}

  /** Sales that stand already under the tickets of a batch. */
  known(storeIds: readonly string[], references: readonly string[]): Promise<KnownSale[]> {
    return this.unit.query<KnownSale>(
      `SELECT s.id, s.store_id AS "storeId", s.pos_transaction_id AS reference, s.import_id AS "importId",
              (SELECT coalesce(max(i.line_number), 0) FROM sale_items i WHERE i.sale_id = s.id) AS lines
         FROM sales s WHERE (s.store_id, s.pos_transaction_id) IN (SELECT * FROM unnest($1::uuid[], $2::text[]))`,
      [storeIds, references],
    );
  }

  /** The lines of sales, equal ones together. */
  linesOf(saleIds: readonly string[]): Promise<KnownLine[]> {
    return this.unit.query<KnownLine>(
      `SELECT sale_id AS "saleId", product_id AS "productId", trim_scale(quantity)::text AS quantity,
              trim_scale(unit_price)::text AS "unitPrice", count(*)::int AS count
         FROM sale_items WHERE sale_id = ANY ($1::uuid[]) GROUP BY 1, 2, 3, 4`,
      [saleIds],
    );
  }

  /** Adds lines, and the sales among `sales` that are `added`, with their totals. */
  async add(
    lines: readonly ImportedLine[],
    sales: readonly ImportedSale[],
    added: readonly string[],
    { importId, timeZone, currency, digits }: SalesImportSettings,
  ): Promise<void> {
    await this.unit.execute(ADD, [
      lines.map((line) => line.saleId),
      lines.map((line) => line.lineNumber),
      lines.map((line) => line.productId),
      lines.map((line) => line.quantity),
      lines.map((line) => line.unitPrice),
      lines.map((line) => line.taxRate),
      lines.map((line) => line.promotion),
      lines.map((line) => line.movesStock),
      sales.map((sale) => sale.id),
      sales.map((sale) => sale.storeId),
      sales.map((sale) => sale.date),
      sales.map((sale) => sale.reference),
      timeZone,
      importId,
      currency,
      digits,
      added,
    ]);
  }

  /** Totals of sales whose lines came in more than one batch. */
  async refreshTotals(saleIds: readonly string[], digits: number): Promise<void> {
    if (saleIds.length === 0) return;
    await this.unit.execute(
      `UPDATE sales s SET subtotal = t.subtotal, tax_amount = t.tax, total_amount = t.subtotal + t.tax
         FROM (SELECT sale_id, round(sum(net), $2) AS subtotal, sum(round(net * tax_rate / 100, $2)) AS tax
                 FROM (SELECT sale_id, tax_rate, sum(net_total) AS net FROM sale_items WHERE sale_id = ANY ($1::uuid[]) GROUP BY 1, 2) by_rate
                GROUP BY 1) t
        WHERE s.id = t.sale_id`,
      [saleIds, digits],
    );
  }

  /** Lines from files that have not moved stock, in order of their id. */
  idleLines(afterId: string | null, limit: number): Promise<IdleLine[]> {
    return this.unit.query<IdleLine>(
      `SELECT i.id, i.sale_id AS "saleId", s.store_id AS "storeId", i.product_id AS "productId", i.quantity, s.business_date::text AS date
         FROM sale_items i JOIN sales s ON s.id = i.sale_id
        WHERE NOT i.moves_stock AND s.source = 'import' AND s.status = 'completed' AND ($1::uuid IS NULL OR i.id > $1)
        ORDER BY i.id LIMIT $2`,
      [afterId, limit],
    );
  }

  async setMoving(itemIds: readonly string[]): Promise<void> {
    await this.unit.execute(`UPDATE sale_items SET moves_stock = true WHERE id = ANY ($1::uuid[])`, [itemIds]);
  }
}
