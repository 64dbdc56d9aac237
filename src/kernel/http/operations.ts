import { applyDecorators, HttpCode, Post, SetMetadata, UseInterceptors } from '@nestjs/common';
import { ApiExtension, ApiHeader } from '@nestjs/swagger';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { ProblemCode } from '../errors/problems.js';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';

export const IDEMPOTENT_METADATA = 'fluxion:idempotent';

/**
 * A POST that creates. With `Idempotency-Key` the handler runs in one transaction together with the note of its answer,
 * and the same request sent again gets that answer. `status` is 201, or 202 where a job goes on.
 */
export function IdempotentPost(path = '', status: 200 | 201 | 202 = 201): MethodDecorator {
  return applyDecorators(
    Post(path),
    HttpCode(status),
    SetMetadata(IDEMPOTENT_METADATA, true),
    UseInterceptors(IdempotencyInterceptor),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description:
        'Any text of your own, such as a UUID. The same key and body within 24 h get the first answer, with Idempotency-Replayed: true.',
      schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' },
    }),
    Problems('http.idempotency_in_progress', 'http.idempotency_mismatch', 'http.invalid_idempotency_key'),
  );
}

/** A GET, PATCH or PUT of one resource whose answer carries `rowVersion` or `updatedAt`: its ETag is sent, and 304 on If-None-Match. */
export function Tagged(): MethodDecorator {
  return applyDecorators(RouteConfig({ etag: true }), ApiExtension('x-etag', true));
}

/** The problems an operation may answer beside the general ones, for the document. */
export function Problems(...codes: ProblemCode[]): MethodDecorator {
  return (target, key, descriptor) => {
    if (!descriptor.value) return;
    const known = (Reflect.getMetadata('swagger/apiExtension', descriptor.value) ?? {}) as Record<string, unknown>;
    const listed = (known['x-problems'] ?? []) as string[];
    Reflect.defineMetadata(
      'swagger/apiExtension',
      { ...known, 'x-problems': [...new Set([...listed, ...codes])] },
      descriptor.value,
    );
  };
}
