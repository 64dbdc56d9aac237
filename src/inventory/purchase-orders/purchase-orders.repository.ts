import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import type { OrderStatus } from './order-calculation.js';
import type { PurchaseOrderDto, PurchaseOrderSummaryDto } from './purchase-orders.dto.js';

export interface OrderLine {
  productId: string;
  quantity: string;
  unitCost: string;
  taxRate: string;
}

export interface OrderSums {
  subtotal: string;
  taxAmount: string;
  totalAmount: string;
}

export interface NewOrder extends OrderSums {
  storeId: string;
  supplierId: string;
  orderDate: string;
  expectedDate: string | null;
  currency: string;
  notes: string | null;
  lines: OrderLine[];
}

/** A product of an order to be: what it costs from this supplier. */
export interface OrderedProduct {
  productId: string | null;
  isActive: boolean;
  unitCost: string;
  taxRate: string;
}

export interface OrderParties {
  storeActive: boolean;
  supplierActive: boolean;
  leadTimeDays: number;
}

export interface OrderFilter {
  /** stores the caller may see; null = all */
  scope: string[] | null;
  status?: OrderStatus;
  storeId?: string;
  supplierId?: string;
  productId?: string;
}

const SUMMARY = `o.id, o.order_number AS "orderNumber", o.status, o.store_id AS "storeId", o.supplier_id AS "supplierId",
  (SELECT s.business_name FROM suppliers s WHERE s.id = o.supplier_id) AS "supplierName", o.order_date AS "orderDate",
  o.expected_date AS "expectedDate", o.received_date AS "receivedDate", o.currency, o.subtotal, o.tax_amount AS "taxAmount",
  o.total_amount AS "totalAmount", o.notes, o.created_by AS "createdBy", o.created_at AS "createdAt", o.updated_at AS "updatedAt"`;

const ITEMS = `coalesce((SELECT jsonb_agg(jsonb_build_object('id', i.id, 'lineNumber', i.line_number, 'productId', i.product_id, 'sku', p.sku,
    'name', p.name, 'quantityOrdered', i.quantity_ordered::text, 'quantityReceived', i.quantity_received::text,
    'overReceiptPercent', i.over_receipt_percent::text, 'unitCost', i.unit_cost::text, 'taxRate', i.tax_rate::text, 'lineTotal', i.line_total::text)
    ORDER BY i.line_number)
  FROM purchase_order_items i JOIN products p ON p.id = i.product_id WHERE i.purchase_order_id = o.id), '[]') AS items`;

const RECEIPTS = `coalesce((SELECT jsonb_agg(jsonb_build_object('id', r.id, 'receiptNumber', r.receipt_number, 'deliveryNote', r.delivery_note,
    'notes', r.notes, 'createdBy', r.created_by, 'receivedAt', to_char(r.received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    'items', (SELECT jsonb_agg(jsonb_build_object('itemId', x.purchase_order_item_id, 'productId', x.product_id, 'quantity', x.quantity::text,
        'unitCost', x.unit_cost::text) ORDER BY i.line_number)
         FROM goods_receipt_items x JOIN purchase_order_items i ON i.id = x.purchase_order_item_id WHERE x.goods_receipt_id = r.id))
    ORDER BY r.received_at, r.id)
  FROM goods_receipts r WHERE r.purchase_order_id = o.id), '[]') AS receipts`;

const INSERT_ITEMS = (order: string, first: number): string => `
  INSERT INTO purchase_order_items (purchase_order_id, line_number, product_id, quantity_ordered, unit_cost, tax_rate, over_receipt_percent)
  SELECT ${order}, l.n, l.product, l.quantity, l.cost, l.rate,
         coalesce((SELECT (value #>> '{}')::numeric FROM settings WHERE key = 'purchasing.over_receipt_percent'), 0)
    FROM unnest($${first}::uuid[], $${first + 1}::numeric[], $${first + 2}::numeric[], $${first + 3}::numeric[])
      WITH ORDINALITY AS l (product, quantity, cost, rate, n)`;

const lineValues = (lines: readonly OrderLine[]): unknown[] => [
  lines.map(({ productId }) => productId),
  lines.map(({ quantity }) => quantity),
  lines.map(({ unitCost }) => unitCost),
  lines.map(({ taxRate }) => taxRate),
];

@Injectable()
export class PurchaseOrdersRepository {
  constructor(private readonly unit: UnitOfWork) {}

  /** Undefined when the store or the supplier does not exist. */
  async parties(storeId: string, supplierId: string): Promise<OrderParties | undefined> {
    const [row] = await this.unit.query<OrderParties>(
      `SELECT s.is_active AS "storeActive", u.is_active AS "supplierActive", u.lead_time_days AS "leadTimeDays"
         FROM stores s CROSS JOIN suppliers u WHERE s.id = $1 AND u.id = $2`,
      [storeId, supplierId],
    );
    return row;
  }

  /** The products in the order of their ids, each once for every time it is named; productId is null where there is none. */
  products(ids: readonly string[], supplierId: string): Promise<OrderedProduct[]> {
    return this.unit.query<OrderedProduct>(
      `SELECT p.id AS "productId", coalesce(p.is_active, false) AS "isActive", coalesce(s.unit_cost, p.cost_price) AS "unitCost", p.tax_rate AS "taxRate"
         FROM unnest($1::uuid[]) WITH ORDINALITY AS l (id, n)
         LEFT JOIN products p ON p.id = l.id
         LEFT JOIN product_suppliers s ON s.product_id = p.id AND s.supplier_id = $2
        ORDER BY l.n`,
      [ids, supplierId],
    );
  }

  /** Writes a draft with its lines and takes its number from the counter, in one statement. Numbers have no gaps. */
  async create(order: NewOrder): Promise<string> {
    const [row] = await this.unit.query<{ id: string }>(
      `WITH series AS (
         UPDATE invoice_series SET next_number = next_number + 1 WHERE document_type = 'purchase_order' AND store_id IS NULL AND series = 'A'
         RETURNING prefix || lpad((next_number - 1)::text, greatest(digits, length((next_number - 1)::text)), '0') AS number),
       created AS (
         INSERT INTO purchase_orders (store_id, supplier_id, order_number, order_date, expected_date, currency, notes, subtotal, tax_amount, total_amount)
         SELECT $1, $2, number, $3, $4, $5, $6, $7, $8, $9 FROM series RETURNING id),
       items AS (${INSERT_ITEMS('(SELECT id FROM created)', 10)})
       SELECT id FROM created`,
      [
        ...[order.storeId, order.supplierId, order.orderDate, order.expectedDate, order.currency, order.notes],
        ...[order.subtotal, order.taxAmount, order.totalAmount],
        ...lineValues(order.lines),
      ],
    );
    if (!row) throw new Error('the tenant has no series of purchase orders');
    return row.id;
  }

  async find(id: string): Promise<PurchaseOrderDto | undefined> {
    const [row] = await this.unit.query<PurchaseOrderDto>(
      `SELECT ${SUMMARY}, ${ITEMS}, ${RECEIPTS} FROM purchase_orders o WHERE o.id = $1`,
      [id],
      'purchase_order_find',
    );
    return row;
  }

  /** Locks the order until the transaction ends; whoever changes its lines holds this lock. */
  async lock(id: string): Promise<void> {
    await this.unit.execute('SELECT FROM purchase_orders WHERE id = $1 FOR NO KEY UPDATE', [id]);
  }

  /** Orders, newest first. @param beforeId the last one of the page before */
  list(filter: OrderFilter, beforeId: string | undefined, limit: number): Promise<PurchaseOrderSummaryDto[]> {
    const { scope, status, storeId, supplierId, productId } = filter;
    const values: unknown[] = [limit];
    const where = ['true'];
    if (scope !== null) where.push(`o.store_id = ANY ($${values.push(scope)}::uuid[])`);
    if (status !== undefined) where.push(`o.status = $${values.push(status)}`);
    if (storeId !== undefined) where.push(`o.store_id = $${values.push(storeId)}`);
    if (supplierId !== undefined) where.push(`o.supplier_id = $${values.push(supplierId)}`);
    if (productId !== undefined) {
      where.push(
        `EXISTS (SELECT FROM purchase_order_items i WHERE i.purchase_order_id = o.id AND i.product_id = $${values.push(productId)})`,
      );
    }
    if (beforeId !== undefined) where.push(`o.id < $${values.push(beforeId)}`);
    return this.unit.query<PurchaseOrderSummaryDto>(
      `SELECT ${SUMMARY} FROM purchase_orders o WHERE ${where.join(' AND ')} ORDER BY o.id DESC LIMIT $1`,
      values,
    );
  }

  async replaceLines(id: string, lines: OrderLine[], sums: OrderSums): Promise<void> {
    await this.unit.execute('DELETE FROM purchase_order_items WHERE purchase_order_id = $1', [id]);
    await this.unit.execute(INSERT_ITEMS('$1', 2), [id, ...lineValues(lines)]);
    await this.unit.execute('UPDATE purchase_orders SET subtotal = $2, tax_amount = $3, total_amount = $4 WHERE id = $1', [
      id,
      sums.subtotal,
      sums.taxAmount,
      sums.totalAmount,
    ]);
  }

  async setDetails(id: string, expectedDate: string | null, notes: string | null): Promise<void> {
    await this.unit.execute('UPDATE purchase_orders SET expected_date = $2, notes = $3 WHERE id = $1', [id, expectedDate, notes]);
  }

  async setStatus(id: string, status: OrderStatus): Promise<void> {
    await this.unit.execute('UPDATE purchase_orders SET status = $2 WHERE id = $1', [id, status]);
  }
}
