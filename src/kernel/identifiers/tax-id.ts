import { rifCheckDigit } from './rif.js';

/** What is known of a tax id: a RIF whose check digit fits, one whose digit is wrong, or something that is no RIF at all (foreign ids, none). */
export const TAX_ID_STATUSES = ['valid', 'unchecked', 'invalid'] as const;
export type TaxIdStatus = (typeof TAX_ID_STATUSES)[number];

const RIF = /^([VEJPG])[-\s.]*(\d{8})[-\s]*(\d)$/;
/** A RIF in its written form `J-30105123-8`; any other tax id as it came. */
export function formatTaxId(taxId: string): string {
  const match = RIF.exec(taxId.trim().toUpperCase());
  return match ? `${match[1]}-${match[2]}-${match[3]}` : taxId.trim();
}

/** Whether a tax id is a RIF with the right check digit. A wrong one is told, never refused: invoices carry what the supplier printed. */
export function taxIdStatus(taxId: string | null): TaxIdStatus {
  const match = taxId === null ? null : RIF.exec(taxId.trim().toUpperCase());
  if (!match) return 'unchecked';
  return rifCheckDigit(match[1] ?? '', match[2] ?? '') === Number(match[3]) ? 'valid' : 'invalid';
}

/** The values with the tax id in its written form and what its check digit says; untouched when no tax id is among them. */
export function withCheckedTaxId<T extends { taxId?: string | null }>(values: T): T & { taxIdStatus?: TaxIdStatus } {
  if (values.taxId === undefined) return values;
  const taxId = values.taxId === null ? null : formatTaxId(values.taxId);
  return { ...values, taxId, taxIdStatus: taxIdStatus(taxId) };
}
