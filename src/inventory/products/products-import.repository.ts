import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import type { WriteOutcome } from '../../tenancy/index.js';
import { barcodeStatus } from '../../kernel/identifiers/barcode.js';
import type { ProductRow } from './product-row.js';

/** What the database has against one row, by its place in the batch. */
export interface ProductFinding {
  /** 0 for the first row */
  index: number;
  unknownSupplier: boolean;
  unknownTaxCategory: boolean;
  /** SKU of the other product that has the label */
  barcodeOwner: string | null;
}

// a category is named by its code or its name, without regard to case, accents, blanks and punctuation
const KEY = (text: string): string =>
  `coalesce(nullif(btrim(regexp_replace(lower(ext.immutable_unaccent(${text})), '[\\s[:punct:]]+', '-', 'g'), '-'), ''), md5(${text}))`;

// a code that is taken (cut names may meet) gets the beginning of a hash
const CREATE_CATEGORIES = `
WITH wanted AS (SELECT DISTINCT ON (key) key, btrim(name) AS name FROM (SELECT name, ${KEY('name')} AS key FROM unnest($1::text[]) AS w (name)) w ORDER BY key, name),
known AS MATERIALIZED (SELECT ${KEY('name')} AS key FROM categories UNION SELECT ${KEY('code')} FROM categories),
missing AS (SELECT key, name, left(upper(key), 51) AS code FROM wanted WHERE key NOT IN (SELECT key FROM known)),
numbered AS (SELECT *, row_number() OVER (PARTITION BY code ORDER BY key) AS n FROM missing)
INSERT INTO categories (code, name)
SELECT CASE WHEN n = 1 AND NOT EXISTS (SELECT FROM categories c WHERE c.code = m.code) THEN code ELSE code || '-' || left(md5(key), 8) END, name
  FROM numbered m ORDER BY key`;

const WRITE = `
WITH line AS MATERIALIZED (
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::numeric[], $9::numeric[], $10::text[],
    $11::numeric[], $12::numeric[]) AS l (sku, name, category, supplier, unit, barcode, barcode_status, cost, price, tax, least, point)
), known AS MATERIALIZED (
  SELECT DISTINCT ON (key) key, id FROM (
    SELECT ${KEY('code')} AS key, id, 1 AS rank, code FROM categories UNION ALL SELECT ${KEY('name')}, id, 2, code FROM categories) k
   ORDER BY key, rank, code
), category AS MATERIALIZED (
  SELECT l.name, k.id FROM (SELECT DISTINCT category AS name FROM line WHERE category IS NOT NULL) l JOIN known k ON k.key = ${KEY('l.name')}
), final AS MATERIALIZED (
  SELECT p.id, l.sku, l.name,
         CASE WHEN has.category THEN c.id ELSE p.category_id END AS category_id, CASE WHEN has.supplier THEN u.id ELSE p.supplier_id END AS supplier_id,
         coalesce(l.unit, p.unit_type, 'unit') AS unit_type,
         CASE WHEN has.barcode THEN l.barcode ELSE p.barcode END AS barcode,
         CASE WHEN has.barcode THEN l.barcode_status ELSE coalesce(p.barcode_status, 'unchecked') END AS barcode_status,
         CASE WHEN has.cost THEN coalesce(l.cost, 0) ELSE coalesce(p.cost_price, 0) END::numeric(18,6) AS cost_price,
         CASE WHEN has.price THEN coalesce(l.price, 0) ELSE coalesce(p.selling_price, 0) END::numeric(18,4) AS selling_price,
         coalesce(t.id, p.tax_category_id) AS tax_category_id,
         CASE WHEN has.least THEN coalesce(l.least, 0) ELSE coalesce(p.min_stock_level, 0) END::numeric(18,4) AS min_stock_level,
         CASE WHEN has.point THEN coalesce(l.point, 0) ELSE coalesce(p.reorder_point, 0) END::numeric(18,4) AS reorder_point
    FROM line l
   CROSS JOIN (SELECT $13::boolean, $14::boolean, $15::boolean, $16::boolean, $17::boolean, $18::boolean, $19::boolean)
           AS has (category, supplier, barcode, cost, price, least, point)
    LEFT JOIN products p ON p.sku = l.sku
    LEFT JOIN category c ON c.name = l.category
    LEFT JOIN suppliers u ON u.code = l.supplier
    LEFT JOIN tax_categories t ON t.code = l.tax
), inserted AS (
  INSERT INTO products (sku, name, category_id, supplier_id, unit_type, barcode, barcode_status, cost_price, selling_price, tax_category_id,
    min_stock_level, reorder_point)
  SELECT sku, name, category_id, supplier_id, unit_type, barcode, barcode_status, cost_price, selling_price, tax_category_id, min_stock_level, reorder_point
    FROM final WHERE id IS NULL ORDER BY sku
  RETURNING id
), updated AS (
  UPDATE products p SET name = f.name, category_id = f.category_id, supplier_id = f.supplier_id, unit_type = f.unit_type, barcode = f.barcode,
         barcode_status = f.barcode_status, cost_price = f.cost_price, selling_price = f.selling_price, tax_category_id = f.tax_category_id,
         min_stock_level = f.min_stock_level, max_stock_level = CASE WHEN p.max_stock_level >= f.min_stock_level THEN p.max_stock_level END,
         reorder_point = f.reorder_point
    FROM final f
   WHERE p.id = f.id AND (p.name, p.category_id, p.supplier_id, p.unit_type, p.barcode, p.barcode_status, p.cost_price, p.selling_price, p.tax_category_id,
           p.min_stock_level, p.reorder_point)
         IS DISTINCT FROM (f.name, f.category_id, f.supplier_id, f.unit_type, f.barcode, f.barcode_status, f.cost_price, f.selling_price, f.tax_category_id,
           f.min_stock_level, f.reorder_point)
  RETURNING p.id
)
SELECT (SELECT count(*)::int FROM inserted) AS inserted, (SELECT count(*)::int FROM updated) AS updated`;

@Injectable()
export class ProductsImportRepository {
  constructor(private readonly unit: UnitOfWork) {}

  /** Rows that name an unknown supplier or tax category, or a label of another product. */
  findings(rows: readonly Partial<ProductRow>[]): Promise<ProductFinding[]> {
    return this.unit.query<ProductFinding>(
      `SELECT * FROM (
         SELECT (l.n - 1)::int AS index,
                l.supplier IS NOT NULL AND u.id IS NULL AS "unknownSupplier", l.tax IS NOT NULL AND t.id IS NULL AS "unknownTaxCategory",
                CASE WHEN o.sku <> l.sku THEN o.sku END AS "barcodeOwner"
           FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) WITH ORDINALITY AS l (sku, supplier, tax, barcode, n)
           LEFT JOIN suppliers u ON u.code = l.supplier
           LEFT JOIN tax_categories t ON t.code = l.tax
           LEFT JOIN product_barcodes b ON b.barcode = l.barcode
           LEFT JOIN products o ON o.id = b.product_id) f
        WHERE "unknownSupplier" OR "unknownTaxCategory" OR "barcodeOwner" IS NOT NULL ORDER BY index`,
      [
        rows.map(({ sku }) => sku),
        rows.map(({ supplier }) => supplier),
        rows.map(({ tax_category: tax }) => tax),
        rows.map(({ barcode }) => barcode),
      ],
    );
  }

  /** Creates the categories that none of the tenant's is called, as roots of the tree. */
  async createCategories(names: readonly string[]): Promise<void> {
    if (names.length > 0) await this.unit.execute(CREATE_CATEGORIES, [names]);
  }

  /**
   * Creates or changes products by SKU, in one statement; a product that is as the file says is not touched. The maximum of a product
   * whose new minimum lies above it is dropped.
   * @param columns that the file has: another one keeps its value; a blank field clears it, or keeps unit and tax category
   */
  async write(rows: readonly ProductRow[], columns: ReadonlySet<string>): Promise<WriteOutcome> {
    const column = <T>(read: (row: ProductRow) => T): T[] => rows.map(read);
    const [counts] = await this.unit.query<{ inserted: number; updated: number }>(WRITE, [
      column(({ sku }) => sku),
      column(({ name }) => name),
      column(({ category }) => category),
      column(({ supplier }) => supplier),
      column((row) => row.unit_type),
      column(({ barcode }) => barcode),
      column(({ barcode }) => (barcode === null ? 'unchecked' : barcodeStatus(barcode))),
      column((row) => row.cost_price),
      column((row) => row.sale_price),
      column((row) => row.tax_category),
      column((row) => row.min_stock_level),
      column((row) => row.reorder_point),
      ...['category', 'supplier', 'barcode', 'cost_price', 'sale_price', 'min_stock_level', 'reorder_point'].map((name) =>
        columns.has(name),
      ),
    ]);
    const { inserted = 0, updated = 0 } = counts ?? {};
    return { inserted, updated, unchanged: rows.length - inserted - updated };
  }
}
