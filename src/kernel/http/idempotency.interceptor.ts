import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { currentScope } from '../database/tenant-context.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { ProblemError } from '../errors/problem-error.js';
import { requestFingerprint } from './fingerprint.js';
import { IdempotencyRepository, type NotedAnswer } from './idempotency.repository.js';

const KEY = /^[\x21-\x7e]{1,255}$/;

/** The request's Idempotency-Key, undefined without one; 400 when it cannot be one. */
export function idempotencyKey(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !KEY.test(key)) throw new ProblemError('http.invalid_idempotency_key');
  return key;
}

/**
 * Runs a creating handler at most once per Idempotency-Key. Work and noted answer commit in ONE transaction, so that after a crash
 * there are both or neither; a refusal rolls back and notes nothing, and the key may be used again.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly unit: UnitOfWork,
    private readonly answers: IdempotencyRepository,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const key = idempotencyKey(request);
    // operations without a tenant (sign-up) keep their keys themselves
    if (key === undefined || !currentScope()?.tenant) return next.handle();
    return from(this.once(key, request, http.getResponse<FastifyReply>(), next));
  }

  private once(key: string, request: FastifyRequest, reply: FastifyReply, next: CallHandler): Promise<unknown> {
    const user = currentScope()?.actor?.user ?? null;
    const fingerprint = requestFingerprint({ method: request.method, url: request.url, user, body: request.body });
    return this.unit.transaction(async () => {
      const locked = await this.answers.tryLock(key);
      const noted = await this.answers.find(key);
      if (noted) return replay(noted, fingerprint, reply);
      if (!locked) throw new ProblemError('http.idempotency_in_progress');
      const result: unknown = await lastValueFrom(next.handle(), { defaultValue: undefined });
      const response = JSON.stringify(result ?? null);
      const location = reply.getHeader('location');
      await this.answers.note(key, {
        fingerprint,
        statusCode: reply.statusCode,
        response,
        location: typeof location === 'string' ? location : null,
      });
      return result;
    });
  }
}

function replay(noted: NotedAnswer, fingerprint: string, reply: FastifyReply): unknown {
  if (noted.fingerprint !== fingerprint) throw new ProblemError('http.idempotency_mismatch');
  reply.code(noted.statusCode).header('idempotency-replayed', 'true');
  if (noted.location !== null) reply.header('location', noted.location);
  return JSON.parse(noted.response);
}
