import { operationsOf, type Document, type Place } from './document.js';
import { addResponses } from './responses.js';
import { refineSchemas } from './schemas.js';

/** What each tag is about. A tag that is not listed here is described by its name alone. */
const TAGS: Readonly<Record<string, string>> = {
  Health: 'Whether the process and its parts work.',
  Tenants: 'Sign-up and settings of a tenant.',
  Authentication: 'Log-in, refresh and log-out; who am I.',
  Users: 'People of a tenant, their roles and stores.',
  'API keys': 'Keys for programs, with scopes and expiry.',
  Audit: 'Who changed what, when and from where.',
  Stores: 'Places that hold stock and sell.',
  Categories: 'The tree of product categories.',
  Suppliers: 'Who delivers, and how fast.',
  Products: 'What is bought and sold; search by name, SKU and barcode.',
  Inventory: 'Stock levels and movements; the kardex.',
  'Stock transfers': 'Goods that go from one store to another.',
  'Purchase orders': 'Orders to suppliers and their receipt.',
  Clients: 'Who buys.',
  Sales: 'Sales with items and payments, in one transaction.',
  'Exchange rates': 'What one currency is worth in another, and since when.',
  Reports: 'Sums over sales.',
  Forecasts: 'Demand forecasts and their runs.',
  Replenishment: 'What to order and to move, why, and by which rules.',
  Alerts: 'Low stock and stock-outs to come; list, stream, handle.',
  Imports: 'Files of stores, suppliers, products, stock, sales and calendars.',
  Jobs: 'Work that goes on after its request was answered.',
};

const VERBS_OF_BODY = new Set(['post', 'put', 'patch']);

/** One operation id, one operation: clients are generated from them. */
function assertDistinctIds(places: readonly Place[]): void {
  const seen = new Map<string, string>();
  for (const { path, method, operation } of places) {
    const id = operation.operationId ?? '';
    const at = `${method} ${path}`;
    if (seen.has(id)) throw new Error(`operation id "${id}" names both ${seen.get(id)} and ${at}`);
    seen.set(id, at);
  }
}

function accessWords(isPublic: boolean, permission: unknown): string {
  if (isPublic) return 'Public: needs no credential.';
  return permission === '*' ? 'Any authenticated caller.' : `Permission: \`${String(permission)}\`.`;
}

function describeAccess({ operation }: Place): void {
  const permission = operation['x-permission'];
  const isPublic = operation['x-public'] === true;
  if (isPublic) operation.security = [];
  const words = accessWords(isPublic, permission);
  operation.description = operation.description ? `${operation.description}\n\n${words}` : words;
}

/** A header that a handler reads (@Headers) and @ApiHeader documents is listed twice; the documented one stays. */
function mergeHeaders({ operation }: Place): void {
  const parameters = operation.parameters ?? [];
  const documented = new Set(
    parameters.filter((one) => one.in === 'header' && one.description).map(({ name }) => name.toLowerCase()),
  );
  operation.parameters = parameters.filter(
    (one) => one.in !== 'header' || one.description || !documented.has(one.name.toLowerCase()),
  );
}

function requireBody({ method, operation }: Place): void {
  if (operation.requestBody && VERBS_OF_BODY.has(method)) operation.requestBody.required ??= true;
}

function addTags(document: Document, places: readonly Place[]): void {
  const used = new Set(places.flatMap(({ operation }) => operation.tags ?? []));
  document.tags = [...used].toSorted().map((name) => ({ name, description: TAGS[name] ?? `${name}.` }));
}

function describeServers(document: Document): void {
  document.servers = (document.servers ?? []).map((server) => ({
    ...server,
    description: 'This server (production, or local in development).',
    'x-internal': false,
  }));
}

/** Removes what only this step reads. */
function dropMarks({ operation }: Place): void {
  for (const mark of ['x-public', 'x-etag', 'x-problems'] as const) delete operation[mark];
}

/** The one step that adds to the generated document what is true of every operation: access, errors, headers, limits. */
export function polishDocument<T extends object>(generated: T): T {
  const document = generated as unknown as Document;
  const places = operationsOf(document);
  assertDistinctIds(places);
  for (const place of places) {
    describeAccess(place);
    mergeHeaders(place);
    requireBody(place);
  }
  refineSchemas(document, places);
  addResponses(document, places);
  addTags(document, places);
  describeServers(document);
  for (const place of places) dropMarks(place);
  return generated;
}
