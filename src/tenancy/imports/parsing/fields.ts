import { DecimalStyle, readDecimal, scaleOf } from './decimal.js';
import { readLocalDate } from './local-date.js';

/** What reading a file needs to know beside its text. */
export interface RowContext {
  /** today in the tenant's time zone, ISO */
  readonly today: string;
  /** learns which decimal sign the file uses */
  readonly decimals: DecimalStyle;
}

/** Why a value was not accepted. */
export class Refusal {
  constructor(
    readonly problem: string,
    readonly params?: Readonly<Record<string, string | number>>,
  ) {}
}

/** Where a value stands, for problems that surface later. */
export interface FieldPlace {
  readonly line: number;
  readonly field: string;
}

/** How one column is read. `read` gets the trimmed, non-blank text. */
export interface FieldSpec<T> {
  readonly required: boolean;
  readonly aliases: readonly string[];
  read(text: string, context: RowContext, place: FieldPlace): T | Refusal;
}

/** Settings every field may have. */
interface FieldOptions {
  readonly aliases?: readonly string[];
}

const CONTROL = /\p{Cc}/u;
const BLANK = /\s/;

function required<T>(options: FieldOptions, read: FieldSpec<T>['read']): FieldSpec<T> {
  return { required: true, aliases: options.aliases ?? [], read };
}

/** The same column, but blank or absent means null. */
export function optional<T>(spec: FieldSpec<T>): FieldSpec<T | null> {
  return { ...spec, required: false };
}

function readText(value: string, max: number): string | Refusal {
  if (value.length > max) return new Refusal('imports.too_long', { limit: max });
  // a tab or line end inside a name is a copy-and-paste accident that breaks labels and tickets
  return CONTROL.test(value) ? new Refusal('imports.control_character') : value;
}

/** Free text of at most `max` characters, in Unicode normal form C, on one line. Formula-like text (`=cmd|...`) is text like any other. */
export function text(max: number, options: FieldOptions = {}): FieldSpec<string> {
  return required(options, (value) => readText(value.normalize('NFC'), max));
}

interface CodeOptions extends FieldOptions {
  /** false: no blanks inside */
  readonly blanks?: boolean;
}

/** An identifier (store code, SKU, barcode, ticket): what the API takes too, any printable text. */
export function code(max: number, options: CodeOptions = {}): FieldSpec<string> {
  return required(options, (value) =>
    options.blanks === false && BLANK.test(value) ? new Refusal('imports.bad_code') : readText(value.normalize('NFC'), max),
  );
}

interface NumberOptions extends FieldOptions {
  readonly scale: number;
  readonly min: number;
  readonly max: number;
  readonly nonZero?: boolean;
}

/** An exact decimal number as a string in plain notation, with at most `scale` decimals, between `min` and `max`. */
export function decimal(options: NumberOptions): FieldSpec<string> {
  const { scale, min, max } = options;
  return required(options, (value, context, place) => {
    const read = readDecimal(value);
    if (!read.ok) return new Refusal(read.code);
    if (!context.decimals.accept(read, { ...place, value })) {
      return new Refusal('imports.ambiguous_number', { decimal: context.decimals.decimal ?? '' });
    }
    if (scaleOf(read.value) > scale) return new Refusal('imports.too_many_decimals', { scale });
    const number = Number(read.value);
    if (number < min || number > max) return new Refusal('imports.out_of_range', { min, max });
    return options.nonZero && number === 0 ? new Refusal('imports.zero') : read.value;
  });
}

/** A whole number between `min` and `max`. */
export function whole(min: number, max: number, options: FieldOptions = {}): FieldSpec<number> {
  return required(options, (value) => {
    const read = readDecimal(value);
    if (!read.ok) return new Refusal(read.code);
    if (scaleOf(read.value) > 0) return new Refusal('imports.not_whole');
    const number = Number(read.value);
    return number < min || number > max ? new Refusal('imports.out_of_range', { min, max }) : number;
  });
}

const EARLIEST = '1990-01-01';
const LATEST = '2099-12-31';

/** A calendar date, ISO out. `future: false` refuses what lies after today. */
export function date(options: FieldOptions & { readonly future: boolean }): FieldSpec<string> {
  let lastText = '';
  let lastDate: string | null = null;
  return required(options, (value, context) => {
    // files are sorted by date: the same text comes again and again
    if (value !== lastText) {
      lastDate = readLocalDate(value);
      lastText = value;
    }
    if (lastDate === null) return new Refusal('imports.bad_date');
    if (lastDate < EARLIEST || lastDate > LATEST) return new Refusal('imports.date_out_of_range', { min: EARLIEST, max: LATEST });
    return !options.future && lastDate > context.today ? new Refusal('imports.future_date', { today: context.today }) : lastDate;
  });
}

/** One of a closed list, with other spellings for each; compared without case and accents. */
export function choice<T extends string>(
  choices: Readonly<Record<T, readonly string[]>>,
  options: FieldOptions = {},
): FieldSpec<T> {
  const names = Object.keys(choices) as T[];
  const bySpelling = new Map(names.flatMap((name) => [name, ...choices[name]].map((spelling) => [fold(spelling), name])));
  return required(
    options,
    (value) => bySpelling.get(fold(value)) ?? new Refusal('imports.not_a_choice', { choices: names.join(', ') }),
  );
}

const TRUE = new Set(['1', 'true', 'verdadero', 'yes', 'y', 'si', 's', 'x']);
const FALSE = new Set(['0', 'false', 'falso', 'no', 'n']);

/** Yes or no. */
export function flag(options: FieldOptions = {}): FieldSpec<boolean> {
  return required(options, (value) => {
    if (value === '0') return false;
    if (value === '1') return true;
    const folded = fold(value);
    return TRUE.has(folded) ? true : FALSE.has(folded) ? false : new Refusal('imports.not_a_flag');
  });
}

function fold(value: string): string {
  return value
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
}
