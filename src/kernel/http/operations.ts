import { applyDecorators, HttpCode, Post, SetMetadata, UseInterceptors, type Type } from '@nestjs/common';
import { ApiBody, ApiExtension, ApiHeader } from '@nestjs/swagger';
import type { ProblemCode } from '../errors/problems.js';
import { addRouteConfig } from './route-config.js';
import { IdempotencyInterceptor, SEALED_ANSWER } from './idempotency.interceptor.js';

/** Where @nestjs/swagger keeps x- members; its constant is not exported. */
const SWAGGER_EXTENSIONS = 'swagger/apiExtension';

/**
 * A POST that creates. With `Idempotency-Key` the handler runs in one transaction together with the note of its answer,
 * and the same request sent again gets that answer. `status` is 201, or 202 where a job goes on.
 */
export function IdempotentPost(path = '', status: 200 | 201 | 202 = 201): MethodDecorator {
  return applyDecorators(
    Post(path),
    HttpCode(status),
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

/** Beside `@IdempotentPost` where the answer holds a secret: it is noted encrypted, and a repeated request still gets it. */
export function SealedAnswer(): MethodDecorator {
  return SetMetadata(SEALED_ANSWER, true);
}

/**
 * A GET, PATCH or PUT of one resource: its ETag is sent, and 304 on If-None-Match. It is of `rowVersion` or `updatedAt` where the answer
 * carries one; a GET of what nobody edits is tagged by its content.
 */
export function Tagged(): MethodDecorator {
  return applyDecorators(addRouteConfig({ etag: true }), ApiExtension('x-etag', true));
}

/** A GET of server-sent events: it stays open, so it counts neither as load nor in the durations. */
export function Streaming(): MethodDecorator {
  return addRouteConfig({ streaming: true });
}

/** The problems an operation may answer beside the general ones, for the document. */
export function Problems(...codes: ProblemCode[]): MethodDecorator {
  return (target, key, descriptor) => {
    if (!descriptor.value) return;
    const known = (Reflect.getMetadata(SWAGGER_EXTENSIONS, descriptor.value) ?? {}) as Record<string, unknown>;
    const listed = (known['x-problems'] ?? []) as string[];
    Reflect.defineMetadata(SWAGGER_EXTENSIONS, { ...known, 'x-problems': [...new Set([...listed, ...codes])] }, descriptor.value);
  };
}

/**
 * Bodies that show what an operation takes, by a short name each, where a body made of every field's own example would not do. Ids are
 * EXAMPLE_ID: the demo's stand in the served document.
 */
export function BodyExamples(type: Type, values: Readonly<Record<string, object>>): MethodDecorator {
  const examples = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { summary: name, value }]));
  return ApiBody({ type, examples });
}
