import type { Schema } from './document.js';

/** Gives the value of a property whose name says what it must name: the id of a store, of a product ... */
export type NamedValue = (name: string) => unknown;

let made = 0;
export const unique = (): string => `${process.pid.toString(36)}${Date.now().toString(36)}${(made++).toString(36)}`.toUpperCase();

const UNIQUE: Readonly<Record<string, () => string>> = {
  code: () => `C-${unique()}`.slice(0, 30),
  sku: () => `S-${unique()}`,
  slug: () => `s${unique().toLowerCase()}`,
  email: () => `m${unique().toLowerCase()}@x.example`,
  username: () => `u${unique().toLowerCase()}`,
};

const typeOf = ({ type }: Schema): string | undefined => [type].flat()[0];

function sampleValue(name: string, schema: Schema, named: NamedValue): unknown {
  const known = UNIQUE[name]?.();
  if (known !== undefined) return known;
  if (schema.format === 'uuid') return named(name);
  if (schema.example !== undefined) return schema.example;
  if (schema.enum) return schema.enum[0];
  if (schema.properties) return sampleObject(schema, named);
  if (schema.items) return [sampleValue(name.replace(/s$/, ''), schema.items, named)];
  if (schema.format === 'decimal') return '1';
  if (schema.format === 'date') return '2026-01-15';
  if (schema.format === 'date-time') return '2026-01-15T12:00:00.000Z';
  if (typeOf(schema) === 'boolean') return false;
  if (typeOf(schema) === 'integer' || typeOf(schema) === 'number') return schema.minimum ?? 1;
  if (typeOf(schema) === 'object') return {};
  return 'Muestra';
}

/** The smallest object of a schema: what is required, or the first property where nothing is (an empty change changes nothing). */
export function sampleObject(schema: Schema, named: NamedValue): Record<string, unknown> {
  const properties = schema.properties ?? {};
  const names = schema.required?.length ? schema.required : Object.keys(properties).slice(0, 1);
  return Object.fromEntries(names.map((name) => [name, sampleValue(name, properties[name] ?? {}, named)]));
}

/** JSON pointers of every UUID in a body, optional ones too: `/items/0/productId`. */
export function idPointers(schema: Schema, at = ''): string[] {
  if (schema.format === 'uuid') return [at];
  if (schema.items) return idPointers(schema.items, `${at}/0`);
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => idPointers(property, `${at}/${name}`));
}

/** A copy of `body` with `value` at the pointer; what is missing on the way is made from the schema. */
export function withValue(body: unknown, schema: Schema, pointer: string, value: unknown, named: NamedValue): unknown {
  const [, key, ...rest] = pointer.split('/');
  if (key === undefined) return value;
  const below = rest.length ? `/${rest.join('/')}` : '';
  if (schema.items) {
    const fresh = schema.items.properties ? [sampleObject(schema.items, named)] : [];
    const [first, ...others] = (Array.isArray(body) ? body : fresh) as unknown[];
    return [withValue(first, schema.items, below, value, named), ...others];
  }
  const property = schema.properties?.[key] ?? {};
  const object = (typeof body === 'object' && body !== null ? body : sampleObject(schema, named)) as Record<string, unknown>;
  return { ...object, [key]: withValue(object[key], property, below, value, named) };
}
