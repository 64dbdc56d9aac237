import type { ImportKind } from '../../tenancy/index.js';
import { supplierRow, type SupplierRow } from './supplier-row.js';
import type { SuppliersImportRepository } from './suppliers-import.repository.js';

/** suppliers.csv: the database has nothing against any row. */
export function suppliersImport(repository: SuppliersImportRepository): ImportKind<SupplierRow> {
  return {
    name: 'suppliers',
    definition: supplierRow,
    uniqueKeys: ({ code }) => [{ field: 'code', key: code }],
    begin: ({ columns }) => ({
      check: () => Promise.resolve([]),
      write: (rows) =>
        repository.write(
          rows.map(({ row }) => row),
          columns,
        ),
    }),
  };
}
