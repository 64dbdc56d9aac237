import { code, date, decimal, defineRow, optional, Refusal, type RowDefinition } from '../../tenancy/index.js';

/** A line of stock.csv: what was counted of a product in a store at the START of a day of the tenant's time zone. */
export interface StockRow {
  readonly store: string;
  readonly sku: string;
  /** never negative: it was counted */
  readonly quantity: string;
  readonly unit_cost: string | null;
  readonly date: string;
}

const MAX = 99_999_999_999;
/** a movement's total must fit numeric(18,4) */
const MAX_TOTAL = 99_999_999_999_999;

export const stockRow: RowDefinition<StockRow> = defineRow(
  {
    store: code(40, { aliases: ['tienda'] }),
    sku: code(60, { aliases: ['producto'] }),
    quantity: decimal({ scale: 4, min: 0, max: MAX, aliases: ['cantidad', 'existencia'] }),
    unit_cost: optional(decimal({ scale: 6, min: 0, max: MAX, aliases: ['costo', 'costo_unitario'] })),
    date: date({ future: false, aliases: ['fecha'] }),
  },
  (row, refuse) => {
    if (Number(row.quantity) * Number(row.unit_cost ?? 0) > MAX_TOTAL) refuse('quantity', new Refusal('imports.total_too_large'));
  },
);
