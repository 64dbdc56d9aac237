const PREFIX: Readonly<Record<string, number>> = { V: 4, E: 8, J: 12, P: 16, G: 20 };
const WEIGHTS = [3, 2, 7, 6, 5, 4, 3, 2];
const DIGITS = '00987654321';

/**
 * Check digit of a Venezuelan RIF: the letter's value plus the eight digits by their weights, modulo 11 (the algorithm of
 * python-stdnum's ve.rif).
 * @param letter V (Venezuelan), E (foreigner), J (company), P (passport) or G (government)
 */
export function rifCheckDigit(letter: string, eightDigits: string): number {
  const prefix = PREFIX[letter];
  if (prefix === undefined || !/^\d{8}$/.test(eightDigits))
    throw new RangeError(`not the start of a RIF: ${letter}-${eightDigits}`);
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(eightDigits[i]), prefix);
  return Number(DIGITS[sum % 11]);
}

/** Writes a RIF in its usual form, `J-30105123-8`. */
export function completeRif(letter: string, eightDigits: string): string {
  return `${letter}-${eightDigits}-${rifCheckDigit(letter, eightDigits)}`;
}
