import fc, { type Arbitrary } from 'fast-check';
import type { Schema } from './document.js';

const NUL = String.fromCharCode(0);

/** Texts that some layer below may take for something else. */
export const WILD_TEXT = [
  '',
  ' ',
  NUL,
  `a${NUL}b`,
  '\ud800',
  'a\udfff',
  '\ufeff',
  '\u2028',
  '\uffff',
  '\\',
  '%_\\%',
  '../../etc/passwd',
  '__proto__',
  'constructor',
  'null',
  'NaN',
  '-Infinity',
  '1e308',
  '-1',
  '0x10',
  '9'.repeat(400),
  'x'.repeat(5_000),
  '\r\nX-Injected: 1',
];

/** Texts that are right wherever free text is, and still may mean something to a layer below. */
const ODD_TEXT = [
  'ñandú ÁÉÍ 日本語',
  '🧉👩‍👩‍👧',
  'e\u0301'.repeat(9),
  'שלום عالم',
  `'; DROP TABLE products; --`,
  `' OR '1'='1`,
  '$1::text || current_user',
  '{"a":1}',
  '{1,2}',
  '100%_\\',
  `=cmd|'/c calc'!A1`,
  '+1+1',
  '@SUM(A1)',
  '{{7*7}}${7*7}',
  '<script>alert(1)</script>',
  '__proto__',
  'NULL',
  '(a+)+$',
];
const WILD_NUMBERS = [0, -0, -1, 0.1, 1.5, 1e21, 1e308, -1e308, 5e-324, 2 ** 31, 2 ** 53, -(2 ** 63)];
const DECIMALS: unknown[] = ['0', '1', '2.5', '0.0001', '1000000', 3, 0.5, '00012', '99999999999999.9999'];
const WILD_DECIMALS: unknown[] = ['-1', '0.00001', '100000000000000', '1e3', '+5', '.5', 1e308, '9'.repeat(60)];
const DATES = ['2026-01-15', '2024-02-29', '2035-12-31', '2025-06-30'];
const WILD_DATES = ['2026-02-29', '0001-01-01', '1582-10-10', '9999-12-31', '10000-01-01', '-0001-01-01', '0000-01-01'];
const INSTANTS = [
  '2026-01-15T12:00:00Z',
  '2026-01-15T12:00:00.123+14:00',
  '2024-02-29T23:59:59-04:00',
  '2035-01-01T00:00:00.000Z',
];
const WILD_INSTANTS = [
  '2026-06-30T23:59:60Z',
  '2026-01-15T12:00:00.123456789Z',
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
  '9999-12-31T23:59:59.999-14:00',
  '+275760-09-13T00:00:00Z',
  '-271821-04-20T00:00:00Z',
  '2026-01-15',
];

const nested = (depth: number): unknown => (depth === 0 ? 1 : depth % 2 ? [nested(depth - 1)] : { a: nested(depth - 1) });

export const wildText = fc.oneof(
  fc.constantFrom(...WILD_TEXT, ...ODD_TEXT),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ maxLength: 30 }),
);

/** An own property of that name, as JSON.parse makes it. */
const poisoned = fc
  .constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty')
  .map((key): unknown => Object.fromEntries([[key, { role: 'admin' }]]));

/** Any JSON at all. */
export const wild: Arbitrary<unknown> = fc.oneof(
  { weight: 5, arbitrary: wildText },
  { weight: 3, arbitrary: fc.constantFrom(...WILD_NUMBERS) },
  { weight: 2, arbitrary: fc.constantFrom<unknown>(null, true, false, [], {}, [[]], [null], { length: -1 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      nested(20),
      nested(400),
      Array.from({ length: 2_000 }, () => 0),
    ),
  },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 1, arbitrary: poisoned },
);

/** The id that a field of this name has in the company; any of its ids where the name says nothing. */
export type IdOf = (name: string) => Arbitrary<string>;

function properText({ example, maxLength = 60 }: Schema): Arbitrary<unknown> {
  const fits = (text: string): boolean => text.length <= maxLength && text.trim() !== '';
  const odd = fc.oneof(fc.constantFrom(...ODD_TEXT), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 })).filter(fits);
  const longest = fc.constant('L'.repeat(Math.min(maxLength, 4_000)));
  return fc.oneof(
    { weight: 6, arbitrary: example === undefined ? odd : fc.constant(example) },
    { weight: 5, arbitrary: odd },
    longest,
  );
}

const typeOf = ({ type }: Schema): string | undefined => [type].flat().find((one) => one !== 'null');

/** A value that the field may well take, at its edges too. */
function proper(name: string, schema: Schema, idOf: IdOf): Arbitrary<unknown> {
  const { format, enum: choices, properties, items, minimum = 0, maximum = 1_000 } = schema;
  if (choices) return fc.constantFrom(...choices);
  if (format === 'uuid') return idOf(name);
  // a company's name is taken once for all: the document's example is left to the one that signs up with it
  if (name === 'slug') return fc.nat().map((number) => `s${process.pid}x${number}`);
  if (format === 'decimal') return fc.constantFrom(...DECIMALS);
  if (format === 'date') return fc.constantFrom(...DATES);
  if (format === 'date-time') return fc.constantFrom(...INSTANTS);
  if (properties) return objectOf(schema, idOf);
  if (items) return fc.array(proper(name.replace(/s$/, ''), items, idOf), { minLength: 1, maxLength: 3 });
  const type = typeOf(schema);
  if (type === 'boolean') return fc.boolean();
  if (type === 'number') return fc.double({ min: minimum, max: Math.max(minimum, Math.min(maximum, 1_000)), noNaN: true });
  if (type === 'integer') return fc.integer({ min: Math.ceil(minimum), max: Math.max(minimum, Math.min(maximum, 1_000)) });
  if (type === 'object' || type === undefined)
    return fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 });
  return properText(schema);
}

/** A value of the right kind that is beyond the edge, seldom one of no kind at all: those are refused at the first look. */
export function improper(schema: Schema): Arbitrary<unknown> {
  const beyond: Readonly<Record<string, unknown[]>> = { decimal: WILD_DECIMALS, date: WILD_DATES, 'date-time': WILD_INSTANTS };
  const isNumber = /^(integer|number)$/.test(typeOf(schema) ?? '');
  const values = beyond[schema.format ?? ''] ?? (isNumber ? WILD_NUMBERS : typeOf(schema) === 'string' ? WILD_TEXT : undefined);
  return values ? fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...values) }, { weight: 1, arbitrary: wild }) : wild;
}

/** Mostly what belongs there, so that what is behind the checks is reached. */
export const likely = (name: string, schema: Schema, idOf: IdOf): Arbitrary<unknown> =>
  fc.oneof(
    { weight: 12, arbitrary: proper(name, schema, idOf) },
    { weight: 1, arbitrary: fc.constant(null) },
    { weight: 2, arbitrary: improper(schema) },
  );

/** An object of the schema with what it requires, and some of the rest. */
export function objectOf({ properties = {}, required = [] }: Schema, idOf: IdOf): Arbitrary<Record<string, unknown>> {
  const fields = Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, likely(name, schema, idOf)]));
  return fc.record(fields, { requiredKeys: required.filter((name) => name in fields) });
}
