import { choice, code, date, decimal, defineRow, optional, Refusal, text, type RowDefinition } from '../../tenancy/index.js';

/** A line of calendar.csv: something known about a day that moves demand. */
export interface CalendarRow {
  readonly date: string;
  /** null: every store */
  readonly store: string | null;
  readonly kind: 'promotion' | 'price' | 'holiday' | 'closed';
  /** promotion: null is the whole store; price: required; holiday and closed: none */
  readonly sku: string | null;
  /** promotion: its strength, 1 when blank; price: the price of that day */
  readonly value: string | null;
  readonly name: string | null;
}

const KINDS = { promotion: ['promocion', 'oferta'], price: ['precio'], holiday: ['feriado'], closed: ['cerrado'] } as const;

export const calendarRow: RowDefinition<CalendarRow> = defineRow(
  {
    date: date({ future: true, aliases: ['fecha'] }),
    store: optional(code(40, { aliases: ['tienda'] })),
    kind: choice(KINDS, { aliases: ['tipo'] }),
    sku: optional(code(60, { aliases: ['producto'] })),
    value: optional(decimal({ scale: 4, min: 0, max: 99_999_999_999, aliases: ['valor'] })),
    name: optional(text(200, { aliases: ['nombre'] })),
  },
  (row, refuse) => {
    if (row.kind === 'price' && row.sku === null) refuse('sku', new Refusal('imports.required'));
    if (row.kind === 'price' && row.value === null) refuse('value', new Refusal('imports.required'));
    const dayWide = row.kind === 'holiday' || row.kind === 'closed';
    if (dayWide && row.sku !== null) refuse('sku', new Refusal('imports.not_applicable', { kind: row.kind }));
  },
);
