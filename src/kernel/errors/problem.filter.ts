import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { runInScope } from '../database/tenant-context.js';
import { isCutOff } from './cut-off.js';
import { ProblemError } from './problem-error.js';
import { renderProblem } from './problem-renderer.js';

const logger = new Logger('Problem');

/** Answers `error` as application/problem+json in the caller's language. Serves Nest's handlers and Fastify's own errors alike. */
export function sendProblem(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
  // node calls it a reset connection, and so does pg when the database is gone
  const error = isCutOff(request) ? new ProblemError('http.bad_request', { cause: thrown }) : thrown;
  const scope = request.scope ?? { requestId: request.id, locale: 'es' as const };
  const { status, body, headers, fault } = renderProblem(error, scope.locale, scope.requestId);
  if (fault || status >= 500)
    runInScope(scope, () => (fault ? logger.error(error) : logger.warn(`${body.code}: ${describe(error)}`)));
  if (reply.raw.headersSent) {
    // a stream broke after its first bytes: the client must not take it for complete
    reply.raw.destroy();
    return;
  }
  // bytes, since Fastify adds a charset to text, which the media type does not have
  reply
    .code(status)
    .headers(headers)
    .send(Buffer.from(JSON.stringify(body)));
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The one exception filter. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    sendProblem(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }
}
