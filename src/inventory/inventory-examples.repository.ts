import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../kernel/database/unit-of-work.js';
import { DemoExamples, type FoundIds } from '../kernel/openapi/demo-examples.js';

// What trades: the shop of which most products have stock, and the product of which it has most.
const IN_USE = `
WITH place AS (SELECT s.id, row_number() OVER (ORDER BY s.code) AS n FROM stores s
                WHERE s.is_active AND s.type = 'store' AND EXISTS (SELECT FROM inventory i WHERE i.store_id = s.id)),
     item AS (SELECT i.store_id, p.id, p.supplier_id, p.category_id FROM inventory i JOIN products p ON p.id = i.product_id
               WHERE i.store_id = (SELECT id FROM place WHERE n = 1) AND p.is_active AND NOT i.below_reorder
               ORDER BY i.quantity_available DESC, p.id LIMIT 1)
SELECT item.store_id AS "storeId", item.store_id AS "fromStoreId", item.store_id AS "/v1/stores", (SELECT id FROM place WHERE n = 2) AS "toStoreId",
       item.id AS "productId", item.id AS "/v1/products", item.supplier_id AS "supplierId", item.supplier_id AS "/v1/suppliers",
       item.category_id AS "categoryId", item.category_id AS "/v1/categories",
       (SELECT id FROM tax_categories WHERE is_active ORDER BY code LIMIT 1) AS "/v1/tax-categories"
  FROM item`;

// What nothing hangs on, so that it can be deactivated.
const UNUSED = `
SELECT (SELECT id FROM stores s WHERE NOT EXISTS (SELECT FROM inventory WHERE store_id = s.id AND (quantity_on_hand <> 0 OR quantity_reserved <> 0))
           AND NOT EXISTS (SELECT FROM purchase_orders WHERE store_id = s.id) ORDER BY is_active DESC, code LIMIT 1) AS "deactivateStore",
       (SELECT id FROM categories c WHERE NOT EXISTS (SELECT FROM products WHERE category_id = c.id)
           AND NOT EXISTS (SELECT FROM categories WHERE parent_id = c.id) ORDER BY is_active DESC, code LIMIT 1) AS "deactivateCategory",
       (SELECT id FROM suppliers s WHERE NOT EXISTS (SELECT FROM products WHERE supplier_id = s.id)
           AND NOT EXISTS (SELECT FROM purchase_orders WHERE supplier_id = s.id) ORDER BY is_active DESC, code LIMIT 1) AS "deactivateSupplier",
       (SELECT id FROM products p WHERE NOT EXISTS (SELECT FROM inventory WHERE product_id = p.id)
           AND NOT EXISTS (SELECT FROM purchase_order_items WHERE product_id = p.id) ORDER BY is_active DESC, sku LIMIT 1) AS "deactivateProduct"`;

// For each step the order that is next in line for it.
const ORDERS = `
WITH due AS (SELECT o.id, o.status, i.id AS item FROM purchase_orders o JOIN purchase_order_items i ON i.purchase_order_id = o.id
              WHERE o.status IN ('confirmed', 'partial') AND i.quantity_received < i.quantity_ordered
              ORDER BY o.id, i.line_number LIMIT 1)
SELECT coalesce((SELECT id FROM due), (SELECT max(id::text)::uuid FROM purchase_orders)) AS "/v1/purchase-orders",
       (SELECT id FROM due) AS "receivePurchaseOrder", (SELECT item FROM due) AS "itemId",
       (SELECT id FROM purchase_orders WHERE status = 'draft' ORDER BY id LIMIT 1) AS "sendPurchaseOrder",
       (SELECT id FROM purchase_orders WHERE status = 'draft' ORDER BY id DESC LIMIT 1) AS "cancelPurchaseOrder",
       (SELECT id FROM purchase_orders WHERE status = 'sent' ORDER BY id LIMIT 1) AS "confirmPurchaseOrder"`;

const TRANSFERS = `
WITH due AS (SELECT id, row_number() OVER (ORDER BY id) AS n FROM stock_transfers WHERE status = 'draft')
SELECT (SELECT max(id::text)::uuid FROM stock_transfers) AS "/v1/stock-transfers", (SELECT id FROM due WHERE n = 1) AS "completeStockTransfer",
       (SELECT id FROM due WHERE n = 2) AS "cancelStockTransfer"`;

/** Stores, the catalogue, orders and transfers of the demo that stand in the examples of the API document. */
@Injectable()
export class InventoryExamplesRepository {
  constructor(unit: UnitOfWork, examples: DemoExamples) {
    for (const sql of [IN_USE, UNUSED, ORDERS, TRANSFERS]) examples.register(() => unit.query<FoundIds>(sql));
  }
}
