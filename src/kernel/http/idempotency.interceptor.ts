import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { SigningKeys } from '../auth/signing-keys.js';
import { currentScope, type ExecutionScope } from '../database/tenant-context.js';
import { retried } from '../database/retry.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { ProblemError } from '../errors/problem-error.js';
import { fingerprintOf } from './fingerprint.js';
import { IdempotencyRepository, type KeyScope, type NotedAnswer } from './idempotency.repository.js';
import { RegistryIdempotencyRepository } from './registry-idempotency.repository.js';
import { openBody, sealBody } from './sealed-answer.js';

const KEY = /^[\x21-\x7e]{1,255}$/;

/** Metadata of a handler whose answer holds a secret: it is noted encrypted. */
export const SEALED_ANSWER = 'fluxion:sealed-answer';

/** One request with a key, on its way through the handler. */
interface Attempt extends KeyScope {
  sealed: boolean;
  request: FastifyRequest;
  reply: FastifyReply;
  run: () => Promise<unknown>;
}

/** The request's Idempotency-Key, undefined without one; 400 when it cannot be one. */
function keyOf(request: FastifyRequest): string | undefined {
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
  private readonly keys: readonly Buffer[];

  constructor(
    private readonly unit: UnitOfWork,
    private readonly answers: IdempotencyRepository,
    private readonly registryAnswers: RegistryIdempotencyRepository,
    signingKeys: SigningKeys,
  ) {
    this.keys = signingKeys.derive('idempotency');
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const key = keyOf(request);
    if (key === undefined) return next.handle();
    const scope = currentScope();
    const attempt: Attempt = {
      operation: context.getHandler().name,
      actor: scope?.actor?.user ?? '',
      key,
      sealed: Reflect.getMetadata(SEALED_ANSWER, context.getHandler()) === true,
      request,
      reply: http.getResponse<FastifyReply>(),
      run: () => lastValueFrom(next.handle(), { defaultValue: null }),
    };
    return from(scope?.tenant ? this.once(attempt) : this.onceBeforeTenant(attempt, scope));
  }

  private once(attempt: Attempt): Promise<unknown> {
    // it owns the transaction, so it is the one to repeat what a deadlock gave up
    return retried(() => this.attempt(attempt));
  }

  private attempt(attempt: Attempt): Promise<unknown> {
    return this.unit.transaction(async () => {
      const { locked, noted } = await this.answers.claim(attempt);
      if (noted) return this.replay(attempt, noted, fingerprintOf(attempt.request));
      if (!locked) throw new ProblemError('http.idempotency_in_progress');
      const body = await attempt.run();
      await this.answers.note(attempt, this.answerOf(attempt, body));
      return body;
    });
  }

  /**
   * Sign-up: there is no tenant yet whose transaction could hold the key. The handler has the answer noted by the transaction that makes
   * the tenant (`noteAnswer` of its scope): whatever fails after that commit, the repeated request gets the answer.
   */
  private async onceBeforeTenant(attempt: Attempt, scope: ExecutionScope | undefined): Promise<unknown> {
    const { operation, key, request } = attempt;
    const requestHash = fingerprintOf(request);
    if (!(await this.registryAnswers.claim(operation, key, requestHash))) {
      const noted = await this.registryAnswers.find(operation, key);
      if (noted?.statusCode == null) throw new ProblemError('http.idempotency_in_progress');
      return this.replay(attempt, { ...noted, statusCode: noted.statusCode }, requestHash);
    }
    let isNoted = false;
    if (scope) {
      scope.noteAnswer = async (client, body) => {
        const answer = this.answerOf(attempt, body);
        // too slow: the claim went to another request, and only one of the two may do the work
        if (!(await this.registryAnswers.completeWith(client, operation, key, answer))) {
          throw new ProblemError('http.idempotency_in_progress');
        }
        isNoted = true;
      };
    }
    try {
      const body = await attempt.run();
      if (!isNoted) await this.registryAnswers.complete(operation, key, this.answerOf(attempt, body));
      return body;
    } catch (error) {
      await this.registryAnswers.release(operation, key);
      throw error;
    }
  }

  private answerOf(attempt: Attempt, body: unknown): NotedAnswer {
    const { request, reply, sealed } = attempt;
    const location = reply.getHeader('location');
    return {
      requestHash: fingerprintOf(request),
      statusCode: reply.statusCode,
      headers: typeof location === 'string' ? { location } : {},
      body: sealed ? sealBody(body, this.keys[0] as Buffer, placeOf(attempt)) : (body ?? null),
    };
  }

  private replay(attempt: Attempt, noted: NotedAnswer, requestHash: string): unknown {
    const { reply, sealed } = attempt;
    if (noted.requestHash !== requestHash) throw new ProblemError('http.idempotency_mismatch');
    const body = sealed ? openBody(noted.body as { sealed: string }, this.keys, placeOf(attempt)) : noted.body;
    if (body === undefined) throw new ProblemError('http.conflict');
    reply.code(noted.statusCode).header('idempotency-replayed', 'true').headers(noted.headers);
    return body;
  }
}

function placeOf({ operation, actor, key }: KeyScope): string {
  return JSON.stringify([operation, actor, key]);
}
