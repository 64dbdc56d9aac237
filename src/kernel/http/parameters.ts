import { createParamDecorator, Param, type ExecutionContext, type PipeTransform } from '@nestjs/common';
import { ApiHeader, ApiParam } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ProblemError } from '../errors/problem-error.js';
import { EXAMPLE_ID } from '../openapi/example-ids.js';
import { readUuid, textReader, type Reader, type Reading } from './field-readers.js';

class ReadParameter implements PipeTransform {
  constructor(
    private readonly name: string,
    private readonly read: Reader,
  ) {}

  transform(value: unknown): unknown {
    const reading: Reading = { errors: [], lenient: true };
    const result = this.read(value, `/${this.name}`, reading);
    if (reading.errors.length > 0) throw new ProblemError('http.validation_failed', { errors: reading.errors });
    return result;
  }
}

function documented(decorate: MethodDecorator): (target: object, key: string | symbol | undefined) => void {
  return (target, key) => {
    const descriptor = key === undefined ? undefined : Object.getOwnPropertyDescriptor(target, key);
    if (key !== undefined && descriptor) decorate(target, key, descriptor);
  };
}

function pathParameter(name: string, read: Reader, schema: Record<string, unknown>): ParameterDecorator {
  const inject = Param(name, new ReadParameter(name, read));
  const document = documented(ApiParam({ name, schema }));
  return (target, key, index) => {
    inject(target, key, index);
    document(target, key);
  };
}

/** A UUID of the path, `/{id}` by default: anything else is a 400 with its pointer, before a query is made. */
export const Id = (name = 'id'): ParameterDecorator =>
  pathParameter(name, readUuid, { type: 'string', format: 'uuid', maxLength: 36, example: EXAMPLE_ID });

/** A text of the path that is no id, such as a slug or code. */
export const PathText = (name: string, max: number): ParameterDecorator =>
  pathParameter(name, textReader({ min: 1, max, trim: false }), { type: 'string', minLength: 1, maxLength: max });

const ifMatchValue = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const value = context.switchToHttp().getRequest<FastifyRequest>().headers['if-match'];
  if (value === undefined || value.trim() === '') throw new ProblemError('http.precondition_required');
  return value;
});

/** The If-Match header of an update or delete: 428 without it. Compare it with `assertMatch(ifMatch, row)`. */
export function IfMatch(): ParameterDecorator {
  const inject = ifMatchValue();
  const document = documented(
    ApiHeader({
      name: 'If-Match',
      required: true,
      description: 'ETag of the version that was read; 428 without it, 412 when the version changed.',
      schema: { type: 'string', maxLength: 200 },
      // any version: right for trying an operation out
      example: '*',
    }),
  );
  return (target, key, index) => {
    inject(target, key, index);
    document(target, key);
  };
}
