import { choice, code, decimal, defineRow, optional, text, type FieldSpec, type RowDefinition } from '../../tenancy/index.js';

/** A line of products.csv. Amounts are exact decimal strings. */
export interface ProductRow {
  readonly sku: string;
  readonly name: string;
  /** code or name of a category; an unknown one is created */
  readonly category: string | null;
  /** code of a supplier, which must exist */
  readonly supplier: string | null;
  readonly unit_type: 'unit' | 'kg' | 'liter' | 'meter' | 'box' | 'case' | null;
  readonly barcode: string | null;
  readonly cost_price: string | null;
  readonly sale_price: string | null;
  /** code of a tax category, which must exist */
  readonly tax_category: string | null;
  readonly min_stock_level: string | null;
  readonly reorder_point: string | null;
}

const UNITS = {
  unit: ['unidad', 'und', 'un', 'u', 'pieza'],
  kg: ['kilo', 'kilogramo', 'kgs'],
  liter: ['litro', 'lt', 'l', 'litre'],
  meter: ['metro', 'm', 'mt', 'metre'],
  box: ['caja'],
  case: ['bulto', 'fardo'],
} as const;

// what numeric(18,4) and numeric(18,6) hold
const MAX_MONEY = 99_999_999_999_999;
const MAX_COST = 999_999_999_999;
const amount = (aliases: string[]): FieldSpec<string | null> => optional(decimal({ scale: 4, min: 0, max: MAX_MONEY, aliases }));

export const productRow: RowDefinition<ProductRow> = defineRow({
  sku: code(60, { aliases: ['codigo', 'producto'] }),
  name: text(300, { aliases: ['nombre', 'descripcion'] }),
  category: optional(text(200, { aliases: ['categoria'] })),
  supplier: optional(code(60, { aliases: ['proveedor'] })),
  unit_type: optional(choice(UNITS, { aliases: ['unidad'] })),
  barcode: optional(code(60, { aliases: ['codigo_de_barras', 'ean'] })),
  cost_price: optional(decimal({ scale: 6, min: 0, max: MAX_COST, aliases: ['costo'] })),
  sale_price: amount(['precio', 'precio_venta', 'selling_price']),
  tax_category: optional(code(40, { aliases: ['impuesto', 'iva'] })),
  min_stock_level: amount(['stock_minimo', 'existencia_minima']),
  reorder_point: amount(['punto_de_pedido', 'punto_de_reorden']),
});
