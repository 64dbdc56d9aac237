import { choice, code, defineRow, optional, text, type RowDefinition } from '../../tenancy/index.js';

/** A line of stores.csv. */
export interface StoreRow {
  readonly code: string;
  readonly name: string;
  /** null: a new store is a `store`, a known one keeps its type */
  readonly type: 'store' | 'warehouse' | 'distribution_center' | null;
}

const TYPES = {
  store: ['tienda', 'sucursal'],
  warehouse: ['almacen', 'deposito'],
  distribution_center: ['centro de distribucion', 'cd'],
} as const;

export const storeRow: RowDefinition<StoreRow> = defineRow({
  code: code(40, { aliases: ['codigo', 'tienda'] }),
  name: text(200, { aliases: ['nombre'] }),
  type: optional(choice(TYPES, { aliases: ['tipo'] })),
});
