import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { assertAllStores } from '../../kernel/auth/store-scope.js';
import type { UploadedFile, UploadStore } from '../../kernel/http/multipart.js';
import { ImportsRepository } from './imports.repository.js';
import type { ByteSource } from './parsing/csv-reader.js';
import type { ColumnSpec } from './parsing/header.js';
import { printable } from './parsing/problem.js';
import { openImportFile, type ImportFile } from './parsing/import-file.js';

/** Bytes of a stored piece; all but the last have exactly this many, so that an offset tells the piece. */
export const CHUNK_BYTES = 524_288;

const MAX_NAME = 255;

/** A file whose bytes are in the tenant's database. */
export interface StoredFile {
  readonly importId: string;
  readonly field: string;
  readonly size: number;
  readonly sha256: string;
  readonly format: 'csv' | 'xlsx';
}

/** Keeps uploaded files in the tenant's own schema, so that a worker on any machine can read them and no other tenant can. */
@Injectable()
export class ImportFiles implements UploadStore<StoredFile> {
  constructor(private readonly imports: ImportsRepository) {}

  /** @throws ProblemError auth.all_stores_required for somebody who is held to some stores: a file may speak of any */
  admit(): void {
    assertAllStores();
  }

  /** Stores a file while it arrives, a piece at a time. What was stored of a broken upload is forgotten. */
  async store({ field, name, content }: UploadedFile): Promise<StoredFile> {
    const importId = await this.imports.open(name === '' ? 'file' : printable(name, MAX_NAME));
    try {
      const hash = createHash('sha256');
      let size = 0;
      let isZip = false;
      for await (const piece of pieces(content)) {
        if (size === 0) isZip = piece.length > 1 && piece[0] === 0x50 && piece[1] === 0x4b;
        hash.update(piece);
        await this.imports.addChunk(importId, size / CHUNK_BYTES, piece);
        size += piece.length;
      }
      return { importId, field, size, sha256: hash.digest('hex'), format: isZip ? 'xlsx' : 'csv' };
    } catch (error) {
      await this.imports.discard(importId).catch(() => undefined);
      throw error;
    }
  }

  /** Forgets a file that no import came of. */
  discard({ importId }: StoredFile): Promise<void> {
    return this.imports.discard(importId);
  }

  /** Opens a stored file and finds its columns. @throws ImportFileError when it cannot be read */
  open(importId: string, columns: readonly ColumnSpec[]): Promise<ImportFile> {
    return openImportFile(this.source(importId), columns);
  }

  /** The bytes of a stored file from an offset on. */
  source(importId: string): ByteSource {
    const { imports } = this;
    return async function* read(from) {
      let skip = from % CHUNK_BYTES;
      for (let position = Math.floor(from / CHUNK_BYTES); ; position++) {
        const chunk = await imports.chunk(importId, position);
        if (!chunk) return;
        if (chunk.length > skip) yield skip > 0 ? chunk.subarray(skip) : chunk;
        if (chunk.length < CHUNK_BYTES) return;
        skip = 0;
      }
    };
  }
}

/** The stream in pieces of CHUNK_BYTES. */
async function* pieces(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = [];
  let size = 0;
  for await (const chunk of content) {
    waiting.push(chunk);
    size += chunk.length;
    while (size >= CHUNK_BYTES) {
      const all = waiting.length === 1 ? chunk : Buffer.concat(waiting);
      yield all.subarray(0, CHUNK_BYTES);
      waiting = [all.subarray(CHUNK_BYTES)];
      size -= CHUNK_BYTES;
    }
  }
  if (size > 0) yield Buffer.concat(waiting);
}
