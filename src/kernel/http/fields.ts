import { ApiProperty } from '@nestjs/swagger';
import { registerDecorator, ValidatorConstraint } from 'class-validator';
import type { Bilingual } from '../errors/problems.js';
import { decimalPattern, MONEY, QUANTITY, RATE, UNIT_COST, type DecimalShape } from './decimal.js';
import { FieldSpecHolder, readDto, type DtoClass } from './dto-reader.js';
import {
  choiceReader,
  decimalReader,
  instantReader,
  integerReader,
  listReader,
  localDateReader,
  numberReader,
  openDataReader,
  readFlag,
  readUuid,
  textReader,
  type DecimalSign,
  type ListLimits,
  type Reader,
} from './field-readers.js';

/** What every field decorator takes. */
export interface FieldOptions {
  /** may be absent */
  optional?: boolean;
  /** may be null */
  nullable?: boolean;
  /** value when absent; makes the field optional */
  default?: unknown;
  /** value shown in the document; JSDoc `@example` serves as well */
  example?: unknown;
  description?: string;
  /** only ever sent by the server (in a DTO that serves both ways) */
  readOnly?: boolean;
  deprecated?: boolean;
}

type Schema = Record<string, unknown>;

/** Holds nothing of its own: the reader does the work, this only lets the standard `validate()` see the field. */
@ValidatorConstraint({ name: 'field' })
class FieldConstraint {
  validate(value: unknown, args?: { constraints?: unknown[] }): boolean {
    const holder = args?.constraints?.[0];
    if (!(holder instanceof FieldSpecHolder)) return true;
    if (value === undefined) return holder.spec.optional;
    if (value === null) return holder.spec.nullable;
    const reading = { errors: [], lenient: false };
    holder.spec.read(value, '', reading);
    return reading.errors.length === 0;
  }
}

/** One declaration of a field: how it is read, checked and documented. Decorators below are made of it; a feature may make its own. */
export function Field(read: Reader, schema: Schema, options: FieldOptions = {}): PropertyDecorator {
  const { optional = false, nullable = false, ...documented } = options;
  const required = !optional && documented.default === undefined;
  const spec = { read, optional: !required, nullable, fallback: documented.default };
  return (target, property) => {
    const propertyName = String(property);
    registerDecorator({
      name: 'field',
      target: target.constructor,
      propertyName,
      constraints: [new FieldSpecHolder(spec)],
      validator: FieldConstraint,
    });
    ApiProperty({ ...schema, ...documented, required, ...(nullable ? { nullable } : {}) })(target, property);
  };
}

const UUID_SCHEMA: Schema = { type: 'string', format: 'uuid', maxLength: 36 };
const NO_CONTROLS = /^[!-~\u00a1-\uffff](?:[ -~\u00a0-\uffff]*[!-~\u00a1-\uffff])?$/;
const EMAIL =
  /^[^\s@"<>(),:;[\]\\]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+$/;

/** A UUID, kept in lower case. */
export const Uuid = (options?: FieldOptions): PropertyDecorator => Field(readUuid, UUID_SCHEMA, options);

export interface DecimalOptions extends FieldOptions {
  /** default 'nonnegative' */
  sign?: DecimalSign;
}

/** A decimal string of the given digits; a JSON number is taken on input. */
export function Decimal(shape: DecimalShape, { sign = 'nonnegative', ...options }: DecimalOptions = {}): PropertyDecorator {
  const pattern = decimalPattern(shape, sign === 'signed' || sign === 'nonzero');
  return Field(
    decimalReader(shape, sign),
    { type: 'string', format: 'decimal', pattern, maxLength: shape.integer + shape.scale + 2 },
    options,
  );
}

/** An amount, numeric(18,4). */
export const Money = (options?: DecimalOptions): PropertyDecorator => Decimal(MONEY, { example: '3.2500', ...options });
/** A quantity of units, numeric(18,4). */
export const Quantity = (options?: DecimalOptions): PropertyDecorator => Decimal(QUANTITY, { example: '12.0000', ...options });
/** The cost of one unit, numeric(18,6). */
export const UnitCost = (options?: DecimalOptions): PropertyDecorator => Decimal(UNIT_COST, { example: '2.100000', ...options });
/** An exchange or tax rate, numeric(20,8). */
export const Rate = (options?: DecimalOptions): PropertyDecorator => Decimal(RATE, { example: '36.50000000', ...options });

export interface TextOptions extends FieldOptions {
  /** shortest length, default 1 */
  min?: number;
  /** strips spaces at both ends, default true */
  trim?: boolean;
}

/** Blank text counts as empty once it is trimmed. */
const notBlank = (min: number, trim: boolean): Schema => (min > 0 && trim ? { pattern: String.raw`\S` } : {});

/** Free text of at most `max` characters. */
export function Text(max: number, { min = 1, trim = true, ...options }: TextOptions = {}): PropertyDecorator {
  return Field(
    textReader({ min, max, trim }),
    { type: 'string', minLength: min, maxLength: max, ...notBlank(min, trim) },
    options,
  );
}

/** Text of a given form; `expected` says it in words. */
export function Pattern(pattern: RegExp, max: number, expected: Bilingual, options?: FieldOptions): PropertyDecorator {
  return Field(
    textReader({ min: 1, max, trim: true, pattern, expected }),
    { type: 'string', minLength: 1, maxLength: max, pattern: pattern.source },
    options,
  );
}

/** A business code (SKU, store code): one line, no space at the ends. */
export const Code = (max: number, options?: FieldOptions): PropertyDecorator =>
  Pattern(NO_CONTROLS, max, { es: 'un código sin caracteres de control', en: 'a code without control characters' }, options);

const CURRENCY_FORM = { es: 'un código ISO 4217', en: 'an ISO 4217 code' };

/** An ISO 4217 currency code. */
export const Currency = (options?: FieldOptions): PropertyDecorator =>
  Pattern(/^[A-Z]{3}$/, 3, CURRENCY_FORM, { example: 'USD', ...options });

/** An e-mail address, as written; the database compares it without case. */
export const Email = (options?: FieldOptions): PropertyDecorator =>
  Field(
    textReader({ min: 3, max: 254, trim: true, pattern: EMAIL, code: 'field.email' }),
    { type: 'string', format: 'email', maxLength: 254 },
    options,
  );

/** A password or other secret: kept byte for byte, never trimmed, never answered. */
export const Secret = (min: number, max: number, options?: FieldOptions): PropertyDecorator =>
  Field(
    textReader({ min, max, trim: false }),
    { type: 'string', format: 'password', minLength: min, maxLength: max, writeOnly: true },
    options,
  );

/** A whole number between `min` and `max`. */
export const Count = (min: number, max: number, options?: FieldOptions): PropertyDecorator =>
  Field(
    integerReader(min, max),
    { type: 'integer', format: max > 2_147_483_647 ? 'int64' : 'int32', minimum: min, maximum: max },
    options,
  );

/** A JSON number where a double is right (scores, probabilities), never for money or stock. */
export const Measure = (min: number, max: number, options?: FieldOptions): PropertyDecorator =>
  Field(numberReader(min, max), { type: 'number', format: 'double', minimum: min, maximum: max }, options);

/** An ISO 8601 instant with zone, kept as UTC text with milliseconds. */
export const Instant = (options?: FieldOptions): PropertyDecorator =>
  Field(instantReader, { type: 'string', format: 'date-time', maxLength: 40 }, options);

/** A calendar date YYYY-MM-DD in the tenant's time zone. */
export const LocalDate = (options?: FieldOptions): PropertyDecorator =>
  Field(localDateReader, { type: 'string', format: 'date', maxLength: 10 }, options);

/** true or false. */
export const Flag = (options?: FieldOptions): PropertyDecorator => Field(readFlag, { type: 'boolean' }, options);

export type Choices = readonly (string | number)[] | Readonly<Record<string, string | number>>;

export interface ChoiceOptions extends FieldOptions {
  /** gives the enumeration a name of its own in the document */
  enumName?: string;
}

const valuesOf = (choices: Choices): readonly (string | number)[] =>
  Array.isArray(choices) ? (choices as readonly (string | number)[]) : Object.values(choices);

/** One of a closed list: an array of values or a string enum. */
export function Choice(choices: Choices, options?: ChoiceOptions): PropertyDecorator {
  const values = valuesOf(choices);
  return Field(choiceReader(values), { type: typeof values[0] === 'number' ? 'integer' : 'string', enum: [...values] }, options);
}

export interface ListOptions extends FieldOptions {
  /** fewest items, default 0 */
  min?: number;
}

/** A class, or a function that answers it when it is declared further down. */
export type ClassRef = DtoClass | (() => DtoClass);

const isClass = (reference: ClassRef): reference is DtoClass => /^class\b/.test(Function.prototype.toString.call(reference));

function resolve(reference: ClassRef): DtoClass {
  return isClass(reference) ? reference : reference();
}

/** A list of 0 to `max` objects of a DTO class. */
export function ListOf(item: ClassRef, max: number, { min = 0, ...options }: ListOptions = {}): PropertyDecorator {
  let target: DtoClass | undefined;
  const read: Reader = (value, pointer, reading) => readDto((target ??= resolve(item)), value, pointer, reading);
  return Field(
    listReader(read, { min, max }),
    { type: () => resolve(item), isArray: true, minItems: min, maxItems: max },
    options,
  );
}

/** One nested object of a DTO class. */
export function Part(part: ClassRef, options?: FieldOptions): PropertyDecorator {
  let target: DtoClass | undefined;
  const read: Reader = (value, pointer, reading) => readDto((target ??= resolve(part)), value, pointer, reading);
  return Field(read, { type: () => resolve(part) }, options);
}

function scalars(item: Reader, items: Schema, limits: ListLimits, options: FieldOptions): PropertyDecorator {
  const schema = {
    type: 'array',
    items,
    minItems: limits.min,
    maxItems: limits.max,
    ...(limits.unique ? { uniqueItems: true } : {}),
  };
  return Field(listReader(item, limits), schema, options);
}

/** A list of different UUIDs. */
export const Uuids = (max: number, { min = 0, ...options }: ListOptions = {}): PropertyDecorator =>
  scalars(readUuid, UUID_SCHEMA, { min, max, unique: true }, options);

/** A list of at most `max` texts of at most `length` characters. */
export const Texts = (max: number, length: number, { min = 0, ...options }: ListOptions = {}): PropertyDecorator =>
  scalars(
    textReader({ min: 1, max: length, trim: true }),
    { type: 'string', minLength: 1, maxLength: length, ...notBlank(1, true) },
    { min, max },
    options,
  );

/** A list of different values of a closed list. */
export function ChoicesOf(choices: Choices, { min = 0, ...options }: ListOptions = {}): PropertyDecorator {
  const values = valuesOf(choices);
  const items = { type: typeof values[0] === 'number' ? 'integer' : 'string', enum: [...values] };
  return scalars(choiceReader(values), items, { min, max: values.length, unique: true }, options);
}

export interface OpenDataOptions extends FieldOptions {
  /** default 16 KiB */
  maxBytes?: number;
  /** default 8 */
  maxDepth?: number;
}

/** Any JSON object, bounded in size and depth. Only for data that really is open-ended. */
export function OpenData({ maxBytes = 16_384, maxDepth = 8, ...options }: OpenDataOptions = {}): PropertyDecorator {
  return Field(
    openDataReader({ maxBytes, maxDepth }),
    { type: 'object', additionalProperties: true, maxProperties: 1000 },
    options,
  );
}
