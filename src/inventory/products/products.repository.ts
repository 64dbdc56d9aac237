import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import { RecordRepository } from '../../kernel/database/record.repository.js';
import type { BarcodeStatus } from '../../kernel/identifiers/barcode.js';
import { Product } from './product.entity.js';
import type { ProductDto } from './products.dto.js';
import type { SearchTerms } from './search-terms.js';

const VIEW = `p.id, p.sku, p.name, p.description, p.barcode, p.barcode_status AS "barcodeStatus",
  coalesce((SELECT jsonb_agg(jsonb_build_object('barcode', b.barcode, 'status', b.barcode_status, 'quantity', b.quantity::text) ORDER BY b.barcode)
              FROM product_barcodes b WHERE b.product_id = p.id AND b.barcode IS DISTINCT FROM p.barcode), '[]') AS barcodes,
  p.category_id AS "categoryId", p.supplier_id AS "supplierId", p.unit_type AS "unitType", p.min_stock_level AS "minStockLevel",
  p.max_stock_level AS "maxStockLevel", p.reorder_point AS "reorderPoint", p.lead_time_days AS "leadTimeDays",
  p.cost_price AS "costPrice", p.selling_price AS "sellingPrice",
  (SELECT t.code FROM tax_categories t WHERE t.id = p.tax_category_id) AS "taxCategory", p.tax_rate AS "taxRate",
  p.allow_negative_stock AS "allowNegativeStock", p.settings, p.is_active AS "isActive", p.created_at AS "createdAt", p.updated_at AS "updatedAt"`;

export interface ProductFilter {
  sku?: string;
  barcode?: string;
  categoryId?: string;
  supplierId?: string;
  isActive?: boolean;
}

export interface Label {
  barcode: string;
  status: BarcodeStatus;
  quantity: string;
}

/** A found product with how well it fits; equal ranks are ordered by SKU. */
export type RankedProduct = ProductDto & { rank: number };

@Injectable()
export class ProductsRepository extends RecordRepository<Product> {
  constructor(unit: UnitOfWork) {
    super(unit, Product);
  }

  async view(id: string): Promise<ProductDto | undefined> {
    const [row] = await this.unit.query<ProductDto>(`SELECT ${VIEW} FROM products p WHERE p.id = $1`, [id], 'product_view');
    return row;
  }

  /** Products by SKU. */
  list(filter: ProductFilter, afterSku: string | undefined, limit: number): Promise<ProductDto[]> {
    const values: unknown[] = [];
    const where = conditions(filter, values);
    if (afterSku !== undefined) where.push(`p.sku > $${values.push(afterSku)}`);
    const condition = where.length > 0 ? `WHERE ${where.join(' AND ')}` : '';
    return this.unit.query<ProductDto>(
      `SELECT ${VIEW} FROM products p ${condition} ORDER BY p.sku LIMIT $${values.push(limit)}`,
      values,
    );
  }

  /**
   * Products that fit the search, best first: the SKU or barcode itself, their beginning, the beginning of the name, then the words
   * of the name by text search rank.
   * @param after rank and SKU of the last row of the page before
   */
  search(
    terms: SearchTerms,
    filter: ProductFilter,
    after: [number, string] | undefined,
    limit: number,
  ): Promise<RankedProduct[]> {
    const values: unknown[] = [terms.words, terms.folded];
    // one condition a word: LIKE ALL could not use the trigram index
    const everyWord = terms.patterns.map((pattern) => `p.search_text LIKE $${values.push(pattern)}`).join(' AND ');
    const where = conditions(filter, values).map((condition) => `AND ${condition}`);
    const page = after ? `WHERE (-rank, sku) > (-($${values.push(after[0])}::int), $${values.push(after[1])})` : '';
    return this.unit.query<RankedProduct>(
      `WITH ranked AS (
         SELECT p.id, p.sku, CASE
                  WHEN lower(p.sku) = $2 OR p.barcode = $2 THEN 4000
                  WHEN starts_with(lower(p.sku), $2) OR starts_with(p.barcode, $2) THEN 3000
                  WHEN starts_with(p.search_text, $2) THEN 2000
                  ELSE round(1000 * ts_rank(p.search_document, to_tsquery('ext.spanish_unaccent', $1))) END::int AS rank
           FROM products p
          WHERE (p.search_document @@ to_tsquery('ext.spanish_unaccent', $1) OR (${everyWord})
                 OR p.id = ANY (ARRAY(SELECT product_id FROM product_barcodes WHERE barcode = $2))) ${where.join(' ')}),
       best AS (SELECT * FROM ranked ${page} ORDER BY rank DESC, sku LIMIT $${values.push(limit)})
       SELECT b.rank, ${VIEW} FROM best b JOIN products p USING (id) ORDER BY b.rank DESC, p.sku`,
      values,
    );
  }

  /** Products whose text comes close to the search: for words that are misspelt. */
  similar(terms: SearchTerms, filter: ProductFilter, limit: number): Promise<ProductDto[]> {
    const values: unknown[] = [terms.folded, limit];
    const where = conditions(filter, values).map((condition) => `AND ${condition}`);
    return this.unit.query<ProductDto>(
      `WITH best AS (SELECT p.id, word_similarity($1, p.search_text) AS closeness FROM products p
                      WHERE $1 <% p.search_text ${where.join(' ')} ORDER BY closeness DESC, p.sku LIMIT $2)
       SELECT ${VIEW} FROM best b JOIN products p USING (id) ORDER BY b.closeness DESC, p.sku`,
      values,
    );
  }

  async taxCategoryId(code: string): Promise<string | undefined> {
    const [row] = await this.unit.query<{ id: string }>(`SELECT id FROM tax_categories WHERE code = $1 AND is_active`, [code]);
    return row?.id;
  }

  /** Those of the labels that another product has. */
  async taken(barcodes: string[], exceptProduct: string | null): Promise<Set<string>> {
    if (barcodes.length === 0) return new Set();
    const rows = await this.unit.query<{ barcode: string }>(
      `SELECT barcode FROM product_barcodes WHERE barcode = ANY ($1::text[]) AND product_id IS DISTINCT FROM $2::uuid`,
      [barcodes, exceptProduct],
    );
    return new Set(rows.map(({ barcode }) => barcode));
  }

  /** Makes `labels` all further labels of the product; the main one is kept by the database. */
  async replaceLabels(id: string, labels: Label[]): Promise<void> {
    await this.unit.execute(
      `DELETE FROM product_barcodes b USING products p
        WHERE b.product_id = $1 AND p.id = $1 AND b.barcode IS DISTINCT FROM p.barcode AND b.barcode <> ALL ($2::text[])`,
      [id, labels.map(({ barcode }) => barcode)],
    );
    await this.unit.execute(
      `WITH label AS (SELECT * FROM unnest($2::text[], $3::text[], $4::numeric[]) AS l (barcode, status, quantity)),
       changed AS (UPDATE product_barcodes b SET quantity = l.quantity FROM label l
                    WHERE b.product_id = $1 AND b.barcode = l.barcode AND b.quantity <> l.quantity)
       INSERT INTO product_barcodes (product_id, barcode, barcode_status, quantity)
       SELECT $1, l.* FROM label l
        WHERE NOT EXISTS (SELECT FROM product_barcodes b WHERE b.product_id = $1 AND b.barcode = l.barcode) ORDER BY l.barcode`,
      [id, labels.map(({ barcode }) => barcode), labels.map(({ status }) => status), labels.map(({ quantity }) => quantity)],
    );
  }

  /** Whether the product stands anywhere, is reserved or on its way. */
  async isInUse(id: string): Promise<boolean> {
    const [row] = await this.unit.query<{ used: boolean }>(
      `SELECT EXISTS (SELECT FROM inventory WHERE product_id = $1 AND (quantity_on_hand <> 0 OR quantity_reserved <> 0))
           OR EXISTS (SELECT FROM purchase_order_items i JOIN purchase_orders o ON o.id = i.purchase_order_id
                       WHERE i.product_id = $1 AND o.status IN ('sent', 'confirmed', 'partial')) AS used`,
      [id],
    );
    return row?.used === true;
  }
}

function conditions({ sku, barcode, categoryId, supplierId, isActive }: ProductFilter, values: unknown[]): string[] {
  const where: string[] = [];
  if (sku !== undefined) where.push(`p.sku = $${values.push(sku)}`);
  if (barcode !== undefined)
    where.push(`p.id IN (SELECT product_id FROM product_barcodes WHERE barcode = $${values.push(barcode)})`);
  if (categoryId !== undefined) {
    where.push(`p.category_id IN (WITH RECURSIVE tree AS (
      SELECT id FROM categories WHERE id = $${values.push(categoryId)}
      UNION ALL SELECT c.id FROM categories c JOIN tree ON c.parent_id = tree.id) SELECT id FROM tree)`);
  }
  if (supplierId !== undefined) where.push(`p.supplier_id = $${values.push(supplierId)}`);
  if (isActive !== undefined) where.push(`p.is_active = $${values.push(isActive)}`);
  return where;
}
