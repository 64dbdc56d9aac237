import { PROBLEMS, problemDefinition, type ProblemCode } from '../errors/problems.js';
import type { Document, Header, Operation, Place, Response, Schema } from './document.js';

const integer = (maximum: number): Schema => ({ type: 'integer', format: 'int32', minimum: 0, maximum });

/** Headers that answers carry. */
const HEADERS: Readonly<Record<string, Header>> = {
  'X-Request-Id': {
    description: 'Names this request in our logs; yours, where you sent one.',
    schema: { type: 'string', maxLength: 64, pattern: '^[A-Za-z0-9._:-]+$' },
  },
  'RateLimit-Limit': { description: 'Requests a minute that the plan allows the whole tenant.', schema: integer(1_000_000) },
  'RateLimit-Remaining': { description: 'Requests left now.', schema: integer(1_000_000) },
  'RateLimit-Reset': { description: 'Seconds until all are free again.', schema: integer(86_400) },
  'Access-Control-Allow-Origin': {
    description: 'Only for an Origin that CORS_ORIGINS lists; without the header a browser keeps the answer from the page.',
    schema: { type: 'string', maxLength: 300, pattern: '^(\\*|https?://.+)$' },
  },
  'Retry-After': { description: 'Seconds after which the same request may succeed.', schema: integer(86_400) },
  ETag: {
    description: 'Version of the resource, for If-Match and If-None-Match.',
    schema: { type: 'string', maxLength: 200, pattern: '^"[^"]*"$' },
  },
  'Idempotency-Replayed': {
    description: 'true when the answer was noted at an earlier request.',
    schema: { type: 'string', enum: ['true'] },
  },
};

const ALWAYS = ['X-Request-Id', 'RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset', 'Access-Control-Allow-Origin'];

/** The body of every error, as problem-renderer.ts writes it. */
const PROBLEM: Schema = {
  type: 'object',
  description: 'RFC 9457 problem.',
  required: ['type', 'title', 'status', 'code', 'detail', 'errors', 'requestId'],
  properties: {
    type: { type: 'string', maxLength: 200, pattern: '^urn:fluxion:problem:', description: 'The code as a URI.' },
    title: { type: 'string', maxLength: 200, description: 'What happened, in the language of Accept-Language (es, en).' },
    status: { type: 'integer', format: 'int32', minimum: 400, maximum: 599, description: 'The status of the answer.' },
    code: { type: 'string', enum: Object.keys(PROBLEMS), description: 'What happened, for programs.' },
    detail: { type: 'string', maxLength: 2000, description: 'What happened this time and what helps.' },
    errors: {
      type: 'array',
      maxItems: 1000,
      items: { $ref: '#/components/schemas/FieldError' },
      description: 'The wrong fields, where there are any.',
    },
    requestId: { type: 'string', maxLength: 64, description: 'The X-Request-Id of the answer.' },
  },
};

const FIELD_ERROR: Schema = {
  type: 'object',
  description: 'One wrong field. Members beside these explain the code, such as productId, requested and available.',
  required: ['pointer', 'code', 'message'],
  properties: {
    pointer: { type: 'string', maxLength: 500, description: 'JSON pointer into the body; /name for a parameter.' },
    code: { type: 'string', maxLength: 50, pattern: '^field\\.[a-z_]+$', description: 'What is wrong, for programs.' },
    message: { type: 'string', maxLength: 500, description: 'What is wrong, in the language of Accept-Language.' },
  },
  additionalProperties: true,
};

interface GeneralProblem {
  name: string;
  codes: readonly ProblemCode[];
  /** whether any caller of the operation may meet it */
  applies(place: Place): boolean;
}

const isPublic = ({ operation }: Place): boolean => operation['x-public'] === true;
const takesInput = ({ operation }: Place): boolean =>
  operation.requestBody !== undefined || (operation.parameters ?? []).length > 0;
const isVersioned = ({ operation }: Place): boolean => (operation.parameters ?? []).some(({ name }) => name === 'If-Match');

/** Problems that follow from what an operation is; what only some answer stands in their @Problems. */
const GENERAL: Readonly<Record<string, GeneralProblem>> = {
  '400': {
    name: 'BadRequest',
    codes: ['http.validation_failed', 'http.malformed_json', 'http.empty_body', 'http.bad_request', 'http.invalid_cursor'],
    applies: takesInput,
  },
  '401': {
    name: 'Unauthorized',
    codes: ['auth.required', 'auth.invalid_token', 'auth.expired_token'],
    applies: (place) => !isPublic(place),
  },
  '403': {
    name: 'Forbidden',
    codes: ['auth.forbidden', 'tenancy.mismatch', 'tenancy.suspended'],
    applies: (place) => !isPublic(place),
  },
  '404': { name: 'NotFound', codes: ['http.not_found'], applies: ({ path }) => path.includes('{') },
  '412': { name: 'PreconditionFailed', codes: ['http.precondition_failed'], applies: isVersioned },
  '413': {
    name: 'BodyTooLarge',
    codes: ['http.body_too_large'],
    applies: ({ operation }) => operation.requestBody !== undefined,
  },
  '415': {
    name: 'UnsupportedMediaType',
    codes: ['http.unsupported_media_type'],
    applies: ({ operation }) => operation.requestBody !== undefined,
  },
  '428': { name: 'PreconditionRequired', codes: ['http.precondition_required'], applies: isVersioned },
  '429': { name: 'TooManyRequests', codes: ['http.too_many_requests'], applies: () => true },
  '500': { name: 'InternalError', codes: ['http.internal'], applies: () => true },
  '503': {
    name: 'Unavailable',
    codes: ['http.overloaded', 'http.unavailable', 'http.timeout', 'http.busy'],
    applies: () => true,
  },
};

const headerRefs = (names: readonly string[]): Record<string, Header> =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

function problemResponse(codes: readonly ProblemCode[], words?: string): Response {
  const retry = codes.some((code) => problemDefinition(code).retryAfter !== undefined || problemDefinition(code).status === 429);
  const meanings = codes.map((code) => `\`${code}\` ${problemDefinition(code).title.en}`).join('; ');
  return {
    description: words ? `${words} (${meanings})` : meanings,
    headers: headerRefs(retry ? [...ALWAYS, 'Retry-After'] : ALWAYS),
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
}

/** Codes of @Problems by their status. */
function ownCodes(operation: Operation): Map<string, ProblemCode[]> {
  const listed = (operation['x-problems'] ?? []) as ProblemCode[];
  const byStatus = new Map<string, ProblemCode[]>();
  for (const code of listed) {
    const status = String(problemDefinition(code).status);
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return byStatus;
}

/** Gives an operation every error it may answer, each with its codes. */
function addProblems(place: Place): void {
  const { operation } = place;
  const own = ownCodes(operation);
  const statuses = new Set([...Object.keys(GENERAL).filter((status) => GENERAL[status]?.applies(place)), ...own.keys()]);
  for (const status of [...statuses].toSorted()) {
    const general = GENERAL[status]?.applies(place) ? GENERAL[status] : undefined;
    const extra = own.get(status);
    const written = operation.responses[status];
    // an error that the operation describes in another form than a problem (the health of a part) stays as it is
    if (written?.content && Object.keys(written.content).length > 0) {
      written.headers = { ...headerRefs(ALWAYS), ...written.headers };
      continue;
    }
    operation.responses[status] =
      general && !extra
        ? { $ref: `#/components/responses/${general.name}` }
        : problemResponse([...(general?.codes ?? []), ...(extra ?? [])], written?.description);
  }
}

/** Success answers: the headers that they really carry. */
function addHeaders({ operation }: Place): void {
  const replays = (operation.parameters ?? []).some(({ name }) => name === 'Idempotency-Key');
  for (const [status, response] of Object.entries(operation.responses)) {
    if (!status.startsWith('2')) continue;
    const names = [...ALWAYS, ...(operation['x-etag'] === true ? ['ETag'] : []), ...(replays ? ['Idempotency-Replayed'] : [])];
    response.headers = { ...headerRefs(names), ...response.headers };
    response.description ||= 'Done.';
  }
}

/** Adds responses, their headers and the problem's schema to the whole document. */
export function addResponses(document: Document, places: readonly Place[]): void {
  for (const place of places) {
    addHeaders(place);
    addProblems(place);
  }
  const used = Object.values(GENERAL).filter(({ name }) =>
    places.some(({ operation }) => Object.values(operation.responses).some((response) => response.$ref?.endsWith(`/${name}`))),
  );
  const components = (document.components ??= {});
  components.responses = Object.fromEntries(used.map(({ name, codes }) => [name, problemResponse(codes)]));
  const answers = [
    ...places.flatMap(({ operation }) => Object.values(operation.responses)),
    ...Object.values(components.responses),
  ];
  const sent = new Set(answers.flatMap(({ headers }) => Object.values(headers ?? {}).map(({ $ref }) => $ref)));
  components.headers = Object.fromEntries(Object.entries(HEADERS).filter(([name]) => sent.has(`#/components/headers/${name}`)));
  components.schemas = { ...components.schemas, Problem: PROBLEM, FieldError: FIELD_ERROR };
}
