import type { Document, Operation, Schema } from './document.js';

/**
 * Ids of existing things, by what they stand for in the document: the name of a property or path parameter (`storeId`), the collection
 * whose `{id}` it is (`/v1/stores`), or one operation that needs a thing of its own (`deactivateStore`), which comes first.
 */
export type ExampleIds = Readonly<Record<string, string>>;

/** Stands in examples where an id belongs; the demo's replaces it when the document is served. */
export const EXAMPLE_ID = '01980000-0000-7000-8000-000000000001';

/** The document with the ids of existing things in its examples, so that they run as they stand. The given one is not touched. */
export function fillExamples<D extends object>(document: D, ids: ExampleIds): D {
  const filled = structuredClone(document);
  // @nestjs/swagger's type of a document follows 3.0
  const { paths, components } = filled as unknown as Document;
  for (const [path, operations] of Object.entries(paths)) {
    for (const operation of Object.values(operations)) fillOperation(path, operation, ids);
  }
  for (const schema of Object.values(components?.schemas ?? {})) fillSchema(schema, ids);
  return filled;
}

function fillOperation(path: string, { operationId = '', parameters, requestBody }: Operation, ids: ExampleIds): void {
  const thing = ids[operationId] ?? ids[path.slice(0, path.indexOf('/{'))];
  for (const parameter of parameters ?? []) {
    // an optional filter stays open: given, it would narrow the list to nothing
    const id = parameter.name === 'id' ? thing : ids[parameter.name];
    if (parameter.in === 'path' && id) parameter.schema = { ...parameter.schema, example: id };
  }
  for (const { examples } of Object.values(requestBody?.content ?? {})) {
    for (const example of Object.values(examples ?? {})) example.value = replaced(example.value, ids);
  }
}

function fillSchema(schema: Schema, ids: ExampleIds): void {
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (ids[name] && property.format === 'uuid' && property.example === undefined) property.example = ids[name];
  }
  for (const part of schema.allOf ?? []) fillSchema(part, ids);
}

/** A copy of an example's value with EXAMPLE_ID replaced by what the property's name stands for. */
function replaced(value: unknown, ids: ExampleIds, name = ''): unknown {
  if (value === EXAMPLE_ID) return ids[name] ?? value;
  if (Array.isArray(value)) return value.map((entry) => replaced(entry, ids, name.replace(/s$/, '')));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, replaced(entry, ids, key)]));
}
