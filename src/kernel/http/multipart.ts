import { createHash, type Hash } from 'node:crypto';
import { Transform, type Readable, type TransformCallback } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { isCutOff } from '../errors/cut-off.js';
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

/** Where the files of a form go. */
export interface UploadStore<T> {
  /** Refuses a caller before anything is read. */
  admit?(): void;
  /** Stores a file while it arrives. What it keeps of one that it refuses or that breaks off is its own to clear away. */
  store(file: UploadedFile): Promise<T>;
  /** Forgets a stored file unless it is used by now: something else was wrong, or the request is over. */
  discard(stored: T): Promise<void>;
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
 * Reads a multipart form part by part, in bounded memory: the store is given each file as a stream while the rest still travels. A client
 * on a slow line sends for minutes: not to be called inside a transaction, which would hold a connection as long.
 * Remembers a digest of fields and files, by which a repeated Idempotency-Key knows the same upload.
 * @throws ProblemError 400 for a form that is cut off, 413 over UPLOAD_LIMIT, 415 when the request is no form
 */
export async function readMultipart<T>(request: FastifyRequest, store: UploadStore<T>): Promise<Upload<T>> {
  if (!request.isMultipart()) throw new ProblemError('http.unsupported_media_type');
  // the parser hears of a client that leaves, not of one that has left: it would wait for ever
  if (isCutOff(request)) throw new ProblemError('http.bad_request');
  const digest = createHash('sha256');
  const upload: Upload<T> = { fields: {}, files: [] };
  try {
    await readParts(request, upload, digest, store);
  } catch (error) {
    await Promise.allSettled(upload.files.map(async (stored) => store.discard(stored)));
    if (error instanceof ProblemError) throw error;
    if (isCutOff(request) || (error instanceof Error && CUT_OFF.test(error.message)))
      throw new ProblemError('http.bad_request', { cause: error });
    throw error;
  }
  request.multipartDigest = digest.digest('base64url');
  return upload;
}

/** What the form's parser says of a body that ends too early or has a broken header; it gives these errors no code. */
const CUT_OFF = /unexpected end of (multipart data|form)|terminated early|malformed part header/i;

async function readParts<T>(request: FastifyRequest, upload: Upload<T>, digest: Hash, store: UploadStore<T>): Promise<void> {
  for await (const part of request.parts()) {
    digest.update(`\n${part.type} ${part.fieldname}\n`);
    if (part.type === 'field') {
      const value = typeof part.value === 'string' ? part.value : '';
      digest.update(value);
      upload.fields[part.fieldname] = value;
      continue;
    }
    const { stored, hash } = await storeFile(part, store);
    upload.files.push(stored);
    if (part.file.truncated) throw new ProblemError('http.body_too_large');
    digest.update(hash.digest());
  }
}

async function storeFile<T>(part: MultipartFile, store: UploadStore<T>): Promise<{ stored: T; hash: Hash }> {
  const hash = createHash('sha256');
  const content = part.file.pipe(new HashingPass(hash));
  // the client may leave before `store` reads, or after it has refused: an error that nobody hears would end the process
  content.on('error', () => undefined);
  part.file.once('close', () => part.file.readableEnded || content.destroy(part.file.errored ?? undefined));
  const file = { field: part.fieldname, name: part.filename.slice(0, 255), type: part.mimetype, content };
  const stored = await store.store(file).catch((error: unknown) => {
    // many clients read the answer only when they have sent everything: the rest is read and dropped
    part.file.unpipe(content).resume();
    throw error;
  });
  content.resume();
  await finished(content).catch(() => undefined);
  return { stored, hash };
}

/** Reads the form's text fields as a DTO, with the rules of a query: text stands for numbers and booleans. */
export function readFormFields<T extends object>(target: DtoClass<T>, fields: Record<string, string>): T {
  const reading: Reading = { errors: [], lenient: true };
  const result = readDto(target, fields, '', reading);
  if (result === undefined || reading.errors.length > 0)
    throw new ProblemError('http.validation_failed', { errors: reading.errors });
  return result;
}
