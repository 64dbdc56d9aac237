import { RouteConfig } from '@nestjs/platform-fastify';
import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';
import type { RouteAccess } from './fastify-request.js';

/**
 * Adds to the Fastify route config of a handler (RouteConfig alone would replace what another decorator wrote), and the handler's name,
 * which is the operation id.
 */
export function addRouteConfig(part: RouteAccess): MethodDecorator {
  return (target, key, descriptor) => {
    const known: unknown = descriptor.value ? Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, descriptor.value) : undefined;
    RouteConfig({ ...(typeof known === 'object' ? known : {}), ...part, operation: String(key) })(target, key, descriptor);
  };
}
