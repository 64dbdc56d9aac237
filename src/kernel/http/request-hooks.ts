import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { assertRouteDeclaresAccess, isOpen, type AccessControl } from '../auth/access-control.js';
import { runInScope, type ExecutionScope } from '../database/tenant-context.js';
import { ProblemError } from '../errors/problem-error.js';
import { etagOf, etagOfContent, matches, type Versioned } from './etag.js';
import type { LoadShedder } from './load-shedder.js';
import { localeOfHeader } from './locale.js';
import type { RateState } from './rate-limiter.js';
import type { RateLimits } from './rate-limits.js';
import { API_HEADERS, DOCS_HEADERS } from './security-headers.js';

export interface HookServices {
  access: AccessControl;
  limits: RateLimits;
  load: LoadShedder;
}

/** Health and metrics answer also while everything else is refused. */
const ALWAYS_SERVED = /^\/(health|metrics)(\/|\?|$)/;

type Done = (error?: Error) => void;

function setHeaders(reply: FastifyReply, headers: Readonly<Record<string, string>>): void {
  for (const name in headers) reply.header(name, headers[name]);
}

function setRateHeaders(reply: FastifyReply, state: RateState): void {
  reply
    .header('ratelimit-limit', state.limit)
    .header('ratelimit-remaining', state.remaining)
    .header('ratelimit-reset', state.reset);
}

function newScope(request: FastifyRequest): ExecutionScope {
  // every member is written at once and in one order: one hidden class for all scopes
  return {
    requestId: request.id,
    locale: localeOfHeader(request.headers['accept-language']) ?? 'es',
    tenant: undefined,
    actor: undefined,
    permissions: undefined,
    transaction: undefined,
    noteAnswer: undefined,
  };
}

const hasBody = ({ headers }: FastifyRequest): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';

/** Takes no place: it is answered at once. One with a body is not, since that is read before anybody says that there is no such route. */
function isAside(request: FastifyRequest): boolean {
  if (request.routeOptions.config?.streaming) return true;
  return (request.is404 || ALWAYS_SERVED.test(request.url)) && !hasBody(request);
}

const isUpload = ({ routeOptions, headers }: FastifyRequest): boolean =>
  routeOptions.config?.upload === true && /^multipart\/form-data/i.test(headers['content-type'] ?? '');

/** First of all hooks: identity of the request, headers of its answer, and whether it is served at all. */
function openHook(load: LoadShedder) {
  return (request: FastifyRequest, reply: FastifyReply, done: Done): void => {
    request.scope = newScope(request);
    reply.header('x-request-id', request.id);
    setHeaders(reply, request.url.startsWith('/docs') ? DOCS_HEADERS : API_HEADERS);
    if (isAside(request)) return done();
    try {
      load.enter(reply.raw, isUpload(request));
      done();
    } catch (error) {
      if (load.isStopping) reply.header('connection', 'close');
      done(error as Error);
    }
  };
}

/** A limit that is used up answers 429 in place of whatever else was wrong. */
function assertWithin(state: RateState | undefined, reply: FastifyReply): void {
  if (state === undefined) return;
  setRateHeaders(reply, state);
  if (!state.allowed) throw new ProblemError('http.too_many_requests', { retryAfter: state.retryAfter });
}

/** Second: who calls and how often. */
function accessHook({ access, limits }: HookServices) {
  const limitTenant = (request: FastifyRequest, reply: FastifyReply): void => {
    const tenant = request.scope?.tenant;
    if (tenant) assertWithin(limits.ofTenant(tenant.id, tenant.plan), reply);
  };
  // a refused caller uses up the address's limit, unless it is a known tenant's (403: wrong permission)
  const refuse = (error: unknown, request: FastifyRequest, reply: FastifyReply): Error => {
    try {
      if (request.scope?.tenant) limitTenant(request, reply);
      else assertWithin(limits.ofStranger(request.ip), reply);
    } catch (limited) {
      return limited as Error;
    }
    return error as Error;
  };
  const settle = async (later: Promise<void>, request: FastifyRequest, reply: FastifyReply, done: Done): Promise<void> => {
    let refusal: Error | undefined;
    try {
      await later;
      limitTenant(request, reply);
    } catch (error) {
      refusal = refuse(error, request, reply);
    }
    done(refusal);
  };
  return (request: FastifyRequest, reply: FastifyReply, done: Done): void => {
    if (request.is404 || ALWAYS_SERVED.test(request.url)) return done();
    try {
      if (isOpen(request.routeOptions)) {
        if (request.routeOptions.config?.public) assertWithin(limits.ofStranger(request.ip), reply);
        return done();
      }
      const later = access.admit(request);
      if (later === undefined) {
        limitTenant(request, reply);
        return done();
      }
      void settle(later, request, reply, done);
    } catch (error) {
      done(refuse(error, request, reply));
    }
  };
}

/** After the body was read: from here on everything runs inside the request's scope. */
function scopeHook(request: FastifyRequest, _reply: FastifyReply, done: Done): void {
  if (request.scope === null) return done();
  runInScope(request.scope, done);
}

function isVersioned(payload: unknown): payload is Versioned {
  return typeof payload === 'object' && payload !== null && ('rowVersion' in payload || 'updatedAt' in payload);
}

/** The tag of an answer; one without a version is tagged by what it says, which nobody can name in If-Match. */
function tagOf(payload: unknown, isRead: boolean): string | null {
  if (isVersioned(payload)) return etagOf(payload);
  return isRead && typeof payload === 'object' && payload !== null ? etagOfContent(payload) : null;
}

/** Only on routes marked @Tagged: ETag from the answer. */
function etagHook(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  done: (error: Error | null, payload?: unknown) => void,
): void {
  const tag = reply.statusCode < 300 ? tagOf(payload, request.method === 'GET') : null;
  if (tag !== null) reply.header('etag', tag).header('cache-control', 'private, no-cache');
  done(null, payload);
}

/** Only on routes marked @Tagged: 304 when the client has this version. */
function notModifiedHook(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  done: (error: Error | null, payload?: unknown) => void,
): void {
  const known = request.headers['if-none-match'];
  const etag = reply.getHeader('etag');
  const same =
    request.method === 'GET' &&
    reply.statusCode === 200 &&
    known !== undefined &&
    typeof etag === 'string' &&
    matches(known, etag);
  if (!same) return done(null, payload);
  reply.code(304).removeHeader('content-type');
  done(null, null);
}

/** Registers the kernel's hooks. Call it before any route exists. */
export function registerHooks(fastify: FastifyInstance, services: HookServices): void {
  fastify.decorateRequest('scope', null);
  fastify.decorateRequest('multipartDigest', null);
  fastify.decorateRequest('isStillAdmitted', function isStillAdmitted() {
    return services.access.isStillAdmitted(this);
  });
  fastify.addHook('onRoute', (route) => {
    assertRouteDeclaresAccess(route);
    if (!route.config?.etag) return;
    route.preSerialization = [route.preSerialization ?? [], etagHook].flat();
    route.onSend = [route.onSend ?? [], notModifiedHook].flat();
  });
  fastify.addHook('onRequest', openHook(services.load));
  fastify.addHook('onRequest', accessHook(services));
  fastify.addHook('preValidation', scopeHook);
}
