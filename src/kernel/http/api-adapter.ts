import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Socket } from 'node:net';
import type { Config } from '../config/config.js';
import { invalid, ProblemError } from '../errors/problem-error.js';
import { sendProblem } from '../errors/problem.filter.js';
import { AllowedMethods } from './allowed-methods.js';
import { duplicateKey } from './duplicate-key.js';
import { OpenConnections } from './open-connections.js';
import { requestIdOf } from './request-id.js';

const HEADER_OVERFLOW = 'HPE_HEADER_OVERFLOW';

/** Answers what is no HTTP request at all: there is neither a request object nor a language to read. */
function refuseGarbage(error: { code?: string }, socket: Socket): void {
  if (socket.destroyed || !socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const [status, phrase, code] =
    error.code === HEADER_OVERFLOW
      ? [431, 'Request Header Fields Too Large', 'http.headers_too_large']
      : [400, 'Bad Request', 'http.bad_request'];
  const body = JSON.stringify({
    type: `urn:fluxion:problem:${code}`,
    title: phrase,
    status,
    code,
    detail: phrase,
    errors: [],
    requestId: '',
  });
  socket.end(
    `HTTP/1.1 ${status} ${phrase}\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

/** DTOs read and say what a route takes: Fastify's own schemas have no use, and their compilers take 80 ms to load. */
function noSchemas(): never {
  throw new Error("a route declares a schema of Fastify's: use a DTO");
}

/** Fastify under Nest, with our answers for what never reaches a handler. */
export class ApiAdapter extends FastifyAdapter {
  private readonly allowed = new AllowedMethods();
  private readonly connections: OpenConnections;

  constructor(config: Config) {
    super({
      bodyLimit: config.BODY_LIMIT,
      trustProxy: config.TRUST_PROXY.length > 0 ? config.TRUST_PROXY : false,
      genReqId: requestIdOf,
      clientErrorHandler: refuseGarbage,
      forceCloseConnections: 'idle',
      return503OnClosing: false,
      keepAliveTimeout: 72_000,
      // what a client may take to send a request: an upload over a slow line
      requestTimeout: 1_800_000,
      // as long as a request line may be: the parameter's own reader then says what is wrong with it
      routerOptions: { maxParamLength: 16_384 },
      frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => sendProblem(error, request, reply),
      schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
      // we use no Express-style middleware: the layer would cost every request
      skipMiddie: true,
      multipart: {
        limits: { fileSize: config.UPLOAD_LIMIT, files: 1, fields: 20, fieldSize: 65_536, parts: 21, headerPairs: 50 },
      },
    });
    const fastify = this.getInstance();
    this.connections = new OpenConnections(fastify.server);
    fastify.removeContentTypeParser(['text/plain', 'application/json']);
    const parse = fastify.getDefaultJsonParser('error', 'error');
    fastify.addContentTypeParser('application/json', { parseAs: 'string' }, (request, text: string, done) => {
      parse.call(fastify, request, text, (error, body) => {
        const pointer = error ? undefined : duplicateKey(text);
        done(pointer === undefined ? error : invalid({ pointer, code: 'field.duplicate' }), body);
      });
    });
    fastify.addHook('onRoute', ({ url, method }) => this.allowed.add(url, method));
  }

  override close(): Promise<void> {
    return this.connections.endWhile(super.close());
  }

  override setErrorHandler(): ReturnType<FastifyAdapter['setErrorHandler']> {
    return this.getInstance().setErrorHandler((error, request, reply) => sendProblem(error, request, reply));
  }

  override setNotFoundHandler(): ReturnType<FastifyAdapter['setNotFoundHandler']> {
    return this.getInstance().setNotFoundHandler((request: FastifyRequest, reply: FastifyReply) => {
      const methods = this.allowed.of(request.url.split('?', 1)[0] ?? '');
      const error =
        methods.length > 0
          ? new ProblemError('http.method_not_allowed', { params: { allow: methods.join(', ') } })
          : new ProblemError('http.unknown_route');
      sendProblem(error, request, reply);
    });
  }
}
