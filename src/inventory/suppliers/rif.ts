/** What is known of a tax id: a RIF whose check digit fits, one whose digit is wrong, or something that is no RIF at all (foreign ids, none). */
export const TAX_ID_STATUSES = ['valid', 'unchecked', 'invalid'] as const;
export type TaxIdStatus = (typeof TAX_ID_STATUSES)[number];

const RIF = /^([VEJPG])[-\s.]*(\d{8})[-\s]*(\d)$/;
/** what the letter adds to the sum: person, foreigner, company, passport, government */
const LETTER_VALUE: Readonly<Record<string, number>> = { V: 4, E: 8, J: 12, P: 16, G: 20 };
const WEIGHTS = [3, 2, 7, 6, 5, 4, 3, 2] as const;
const CHECK_DIGITS = '00987654321';

/** The check digit of a Venezuelan RIF, as python-stdnum's `ve.rif` computes it (weighted sum modulo 11). */
function checkDigit(letter: string, digits: string): string {
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(digits[index]), LETTER_VALUE[letter] ?? 0);
  return CHECK_DIGITS.charAt(sum % 11);
}

/** A RIF in its written form `J-30105123-8`; any other tax id as it came. */
export function formatTaxId(taxId: string): string {
  const match = RIF.exec(taxId.trim().toUpperCase());
  return match ? `${match[1]}-${match[2]}-${match[3]}` : taxId.trim();
}

/** Whether a tax id is a RIF with the right check digit. A wrong one is told, never refused: invoices carry what the supplier printed. */
export function taxIdStatus(taxId: string | null): TaxIdStatus {
  const match = taxId === null ? null : RIF.exec(taxId.trim().toUpperCase());
  if (!match) return 'unchecked';
  return checkDigit(match[1] ?? '', match[2] ?? '') === match[3] ? 'valid' : 'invalid';
}
