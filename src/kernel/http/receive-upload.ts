import {
  applyDecorators,
  Inject,
  mixin,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
  type Type,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { currentScope } from '../database/tenant-context.js';
import { readMultipart, type Upload, type UploadStore } from './multipart.js';
import { addRouteConfig } from './route-config.js';
import { TenantPlaces } from './tenant-places.js';

/** Uploads of one tenant that may travel at a time: each takes a place among the running requests, maybe for long. */
const UPLOADS_PER_TENANT = 20;

const uploads = new WeakMap<FastifyRequest, Upload<unknown>>();
const travelling = new TenantPlaces(UPLOADS_PER_TENANT);

/** What `@ReceiveUpload` has received with this request. */
export function uploadOf<T>(request: FastifyRequest): Upload<T> {
  return (uploads.get(request) ?? { fields: {}, files: [] }) as Upload<T>;
}

/**
 * Receives the files of a form before the handler, and before the transaction of its Idempotency-Key: a client on a slow line may send for
 * many minutes, and must hold no connection of the database meanwhile. When the request is over the store forgets what it did not use.
 * Stands BELOW `@IdempotentPost`: the lowest decorator is the first interceptor.
 */
export function ReceiveUpload<T>(store: Type<UploadStore<T>>): MethodDecorator {
  class UploadInterceptor implements NestInterceptor {
    constructor(@Inject(store) private readonly files: UploadStore<T>) {}

    intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
      return from(this.handle(context.switchToHttp().getRequest<FastifyRequest>(), next));
    }

    private async handle(request: FastifyRequest, next: CallHandler): Promise<unknown> {
      this.files.admit?.();
      const upload = await this.receive(request);
      uploads.set(request, upload);
      try {
        return await lastValueFrom(next.handle());
      } finally {
        // what cannot be forgotten now is the store's own sweep's
        await Promise.allSettled(upload.files.map((file) => this.files.discard(file)));
      }
    }

    private async receive(request: FastifyRequest): Promise<Upload<T>> {
      const leave = travelling.take(currentScope()?.tenant?.id ?? '');
      try {
        return await readMultipart(request, this.files);
      } finally {
        leave();
      }
    }
  }
  return applyDecorators(UseInterceptors(mixin(UploadInterceptor)), addRouteConfig({ upload: true }));
}
