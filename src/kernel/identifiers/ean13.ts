import { gtinCheckDigit } from './barcode.js';

/** Check digit of an EAN-13 (GS1 General Specifications 7.9): weights 1 and 3 from the left over the first twelve digits. */
export function ean13CheckDigit(first12: string): number {
  if (!/^\d{12}$/.test(first12)) throw new RangeError(`twelve digits expected, got ${first12}`);
  return gtinCheckDigit(first12);
}

/** Appends the check digit to twelve digits. */
export function completeEan13(first12: string): string {
  return `${first12}${ean13CheckDigit(first12)}`;
}

/** Thirteen digits of which the last is right. */
export function isEan13(text: string): boolean {
  return /^\d{13}$/.test(text) && ean13CheckDigit(text.slice(0, 12)) === Number(text[12]);
}
