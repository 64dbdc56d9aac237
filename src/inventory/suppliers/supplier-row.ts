import { code, defineRow, optional, text, whole, type RowDefinition } from '../../tenancy/index.js';

/** A line of suppliers.csv. */
export interface SupplierRow {
  readonly code: string;
  readonly name: string;
  /** any country's form: a RIF is not checked here, so that a supplier is never lost for a typing error in its papers */
  readonly tax_id: string | null;
  readonly lead_time_days: number | null;
}

export const supplierRow: RowDefinition<SupplierRow> = defineRow({
  code: code(60, { aliases: ['codigo', 'proveedor'] }),
  name: text(200, { aliases: ['nombre', 'razon_social'] }),
  tax_id: optional(text(30, { aliases: ['rif'] })),
  lead_time_days: optional(whole(0, 730, { aliases: ['dias_entrega', 'dias_de_entrega'] })),
});
