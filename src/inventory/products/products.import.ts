import {
  registerImportCodes,
  rowProblem,
  type ImportKind,
  type ImportSession,
  type NumberedRow,
  type RowProblem,
} from '../../tenancy/index.js';
import { productRow, type ProductRow } from './product-row.js';
import type { ProductsImportRepository } from './products-import.repository.js';

registerImportCodes({
  'catalog.unknown_supplier': {
    es: 'No hay proveedor con ese código. Importe antes suppliers.csv.',
    en: 'No supplier has that code. Import suppliers.csv first.',
  },
  'catalog.unknown_tax_category': {
    es: 'No hay categoría de impuesto con ese código.',
    en: 'No tax category has that code.',
  },
  'catalog.barcode_taken': { es: 'Es el código de barras de {owner}.', en: 'It is the barcode of {owner}.' },
});

/** products.csv: an unknown category is created, an unknown supplier or tax category is an error. */
export function productsImport(repository: ProductsImportRepository): ImportKind<ProductRow> {
  return {
    name: 'products',
    definition: productRow,
    uniqueKeys: ({ sku, barcode }) => [
      { field: 'sku', key: sku },
      ...(barcode === null ? [] : [{ field: 'barcode', key: barcode }]),
    ],
    begin: ({ columns }) => new ProductsSession(repository, columns),
  };
}

class ProductsSession implements ImportSession<ProductRow> {
  /** that exist: every batch has the same ones */
  private readonly categories = new Set<string>();

  constructor(
    private readonly repository: ProductsImportRepository,
    private readonly columns: ReadonlySet<string>,
  ) {}

  check(rows: readonly NumberedRow<ProductRow>[]): Promise<RowProblem[]> {
    return this.checkNames(rows);
  }

  async checkNames(rows: readonly NumberedRow<Partial<ProductRow>>[]): Promise<RowProblem[]> {
    const findings = await this.repository.findings(rows.map(({ row }) => row));
    return findings.flatMap(({ index, unknownSupplier, unknownTaxCategory, barcodeOwner }) => {
      const at = rows[index];
      if (!at) return [];
      const { line, row } = at;
      return [
        ...(unknownSupplier ? [rowProblem(line, 'supplier', 'catalog.unknown_supplier', row.supplier)] : []),
        ...(unknownTaxCategory ? [rowProblem(line, 'tax_category', 'catalog.unknown_tax_category', row.tax_category)] : []),
        ...(barcodeOwner === null
          ? []
          : [rowProblem(line, 'barcode', 'catalog.barcode_taken', row.barcode, { owner: barcodeOwner })]),
      ];
    });
  }

  async write(rows: Parameters<ImportSession<ProductRow>['write']>[0]): ReturnType<ImportSession<ProductRow>['write']> {
    const named = new Set(rows.flatMap(({ row }) => (row.category === null ? [] : [row.category])));
    const missing = [...named].filter((name) => !this.categories.has(name));
    await this.repository.createCategories(missing);
    for (const name of missing) this.categories.add(name);
    return this.repository.write(
      rows.map(({ row }) => row),
      this.columns,
    );
  }
}
