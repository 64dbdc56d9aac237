import { HttpException } from '@nestjs/common';
import type { Locale } from '../database/tenant-context.js';
import { problemOfDatabaseError } from './database-errors.js';
import { describeFieldError, type FieldError } from './field-errors.js';
import { ProblemError } from './problem-error.js';
import { inLanguage, problemDefinition, type ProblemCode } from './problems.js';

/** The body of every error answer (RFC 9457 with our members). */
export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  code: ProblemCode;
  detail: string;
  errors: FieldError[];
  requestId: string;
  [extra: string]: unknown;
}

export interface RenderedProblem {
  status: number;
  body: ProblemBody;
  headers: Record<string, string>;
  /** the fault is ours and must be looked at */
  fault: boolean;
}

/** What Fastify and its plugins call the faults of a request. */
const FASTIFY_CODES: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'http.unsupported_media_type',
  FST_ERR_CTP_BODY_TOO_LARGE: 'http.body_too_large',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'http.empty_body',
  FST_ERR_CTP_INVALID_JSON_BODY: 'http.malformed_json',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'http.bad_request',
  FST_ERR_BAD_URL: 'http.malformed_url',
  FST_ERR_MAX_PARAM_LENGTH: 'http.uri_too_long',
  FST_ERR_HANDLER_TIMEOUT: 'http.timeout',
  FST_REQ_FILE_TOO_LARGE: 'http.body_too_large',
  FST_FILES_LIMIT: 'http.body_too_large',
  FST_FIELDS_LIMIT: 'http.body_too_large',
  FST_PARTS_LIMIT: 'http.body_too_large',
  FST_PROTO_VIOLATION: 'http.bad_request',
  FST_INVALID_MULTIPART_CONTENT_TYPE: 'http.unsupported_media_type',
  FST_NO_FORM_DATA: 'http.bad_request',
};

const STATUS_CODES: Readonly<Record<number, ProblemCode>> = {
  400: 'http.bad_request',
  401: 'auth.required',
  403: 'auth.forbidden',
  404: 'http.not_found',
  405: 'http.method_not_allowed',
  406: 'http.not_acceptable',
  409: 'http.conflict',
  412: 'http.precondition_failed',
  413: 'http.body_too_large',
  414: 'http.uri_too_long',
  415: 'http.unsupported_media_type',
  422: 'http.unprocessable',
  428: 'http.precondition_required',
  429: 'http.too_many_requests',
  431: 'http.headers_too_large',
  503: 'http.unavailable',
};

/** Errors of our own layers that mean "not now", by name: those layers do not know of HTTP. */
const NOT_NOW: Readonly<Record<string, ProblemCode>> = {
  PoolSaturatedError: 'http.overloaded',
  TransactionLostError: 'http.busy',
};

function named(error: unknown): { name?: string; code?: string; statusCode?: number } {
  return typeof error === 'object' && error !== null ? error : {};
}

/** The problem behind anything that was thrown; what nobody foresaw is http.internal. */
export function problemOf(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  const { name = '', code = '', statusCode } = named(error);
  const foreseen = FASTIFY_CODES[code] ?? NOT_NOW[name];
  if (foreseen) return new ProblemError(foreseen, { cause: error });
  const database = problemOfDatabaseError(error);
  if (database) return database;
  if (error instanceof SyntaxError && statusCode === 400) return new ProblemError('http.malformed_json', { cause: error });
  const status = error instanceof HttpException ? error.getStatus() : statusCode;
  const byStatus = status === undefined ? undefined : (STATUS_CODES[status] ?? (status < 500 ? 'http.bad_request' : undefined));
  return new ProblemError(byStatus ?? 'http.internal', { cause: error });
}

/** Turns anything that was thrown into the answer a client gets: never a message, name or stack of ours. */
export function renderProblem(error: unknown, locale: Locale, requestId: string): RenderedProblem {
  const problem = problemOf(error);
  const definition = problemDefinition(problem.code);
  const title = inLanguage(definition.title, locale);
  const standard = definition.detail ? inLanguage(definition.detail, locale, problem.params) : title;
  const body: ProblemBody = {
    ...problem.extra,
    type: `urn:fluxion:problem:${problem.code}`,
    title,
    status: problem.status,
    code: problem.code,
    detail: problem.detail ?? standard,
    errors: (problem.errors ?? []).map((entry) => describeFieldError(entry, locale)),
    requestId,
  };
  const headers: Record<string, string> = { 'content-type': 'application/problem+json', 'content-language': locale };
  if (problem.retryAfter !== undefined) headers['retry-after'] = String(Math.max(1, Math.ceil(problem.retryAfter)));
  if (problem.status === 401) headers['www-authenticate'] = 'Bearer realm="fluxion"';
  if (problem.status === 405 && problem.params?.['allow'] !== undefined) headers['allow'] = String(problem.params['allow']);
  return { status: problem.status, body, headers, fault: problem.code === 'http.internal' };
}
