import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { assertAllStores } from '../../kernel/auth/store-scope.js';
import { readMultipart, type Upload } from '../../kernel/http/multipart.js';
import { ImportFiles, type StoredFile } from './import-files.js';

const UPLOADS = new WeakMap<FastifyRequest, Upload<StoredFile>>();

/** What the interceptor received with this request. */
export function uploadOf(request: FastifyRequest): Upload<StoredFile> {
  return UPLOADS.get(request) ?? { fields: {}, files: [] };
}

/**
 * Receives the file before the handler, and before the transaction of its Idempotency-Key: a client on a slow line may send for many
 * minutes, and must hold no connection of the database meanwhile. A file that no import came of is forgotten.
 */
@Injectable()
export class ImportUploadInterceptor implements NestInterceptor {
  constructor(private readonly files: ImportFiles) {}

  /** @throws ProblemError auth.all_stores_required for somebody who is held to some stores: a file may speak of any */
  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    assertAllStores();
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const upload = await readMultipart(request, this.files);
    UPLOADS.set(request, upload);
    return from(this.handle(next, upload));
  }

  private async handle(next: CallHandler, upload: Upload<StoredFile>): Promise<unknown> {
    try {
      return await lastValueFrom(next.handle());
    } finally {
      await this.forgetUnused(upload);
    }
  }

  /** What cannot be forgotten now is swept later. */
  private async forgetUnused({ files }: Upload<StoredFile>): Promise<void> {
    await Promise.allSettled(files.map((file) => this.files.discard(file)));
  }
}
