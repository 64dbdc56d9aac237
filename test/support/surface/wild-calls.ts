import fc, { type Arbitrary } from 'fast-check';
import type { Call } from './call.js';
import type { Operation, Schema } from './document.js';
import { improper, likely, objectOf, wild, wildText, WILD_TEXT, type IdOf } from './wild.js';

/** A few entries of an object, those that the numbers choose: one wrong value hides what the others would do. */
function some<T>(values: Record<string, T>, from: number, count: number): [string, T][] {
  const entries = Object.entries(values);
  const start = entries.length === 0 ? 0 : from % entries.length;
  return entries.slice(start, start + count);
}

/** One time in sixteen. */
const rarely = <T>(value: Arbitrary<T>): Arbitrary<T | undefined> =>
  fc.oneof({ weight: 15, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });

const LITERALS = [
  '1e400',
  '-1e400',
  '-0',
  '1E+2',
  '123456789012345678901234567890',
  '0.1e-400',
  '"\\u0000"',
  '"\\ud800\\u0041"',
  '"\\/"',
  '{"":1}',
  '01',
  'NaN',
];

/** One of the fields, with a value that it can hardly take. */
function oneImproper(fields: Readonly<Record<string, Schema>>): Arbitrary<Record<string, unknown>> {
  const entries = Object.entries(fields);
  if (entries.length === 0) return fc.constant({});
  return fc.constantFrom(...entries).chain(([name, schema]) => improper(schema).map((value) => ({ [name]: value })));
}

/** A body: a right one with some fields changed, one of the schema's shape, or anything. */
function bodyOf(schema: Schema, right: unknown, idOf: IdOf): Arbitrary<unknown> {
  const all = fc.record(
    Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, one]) => [name, likely(name, one, idOf)])),
  );
  const extra = rarely(fc.tuple(fc.oneof(wildText, fc.constantFrom('__proto__', 'id', 'tenantId')), wild));
  const changed = fc
    .tuple(all, fc.nat(1_000), fc.integer({ min: 0, max: 2 }), extra)
    .map(([values, from, count, more]) =>
      Object.fromEntries([...Object.entries(right as object), ...some(values, from, count), ...(more ? [more] : [])]),
    );
  // numbers and texts that no JSON.stringify writes
  const literal = fc
    .tuple(fc.constantFrom('', ...Object.keys(schema.properties ?? {})), fc.constantFrom(...LITERALS))
    .map(([name, value]) => JSON.stringify({ ...(right as object), [name]: '@' }).replace('"@"', () => value));
  const oneWrong = oneImproper(schema.properties ?? {}).map((field) => ({ ...(right as object), ...field }));
  return fc.oneof(
    { weight: 8, arbitrary: oneWrong },
    { weight: 8, arbitrary: changed },
    { weight: 2, arbitrary: literal },
    { weight: 4, arbitrary: objectOf(schema, idOf) },
    { weight: 1, arbitrary: wild.map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: fc.oneof(wildText, fc.constantFrom('{"a":1', '{"a":1,"a":2}', '[1,2')) },
  );
}

/** First lines of files, some of them of no file that is taken. */
const FIRST_LINES = [
  'code,name,type',
  'code,name,tax_id,lead_time_days',
  'sku,name,category,supplier,cost_price,barcode',
  'store,sku,quantity,unit_cost,date',
  'date,store,sku,quantity,unit_price,ticket',
  'date;store;kind;sku;value;name',
  '"',
  'PK\u0003\u0004',
];

function formOf(right: FormData, { properties = {} }: Schema, idOf: IdOf): Arbitrary<FormData> {
  const kind = likely('kind', properties['kind'] ?? {}, idOf);
  const flag = fc.tuple(fc.constantFrom('partial', 'dryRun', 'role', '__proto__'), likely('partial', { type: 'boolean' }, idOf));
  const cell = fc.oneof(wildText, fc.constantFrom('2026-01-15', '31/12/2025', '1', '3,25', 'LAC001', 'store', 'promotion'));
  const rows = fc.array(fc.array(cell, { maxLength: 8 }), { maxLength: 5 });
  return fc
    .tuple(kind, flag, fc.constantFrom(...FIRST_LINES), rows, fc.nat(3))
    .map(([what, [name, value], first, lines, way]) => {
      const form = new FormData();
      for (const [field, content] of right.entries()) form.append(field, content);
      if (way > 0) form.set('kind', text(what));
      if (way > 1) form.set('file', new Blob([[first, ...lines.map((line) => line.join(','))].join('\n')]), 'f.csv');
      if (way > 2) form.append(name, text(value));
      return form;
    });
}

const text = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).slice(0, 2_000);

/** Percent-encodes what a URL cannot hold; half a surrogate pair goes as the bytes that nobody may send. */
const encoded = (value: string): string =>
  encodeURIComponent(value.replace(/[\ud800-\udfff]/g, '\ufffd')).replaceAll('%EF%BF%BD', '%ED%A0%80');

const RAW_QUERIES = ['%', '%zz', '%ff', '%00', '+', '&&==', 'a[b]=1', 'a[]=1&a[]=2', '__proto__=1', '__proto__[a]=1', ';'];

function queryOf({ parameters }: Operation, idOf: IdOf): Arbitrary<string> {
  const known = parameters.filter((parameter) => parameter.in === 'query');
  const fields = Object.fromEntries(known.map(({ name, schema }) => [name, likely(name, schema, idOf)]));
  const raw = rarely(fc.constantFrom(...RAW_QUERIES));
  const wrong = oneImproper(Object.fromEntries(known.map(({ name, schema }) => [name, schema])));
  const usual = fc.tuple(fc.record(fields), fc.nat(1_000), fc.nat(3)).map(([values, from, count]) => {
    // a cursor is of our making: any other is refused before the rest is looked at
    const { cursor, ...open } = values;
    return Object.fromEntries(some(from % 12 === 0 && cursor !== undefined ? { cursor } : open, from, count));
  });
  return fc.tuple(fc.oneof(usual, wrong), raw).map(([values, odd]) => {
    const pairs = Object.entries(values).map(([name, value]) => `${name}=${encoded(text(value))}`);
    return [...pairs, ...(odd === undefined ? [] : [odd])].join('&').slice(0, 6_000);
  });
}

const MORE_HEADERS = [
  'accept',
  'accept-language',
  'x-tenant',
  'x-request-id',
  'if-none-match',
  'content-type',
  'origin',
  'cookie',
];

/** A header may hold no line ends and nothing beyond Latin-1: fetch sends no others. */
const headerValue = (value: string): string => value.replace(/[^\t\x20-\x7e\xa1-\xff]/g, '?').slice(0, 2_000);

function headersOf({ parameters }: Operation, right: Record<string, string>): Arbitrary<Record<string, string>> {
  // any version: earlier calls have changed what this one names
  const usual = 'if-match' in right ? { ...right, 'if-match': '*' } : right;
  const own = parameters.filter((parameter) => parameter.in === 'header').map(({ name }) => name.toLowerCase());
  const value = fc.oneof(wildText.map(headerValue), fc.constantFrom('*', '"x"', 'W/"x"', '"a", "b"', '0', ''));
  const odd = fc.tuple(fc.constantFrom(...own, ...MORE_HEADERS), value).map(([name, content]) => ({ ...usual, [name]: content }));
  return fc.oneof({ weight: 7, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: odd });
}

function pathOf({ path }: Operation, right: string, idOf: IdOf): Arbitrary<string> {
  if (!path.includes('{')) return fc.constant(right);
  const segment = fc.oneof(idOf(''), fc.uuid(), fc.constantFrom(...WILD_TEXT), wildText);
  // dots alone would be taken out of the URL before it is sent
  const part = segment.map((value) => encoded(value).slice(0, 900).replace(/^\.+$/, 'dots') || '%20');
  const other = fc
    .array(part, { minLength: 2, maxLength: 2 })
    .map((parts) => path.replace(/\{\w+\}/g, () => parts.pop() as string));
  return fc.oneof({ weight: 4, arbitrary: fc.constant(right) }, { weight: 1, arbitrary: other });
}

/** Calls of an operation that are right in most places and anything in some. `right` is a call that may be made. */
export function wildCalls(operation: Operation, right: Call, idOf: IdOf): Arbitrary<Call> {
  const { body: schema, isUpload } = operation;
  const body = schema && (isUpload ? formOf(right.body as FormData, schema, idOf) : bodyOf(schema, right.body, idOf));
  return fc
    .tuple(
      pathOf(operation, right.path, idOf),
      queryOf(operation, idOf),
      headersOf(operation, right.headers),
      body ?? fc.constant(undefined),
    )
    .map(([path, query, headers, content]) => ({
      ...right,
      path: query === '' ? path : `${path}?${query}`,
      headers,
      ...(content === undefined ? {} : { body: content }),
    }));
}
