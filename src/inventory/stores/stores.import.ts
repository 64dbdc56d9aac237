import type { ImportKind } from '../../tenancy/index.js';
import { storeRow, type StoreRow } from './store-row.js';
import type { StoresImportRepository } from './stores-import.repository.js';

/** stores.csv: the database has nothing against any row. */
export function storesImport(repository: StoresImportRepository): ImportKind<StoreRow> {
  return {
    name: 'stores',
    definition: storeRow,
    uniqueKeys: ({ code }) => [{ field: 'code', key: code }],
    begin: () => ({
      check: () => Promise.resolve([]),
      write: (rows) => repository.write(rows.map(({ row }) => row)),
    }),
  };
}
