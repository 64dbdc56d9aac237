import { createHash, type Hash } from 'node:crypto';
import { Transform, type Readable, type TransformCallback } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { ProblemError } from '../errors/problem-error.js';
import { readDto, type DtoClass } from './dto-reader.js';
import type { Reading } from './field-readers.js';

export interface UploadedFile {
  /** name of the form's field */
  field: string;
  /** as the client calls it: for people, never a path */
  name: string;
  type: string;
  /** must be read to its end */
  content: Readable;
}

export interface Upload<T> {
  fields: Record<string, string>;
  files: T[];
}

/** Passes a file on and takes its hash on the way. */
class HashingPass extends Transform {
  constructor(private readonly hash: Hash) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.hash.update(chunk);
    done(null, chunk);
  }
}

/**
 * Reads a multipart form part by part, in bounded memory: `store` is given each file as a stream while the rest still travels.
 * Remembers a digest of fields and files, by which a repeated Idempotency-Key knows the same upload.
 * @throws ProblemError 400 for a form that is cut off, 413 over UPLOAD_LIMIT, 415 when the request is no form
 */
export async function readMultipart<T>(request: FastifyRequest, store: (file: UploadedFile) => Promise<T>): Promise<Upload<T>> {
  if (!request.isMultipart()) throw new ProblemError('http.unsupported_media_type');
  const digest = createHash('sha256');
  const upload: Upload<T> = { fields: {}, files: [] };
  try {
    await readParts(request, upload, digest, store);
  } catch (error) {
    if (error instanceof Error && CUT_OFF.test(error.message)) throw new ProblemError('http.bad_request', { cause: error });
    throw error;
  }
  request.multipartDigest = digest.digest('base64url');
  return upload;
}

/** What the form's parser says of a body that ends too early or has a broken header; it gives these errors no code. */
const CUT_OFF = /unexpected end of (multipart data|form)|terminated early|malformed part header/i;

async function readParts<T>(
  request: FastifyRequest,
  upload: Upload<T>,
  digest: Hash,
  store: (file: UploadedFile) => Promise<T>,
): Promise<void> {
  for await (const part of request.parts()) {
    digest.update(`\n${part.type} ${part.fieldname}\n`);
    if (part.type === 'field') {
      const value = typeof part.value === 'string' ? part.value : '';
      digest.update(value);
      upload.fields[part.fieldname] = value;
      continue;
    }
    upload.files.push(await storeFile(part, digest, store));
  }
}

async function storeFile<T>(part: MultipartFile, digest: Hash, store: (file: UploadedFile) => Promise<T>): Promise<T> {
  const hash = createHash('sha256');
  const content = part.file.pipe(new HashingPass(hash));
  part.file.once('error', (error) => content.destroy(error));
  const stored = await store({ field: part.fieldname, name: part.filename.slice(0, 255), type: part.mimetype, content });
  content.resume();
  await finished(content).catch(() => undefined);
  if (part.file.truncated) throw new ProblemError('http.body_too_large');
  digest.update(hash.digest());
  return stored;
}

/** Reads the form's text fields as a DTO, with the rules of a query: text stands for numbers and booleans. */
export function readFormFields<T extends object>(target: DtoClass<T>, fields: Record<string, string>): T {
  const reading: Reading = { errors: [], lenient: true };
  const result = readDto(target, fields, '', reading);
  if (result === undefined || reading.errors.length > 0)
    throw new ProblemError('http.validation_failed', { errors: reading.errors });
  return result;
}

/** The digest of a form; reads and drops it when no handler did. */
export async function multipartDigest(request: FastifyRequest): Promise<string> {
  if (request.multipartDigest === null) {
    await readMultipart(request, async ({ content }) => {
      await finished(content.resume());
    });
  }
  return request.multipartDigest ?? '';
}
