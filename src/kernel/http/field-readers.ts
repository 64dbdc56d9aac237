import { pointerSegment, type FieldCode, type FieldError } from '../errors/field-errors.js';
import type { Bilingual } from '../errors/problems.js';
import { isZero, readDecimal, type DecimalShape } from './decimal.js';
import { readInstant, readLocalDate } from './temporal.js';

/** State of reading one request part. */
export interface Reading {
  readonly errors: FieldError[];
  /** text stands for numbers, booleans and one-item lists: query and path */
  readonly lenient: boolean;
}

/** Checks and converts one value; on a fault it reports and returns undefined. Never called with undefined or null. */
export type Reader = (value: unknown, pointer: string, reading: Reading) => unknown;

/** A client that sends garbage learns the first hundred faults, not a million. */
const MAX_ERRORS = 100;

export function report(reading: Reading, pointer: string, code: FieldCode, extra?: Record<string, unknown>): undefined {
  if (reading.errors.length < MAX_ERRORS) reading.errors.push({ pointer, code, ...extra });
  return undefined;
}

// with the u flag a surrogate only matches where it stands alone
const NOT_STORABLE = /[\0\p{Surrogate}]/u;

/** PostgreSQL stores neither NUL nor half a surrogate pair. */
export function isStorable(text: string): boolean {
  return !NOT_STORABLE.test(text);
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const readUuid: Reader = (value, pointer, reading) =>
  typeof value === 'string' && UUID.test(value) ? value.toLowerCase() : report(reading, pointer, 'field.uuid');

export interface TextLimits {
  min: number;
  max: number;
  trim: boolean;
  pattern?: RegExp;
  /** what the pattern wants, in words for the message */
  expected?: Bilingual;
  code?: FieldCode;
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

export function textReader({ min, max, trim, pattern, expected, code = 'field.format' }: TextLimits): Reader {
  return (value, pointer, reading) => {
    if (typeof value !== 'string') return report(reading, pointer, 'field.type', { expected: 'string' });
    const text = trim ? value.trim() : value;
    if (text.length < min) return report(reading, pointer, text === '' ? 'field.required' : 'field.too_short', { min });
    if (text.length > max && (text.length > 2 * max || codePoints(text) > max))
      return report(reading, pointer, 'field.too_long', { max });
    if (!isStorable(text)) return report(reading, pointer, 'field.characters');
    if (pattern && !pattern.test(text)) return report(reading, pointer, code, expected === undefined ? undefined : { expected });
    return text;
  };
}

export type DecimalSign = 'signed' | 'nonzero' | 'nonnegative' | 'positive';

export function decimalReader(shape: DecimalShape, sign: DecimalSign): Reader {
  return (value, pointer, reading) => {
    const decimal = readDecimal(value, shape);
    if (typeof decimal !== 'string')
      return report(reading, pointer, decimal.fault, decimal.fault === 'field.digits' ? { ...shape } : undefined);
    if (sign === 'signed') return decimal;
    if (sign === 'nonzero') return isZero(decimal) ? report(reading, pointer, 'field.zero') : decimal;
    if (sign === 'positive' && (decimal.startsWith('-') || isZero(decimal))) return report(reading, pointer, 'field.positive');
    return decimal.startsWith('-') ? report(reading, pointer, 'field.min', { min: 0 }) : decimal;
  };
}

const INTEGER_TEXT = /^-?\d{1,15}$/;
const NUMBER_TEXT = /^-?\d{1,15}(\.\d{1,15})?$/;

export function integerReader(min: number, max: number): Reader {
  return (value, pointer, reading) => {
    const number = reading.lenient && typeof value === 'string' && INTEGER_TEXT.test(value) ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isSafeInteger(number))
      return report(reading, pointer, 'field.type', { expected: 'integer' });
    return inRange(number, min, max, pointer, reading);
  };
}

export function numberReader(min: number, max: number): Reader {
  return (value, pointer, reading) => {
    const number = reading.lenient && typeof value === 'string' && NUMBER_TEXT.test(value) ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isFinite(number))
      return report(reading, pointer, 'field.type', { expected: 'number' });
    return inRange(number, min, max, pointer, reading);
  };
}

function inRange(number: number, min: number, max: number, pointer: string, reading: Reading): unknown {
  if (number < min) return report(reading, pointer, 'field.min', { min });
  return number > max ? report(reading, pointer, 'field.max', { max }) : number;
}

export const readFlag: Reader = (value, pointer, reading) => {
  if (typeof value === 'boolean') return value;
  if (reading.lenient && (value === 'true' || value === 'false')) return value === 'true';
  return report(reading, pointer, 'field.type', { expected: 'boolean' });
};

export function choiceReader(choices: readonly (string | number)[]): Reader {
  const known = new Set<unknown>(choices);
  const numbers = new Map(choices.filter((choice) => typeof choice === 'number').map((choice) => [String(choice), choice]));
  const list = choices.join(', ');
  return (value, pointer, reading) => {
    const choice = reading.lenient && typeof value === 'string' ? (numbers.get(value) ?? value) : value;
    return known.has(choice) ? choice : report(reading, pointer, 'field.choice', { choices: list });
  };
}

export const instantReader: Reader = (value, pointer, reading) =>
  (typeof value === 'string' ? readInstant(value) : undefined) ?? report(reading, pointer, 'field.instant');

export const localDateReader: Reader = (value, pointer, reading) =>
  (typeof value === 'string' ? readLocalDate(value) : undefined) ?? report(reading, pointer, 'field.date');

export interface ListLimits {
  min: number;
  max: number;
  unique?: boolean;
}

export function listReader(item: Reader, { min, max, unique }: ListLimits): Reader {
  return (value, pointer, reading) => {
    const list = reading.lenient && !Array.isArray(value) ? [value] : value;
    if (!Array.isArray(list)) return report(reading, pointer, 'field.type', { expected: 'array' });
    if (list.length < min) return report(reading, pointer, 'field.too_few', { min });
    if (list.length > max) return report(reading, pointer, 'field.too_many', { max });
    const result = list.map((entry: unknown, index) => {
      const at = `${pointer}/${index}`;
      return entry === undefined || entry === null ? report(reading, at, 'field.null') : item(entry, at, reading);
    });
    if (unique) reportRepeated(result, pointer, reading);
    return result;
  };
}

function reportRepeated(list: unknown[], pointer: string, reading: Reading): void {
  const seen = new Set<unknown>();
  for (const [index, entry] of list.entries()) {
    if (entry !== undefined && seen.has(entry)) report(reading, `${pointer}/${index}`, 'field.duplicate');
    seen.add(entry);
  }
}

export interface OpenDataLimits {
  maxBytes: number;
  maxDepth: number;
}

/** Any JSON object, bounded in size and depth, every string of it storable. */
export function openDataReader({ maxBytes, maxDepth }: OpenDataLimits): Reader {
  return (value, pointer, reading) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return report(reading, pointer, 'field.type', { expected: 'object' });
    const faults = reading.errors.length;
    checkOpen(value, pointer, reading, maxDepth, maxDepth);
    if (reading.errors.length > faults) return undefined;
    if (Buffer.byteLength(JSON.stringify(value)) > maxBytes)
      return report(reading, pointer, 'field.too_large', { max: maxBytes });
    return value;
  };
}

function checkOpen(value: unknown, pointer: string, reading: Reading, left: number, max: number): void {
  if (typeof value === 'string' && !isStorable(value)) report(reading, pointer, 'field.characters');
  if (typeof value !== 'object' || value === null) return;
  if (left === 0) return report(reading, pointer, 'field.too_deep', { max });
  for (const [key, entry] of Object.entries(value)) {
    const at = `${pointer}/${pointerSegment(key)}`;
    if (!isStorable(key)) report(reading, at, 'field.characters');
    checkOpen(entry, at, reading, left - 1, max);
  }
}
