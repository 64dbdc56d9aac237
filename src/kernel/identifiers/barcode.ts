/** What is known of a barcode: its GTIN check digit fits, does not, or the code has none (own codes, Code 128). */
export const BARCODE_STATUSES = ['valid', 'unchecked', 'invalid'] as const;
export type BarcodeStatus = (typeof BARCODE_STATUSES)[number];

/** EAN-8, UPC-A, EAN-13 and GTIN-14 have a check digit; a number of any other length is an own code. */
const GTIN = /^(?:\d{8}|\d{12,14})$/;

/** The GS1 check digit: from the right, the digits before it weigh 3 and 1 in turn, and the sum is filled up to a multiple of ten. */
export function gtinCheckDigit(body: string): number {
  const sum = Array.from(body)
    .toReversed()
    .reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 3 : 1), 0);
  return (10 - (sum % 10)) % 10;
}

/** Whether a barcode's check digit is right. A wrong one is told, never refused: such labels exist and must still scan. */
export function barcodeStatus(barcode: string): BarcodeStatus {
  if (!GTIN.test(barcode)) return 'unchecked';
  return gtinCheckDigit(barcode.slice(0, -1)) === Number(barcode.at(-1)) ? 'valid' : 'invalid';
}
