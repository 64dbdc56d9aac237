import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { PermissionName } from './permissions.js';

export const PUBLIC_METADATA = 'fluxion:public';
export const PERMISSION_METADATA = 'fluxion:permission';

/** An operation without authentication. The list of them is closed (docs/security.md) and a test compares it. */
export function Public(): MethodDecorator & ClassDecorator {
  return applyDecorators(SetMetadata(PUBLIC_METADATA, true), ApiExtension('x-public', true));
}

/** The permission that an operation asks for; 403 auth.forbidden without it. */
export function Permission(name: PermissionName): MethodDecorator & ClassDecorator {
  return applyDecorators(SetMetadata(PERMISSION_METADATA, name), ApiExtension('x-permission', name));
}

/** Any authenticated person or key may call it (own profile, own session). */
export function AnyRole(): MethodDecorator & ClassDecorator {
  return applyDecorators(SetMetadata(PERMISSION_METADATA, '*'), ApiExtension('x-permission', 'any role'));
}
