import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { runInScope } from '../database/tenant-context.js';
import type { AppLogger } from '../logging/logger.js';
import type { Metrics } from './metrics.js';

/** Reads that went well are routine; changes and refusals are worth a line at the usual level. */
function levelOf(method: string, status: number): 'debug' | 'info' | 'error' {
  if (status >= 500) return 'error';
  return status >= 400 || (method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS') ? 'info' : 'debug';
}

/** Times every request and logs it once it is answered. The path is logged without its query, which may hold personal data. */
export function registerTelemetry(fastify: FastifyInstance, metrics: Metrics, logger: AppLogger): void {
  fastify.addHook('onResponse', (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
    const { method, routeOptions, scope } = request;
    const operation = routeOptions.config?.operation ?? (request.is404 ? 'unknown' : 'other');
    const milliseconds = reply.elapsedTime;
    if (!routeOptions.config?.streaming) metrics.observe(operation, reply.statusCode, milliseconds / 1000);
    const level = levelOf(method, reply.statusCode);
    if (logger.isEnabled(level)) {
      const path = request.url.split('?', 1)[0];
      const entry = (): void =>
        logger.entry(
          level,
          { method, path, operation, status: reply.statusCode, ms: Math.round(milliseconds * 10) / 10 },
          'request',
        );
      if (scope) runInScope(scope, entry);
      else entry();
    }
    done();
  });
}
