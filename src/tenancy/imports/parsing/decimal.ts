const PLAIN = /^[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)$/;
const GROUPED = /^[+-]?\d{1,3}(?:[.,'\s]\d{3})+(?:[.,]\d+)?$/;
const THOUSAND_LIKE = /^[+-]?[1-9]\d{0,2}[.,]\d{3}$/;

/** The sign that a file uses before its decimals. */
export type DecimalSign = ',' | '.';

/** What a text says as a number. `sign` is the separator it used; `doubtful` when that could also group thousands. */
export type ReadDecimal =
  | { readonly ok: true; readonly value: string; readonly sign: DecimalSign | null; readonly doubtful: boolean }
  | { readonly ok: false; readonly code: 'imports.not_a_number' | 'imports.thousands_separator' };

/**
 * Reads a decimal number exactly, never through a binary float. One separator is always the decimal sign (`3,25`, `3.25`); more than one,
 * or blanks between digits, is a grouped number (`1.234,56`, `1,234.56`, `1 234`) and refused, because `1.234` and `1.234,56` in one file
 * cannot both be read right. `1e3`, hexadecimal and currency signs are no numbers.
 * @returns the number in plain notation with `.`: no plus sign, no superfluous zeros, `-0` as `0`
 */
export function readDecimal(text: string): ReadDecimal {
  if (!PLAIN.test(text)) {
    return { ok: false, code: GROUPED.test(text) ? 'imports.thousands_separator' : 'imports.not_a_number' };
  }
  const sign = text.includes(',') ? ',' : text.includes('.') ? '.' : null;
  return {
    ok: true,
    value: canonical(sign === ',' ? text.replace(',', '.') : text),
    sign,
    doubtful: sign !== null && THOUSAND_LIKE.test(text),
  };
}

function canonical(text: string): string {
  const negative = text.startsWith('-');
  const digits = negative || text.startsWith('+') ? text.slice(1) : text;
  const point = digits.indexOf('.');
  const whole = (point < 0 ? digits : digits.slice(0, point)).replace(/^0+(?=\d)/, '') || '0';
  const fraction = point < 0 ? '' : digits.slice(point + 1).replace(/0+$/, '');
  const value = fraction ? `${whole}.${fraction}` : whole;
  return negative && value !== '0' ? `-${value}` : value;
}

/** Digits after the point of a number in plain notation. */
export function scaleOf(value: string): number {
  const point = value.indexOf('.');
  return point < 0 ? 0 : value.length - point - 1;
}

/**
 * A number as a spreadsheet stores it (`3.25`, `1E-3`, `3.2500000000000001`) in plain notation, at the 15 significant digits that
 * spreadsheets show and keep.
 * @returns null when it is no finite number
 */
export function fromSpreadsheet(stored: string): string | null {
  const number = Number(stored);
  if (stored.trim() === '' || !Number.isFinite(number)) return null;
  const [mantissa = '', exponent = '0'] = number.toExponential(14).split('e');
  const negative = mantissa.startsWith('-');
  const digits = mantissa.replace(/[-.]/g, '');
  const point = 1 + Number(exponent);
  const padded = point <= 0 ? '0'.repeat(1 - point) + digits : digits.padEnd(point, '0');
  const at = Math.max(point, 1);
  return canonical(`${negative ? '-' : ''}${padded.slice(0, at)}.${padded.slice(at)}`);
}

/** One number that may have meant thousands. */
export interface DoubtfulNumber {
  readonly line: number;
  readonly field: string;
  readonly value: string;
}

/**
 * Which decimal sign a file uses, learnt as it is read. A contract file may use either, and even both where the meaning is plain
 * (`3,25` beside `3.25`); but `1.234` in a file whose decimals are written with a comma is a thousand in disguise and must not become 1.234.
 */
export class DecimalStyle {
  private readonly waiting: DoubtfulNumber[] = [];

  /** @param sign what is known already, from an earlier pass over the file */
  constructor(private sign: DecimalSign | null = null) {}

  /** The sign learnt so far. */
  get decimal(): DecimalSign | null {
    return this.sign;
  }

  /** Notes one number. @returns false when it contradicts the sign learnt so far */
  accept(read: { sign: DecimalSign | null; doubtful: boolean }, at: DoubtfulNumber): boolean {
    if (read.sign === null) return true;
    if (!read.doubtful) {
      this.sign ??= read.sign;
      return true;
    }
    if (this.sign !== null) return this.sign === read.sign;
    if (this.waiting.length < MAX_WAITING) this.waiting.push(at);
    return true;
  }

  /** Numbers accepted before the sign was known, which it then contradicted. Emptied by the call. */
  takeContradicted(): DoubtfulNumber[] {
    if (this.sign === null) return [];
    const sign = this.sign;
    return this.waiting.splice(0).filter((number) => !number.value.includes(sign));
  }
}

const MAX_WAITING = 1000;
