import { code, date, decimal, defineRow, flag, optional, Refusal, type RowDefinition } from '../../tenancy/index.js';

/** A line of sales.csv: a product on a ticket. Without a ticket all lines of a store and day are one sale. */
export interface SaleRow {
  readonly date: string;
  readonly store: string;
  readonly sku: string;
  /** negative: a return */
  readonly quantity: string;
  /** null: the product's price */
  readonly unit_price: string | null;
  readonly ticket: string | null;
  readonly promotion: boolean | null;
}

const MAX = 99_999_999_999;
/** a line's total must fit numeric(18,4), and the sale's with it */
const MAX_TOTAL = 99_999_999_999;

export const saleRow: RowDefinition<SaleRow> = defineRow(
  {
    date: date({ future: false, aliases: ['fecha'] }),
    store: code(40, { aliases: ['tienda'] }),
    sku: code(60, { aliases: ['producto'] }),
    quantity: decimal({ scale: 4, min: -MAX, max: MAX, nonZero: true, aliases: ['cantidad'] }),
    unit_price: optional(decimal({ scale: 4, min: 0, max: MAX, aliases: ['precio', 'precio_unitario'] })),
    // no blanks: a day without tickets is referred to with one
    ticket: optional(code(100, { blanks: false, aliases: ['factura', 'recibo'] })),
    promotion: optional(flag({ aliases: ['promocion', 'oferta'] })),
  },
  (row, refuse) => {
    if (Math.abs(Number(row.quantity)) * Number(row.unit_price ?? 0) > MAX_TOTAL)
      refuse('quantity', new Refusal('imports.total_too_large'));
  },
);
