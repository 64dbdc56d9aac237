import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';

/** What has come of one line of an order. */
export interface ReceiptLine {
  itemId: string;
  productId: string;
  quantity: string;
  unitCost: string;
}

export interface NewReceipt {
  orderId: string;
  storeId: string;
  deliveryNote: string | null;
  notes: string | null;
  /** of the order, once this has come */
  status: 'partial' | 'received';
  /** local date */
  today: string;
  lines: readonly ReceiptLine[];
}

@Injectable()
export class ReceiptsRepository {
  constructor(private readonly unit: UnitOfWork) {}

  /** Writes a receipt with its own gap-free number and raises what has come of the order, in one statement. The caller holds the order's lock. */
  async write(receipt: NewReceipt): Promise<void> {
    await this.unit.execute(
      `WITH line AS MATERIALIZED (
         SELECT * FROM unnest($7::uuid[], $8::uuid[], $9::numeric[], $10::numeric[]) WITH ORDINALITY AS l (item, product, quantity, cost, n)),
       series AS (
         UPDATE invoice_series SET next_number = next_number + 1 WHERE document_type = 'goods_receipt' AND store_id IS NULL AND series = 'A'
         RETURNING prefix || lpad((next_number - 1)::text, greatest(digits, length((next_number - 1)::text)), '0') AS number),
       receipt AS (
         INSERT INTO goods_receipts (purchase_order_id, store_id, receipt_number, delivery_note, notes)
         SELECT $1, $2, number, $3, $4 FROM series RETURNING id),
       come AS (
         INSERT INTO goods_receipt_items (goods_receipt_id, purchase_order_item_id, product_id, quantity, unit_cost)
         SELECT (SELECT id FROM receipt), item, product, quantity, cost FROM line ORDER BY n),
       raised AS (
         UPDATE purchase_order_items i SET quantity_received = i.quantity_received + l.quantity
           FROM (SELECT item, sum(quantity) AS quantity FROM line GROUP BY item) l WHERE i.id = l.item)
       UPDATE purchase_orders SET status = $5::text, received_date = CASE WHEN $5::text = 'received' THEN $6::date END WHERE id = $1`,
      [
        ...[receipt.orderId, receipt.storeId, receipt.deliveryNote, receipt.notes, receipt.status, receipt.today],
        receipt.lines.map(({ itemId }) => itemId),
        receipt.lines.map(({ productId }) => productId),
        receipt.lines.map(({ quantity }) => quantity),
        receipt.lines.map(({ unitCost }) => unitCost),
      ],
      'goods_receipt_write',
    );
  }
}
