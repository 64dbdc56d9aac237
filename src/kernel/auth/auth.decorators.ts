import { applyDecorators } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import { addRouteConfig } from '../http/route-config.js';
import type { PermissionName } from './permissions.js';

// Each handler carries exactly one of these; a route without any fails the start (see access.hook.ts).

/** An operation without authentication. The list of them is closed (docs/security.md) and a test compares it. */
export function Public(): MethodDecorator {
  return applyDecorators(addRouteConfig({ public: true }), ApiExtension('x-public', true));
}

/** The permission that an operation asks for; 403 auth.forbidden without it. */
export function Permission(name: PermissionName): MethodDecorator {
  return applyDecorators(addRouteConfig({ permission: name }), ApiExtension('x-permission', name));
}

/** Any authenticated person or key may call it (own profile, own session). */
export function AnyRole(): MethodDecorator {
  return applyDecorators(addRouteConfig({ permission: '*' }), ApiExtension('x-permission', '*'));
}
