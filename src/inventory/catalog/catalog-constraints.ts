import { registerConstraints } from '../../kernel/errors/constraints.js';

/** How the catalogue's constraints read to a client. */
registerConstraints({
  stores_code_key: { code: 'catalog.code_taken', pointer: '/code' },
  categories_code_key: { code: 'catalog.code_taken', pointer: '/code' },
  suppliers_code_key: { code: 'catalog.code_taken', pointer: '/code' },
  categories_no_cycle: { code: 'catalog.category_cycle', pointer: '/parentId' },
  categories_max_depth: { code: 'catalog.category_too_deep', pointer: '/parentId' },
  categories_parent_id_fkey: { code: 'http.not_found', pointer: '/parentId' },
  idx_products_tenant_sku: { code: 'catalog.sku_taken', pointer: '/sku' },
  products_barcode_key: { code: 'catalog.barcode_taken', pointer: '/barcode' },
  product_barcodes_barcode_key: { code: 'catalog.barcode_taken', pointer: '/barcodes' },
  products_category_id_fkey: { code: 'http.not_found', pointer: '/categoryId' },
  products_supplier_id_fkey: { code: 'http.not_found', pointer: '/supplierId' },
  products_stock_levels_check: { code: 'http.validation_failed', pointer: '/maxStockLevel' },
});
