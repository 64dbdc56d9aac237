import { walkSchema, type Document, type Operation, type Place, type Schema } from './document.js';

const SCHEMAS = '#/components/schemas/';

/** Lengths that follow from a format; a file is limited by UPLOAD_LIMIT, here with its default. */
const FORMAT_LENGTHS: Readonly<Record<string, number>> = { uuid: 36, date: 10, 'date-time': 40, binary: 200 * 1024 * 1024 };

/** Names of the component schemas that are reachable from these schemas. */
function reachable(document: Document, roots: readonly Schema[]): Set<string> {
  const found = new Set<string>();
  const follow = (schema: Schema): void =>
    walkSchema(schema, ({ $ref }) => {
      const name = $ref?.startsWith(SCHEMAS) ? $ref.slice(SCHEMAS.length) : undefined;
      if (name === undefined || found.has(name)) return;
      found.add(name);
      const target = document.components?.schemas?.[name];
      if (target) follow(target);
    });
  for (const root of roots) follow(root);
  return found;
}

const contentSchemas = (content: Record<string, { schema?: Schema }> | undefined): Schema[] =>
  Object.values(content ?? {}).flatMap(({ schema }) => (schema ? [schema] : []));

const requestSchemas = ({ requestBody }: Operation): Schema[] => contentSchemas(requestBody?.content);
const responseSchemas = ({ responses }: Operation): Schema[] =>
  Object.values(responses).flatMap(({ content }) => contentSchemas(content));

/** On input a decimal may be a JSON number as well (readDecimal). */
function widenDecimal(schema: Schema): void {
  if (schema.format !== 'decimal') return;
  const types = [schema.type ?? 'string'].flat();
  schema.type = [...types.filter((type) => type !== 'null'), 'number', ...types.filter((type) => type === 'null')];
}

/** Unknown fields are refused (readDto). */
function closeObject(schema: Schema): void {
  if (schema.properties !== undefined && schema.additionalProperties === undefined) schema.additionalProperties = false;
}

/** OpenAPI 3.1 takes members beside $ref; the generator still wraps it in an allOf of one. */
function unwrapReference(schema: Schema): void {
  const [only, ...more] = schema.allOf ?? [];
  if (only?.$ref === undefined || more.length > 0) return;
  schema.$ref = only.$ref;
  delete schema.allOf;
}

function limitByFormat(schema: Schema): void {
  const length = schema.format === undefined ? undefined : FORMAT_LENGTHS[schema.format];
  if (length !== undefined) schema.maxLength ??= length;
}

/** Says of request schemas what reading them really does, and of all schemas what their format implies. */
export function refineSchemas(document: Document, places: readonly Place[]): void {
  const schemas = document.components?.schemas ?? {};
  const requested = reachable(
    document,
    places.flatMap(({ operation }) => requestSchemas(operation)),
  );
  const answered = reachable(
    document,
    places.flatMap(({ operation }) => responseSchemas(operation)),
  );
  for (const [name, schema] of Object.entries(schemas)) {
    walkSchema(schema, (part) => {
      unwrapReference(part);
      limitByFormat(part);
      if (!requested.has(name)) return;
      closeObject(part);
      if (!answered.has(name)) widenDecimal(part);
    });
  }
  for (const { operation } of places) {
    for (const parameter of operation.parameters ?? []) if (parameter.schema) walkSchema(parameter.schema, limitByFormat);
    for (const schema of requestSchemas(operation)) {
      walkSchema(schema, closeObject);
      walkSchema(schema, limitByFormat);
    }
  }
}
