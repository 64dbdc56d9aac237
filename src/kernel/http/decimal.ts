/** Digits of a PostgreSQL `numeric(precision, scale)`. */
export interface DecimalShape {
  /** digits before the point */
  readonly integer: number;
  /** digits after the point */
  readonly scale: number;
}

export const MONEY: DecimalShape = { integer: 14, scale: 4 };
export const QUANTITY: DecimalShape = { integer: 14, scale: 4 };
export const UNIT_COST: DecimalShape = { integer: 12, scale: 6 };
export const RATE: DecimalShape = { integer: 12, scale: 8 };

export type DecimalFault = 'field.decimal' | 'field.digits';

const DECIMAL = /^(-?)0*(\d+)(?:\.(\d+))?$/;
/** longest text looked at: two numeric(18) and some leading zeros */
const MAX_LENGTH = 40;
/** JSON numbers with more significant digits than this have already lost some on their way through a double */
const EXACT_DIGITS = 15;

/**
 * Reads a decimal given as text or JSON number into canonical text: no exponent, no leading zeros, no `-0`, decimals as given.
 * Never goes through a double, so that "0.1" stays 0.1. Returns `{ fault }` when it is no decimal or does not fit the shape.
 */
export function readDecimal(value: unknown, shape: DecimalShape): string | { fault: DecimalFault } {
  const text = typeof value === 'number' ? numberText(value) : value;
  if (typeof text !== 'string' || text.length > MAX_LENGTH) return { fault: 'field.decimal' };
  const match = DECIMAL.exec(text);
  if (!match) return { fault: 'field.decimal' };
  const [, sign, integer, fraction = ''] = match as unknown as [string, string, string, string | undefined];
  if (integer.length > shape.integer || fraction.length > shape.scale) return { fault: 'field.digits' };
  const digits = fraction === '' ? integer : `${integer}.${fraction}`;
  return sign === '-' && /[1-9]/.test(digits) ? `-${digits}` : digits;
}

/** The shortest text of a double, unless it needs an exponent or more digits than a double holds exactly. */
function numberText(value: number): string | undefined {
  if (!Number.isFinite(value)) return undefined;
  const text = String(value);
  return text.replace(/^-?0?\.?0*|\./g, '').length > EXACT_DIGITS ? undefined : text;
}

export function isZero(decimal: string): boolean {
  return !/[1-9]/.test(decimal);
}

/** The ECMA pattern of a decimal of this shape, for the OpenAPI document: exactly what `readDecimal` takes as text. */
export function decimalPattern({ integer, scale }: DecimalShape, signed: boolean): string {
  return `^${signed ? '-?' : ''}\\d{1,${integer}}(\\.\\d{1,${scale}})?$`;
}
