import { readFileSync } from 'node:fs';
import path from 'node:path';

/** What these suites read of a JSON schema; references are resolved. */
export interface Schema {
  type?: string | string[];
  format?: string;
  enum?: unknown[];
  example?: unknown;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  $ref?: string;
}

export interface Operation {
  id: string;
  method: string;
  path: string;
  /** null = public, `*` = anybody who is logged in */
  permission: string | null;
  parameters: { name: string; in: string; required?: boolean; schema: Schema }[];
  body: Schema | undefined;
  isUpload: boolean;
  isStream: boolean;
  /** documented statuses below 300 */
  success: number[];
  /** every documented status */
  statuses: number[];
}

interface RawOperation {
  operationId: string;
  security?: unknown[];
  'x-permission'?: string;
  parameters?: Operation['parameters'];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, unknown> }>;
}

interface RawDocument {
  paths: Record<string, Record<string, RawOperation>>;
  components: { schemas: Record<string, Schema> };
}

export const DOCUMENT_FILE = path.resolve('docs/openapi.json');

function resolver({ components }: RawDocument): (schema: Schema) => Schema {
  const resolve = (schema: Schema): Schema => {
    const name = schema.$ref?.replace('#/components/schemas/', '');
    const found = name === undefined ? schema : { ...components.schemas[name], ...schema };
    const { properties, items } = found;
    return {
      ...found,
      ...(items && { items: resolve(items) }),
      ...(properties && {
        properties: Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, resolve(value)])),
      }),
    };
  };
  return resolve;
}

/** Every operation of docs/openapi.json: what it does not list, these suites do not attack, so another test compares it with the code. */
export function readOperations(): Operation[] {
  const document = JSON.parse(readFileSync(DOCUMENT_FILE, 'utf8')) as RawDocument;
  const resolve = resolver(document);
  return Object.entries(document.paths).flatMap(([route, methods]) =>
    Object.entries(methods).map(([method, raw]) => {
      const content = raw.requestBody?.content ?? {};
      const schema = Object.values(content)[0]?.schema;
      return {
        id: raw.operationId,
        method: method.toUpperCase(),
        path: route,
        permission: raw.security?.length === 0 ? null : (raw['x-permission'] ?? 'none is documented'),
        parameters: (raw.parameters ?? []).map((parameter) => ({ ...parameter, schema: resolve(parameter.schema) })),
        body: schema && resolve(schema),
        isUpload: 'multipart/form-data' in content,
        isStream: 'text/event-stream' in (raw.responses['200']?.content ?? {}),
        success: Object.keys(raw.responses)
          .map(Number)
          .filter((status) => status < 300),
        statuses: Object.keys(raw.responses).map(Number),
      };
    }),
  );
}
