import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { tenantScope } from '../../kernel/database/tenant-context.js';
import { ProblemError } from '../../kernel/errors/index.js';
import type { LogoutDto } from './auth.dto.js';
import { credentialOf } from './caller.js';
import { RequestAuthenticator } from './request-authenticator.js';
import { SessionService } from './session.service.js';

/** A person with a session, in contrast to a program with a key. */
export interface OwnSession {
  userId: string;
  sessionId: string;
}

/** The session in which a request is made. */
@Injectable()
export class OwnSessions {
  constructor(
    private readonly authenticator: RequestAuthenticator,
    private readonly sessions: SessionService,
  ) {}

  /** @throws ProblemError auth.person_required for an API key: it has no session and no password */
  async of(request: FastifyRequest): Promise<OwnSession> {
    const { user } = tenantScope().actor;
    const sessionId = await this.authenticator.sessionOf(credentialOf(request));
    if (user === null || sessionId === undefined) throw new ProblemError('auth.person_required');
    return { userId: user, sessionId };
  }

  async end(request: FastifyRequest, { everywhere, refreshToken }: LogoutDto): Promise<void> {
    const { userId, sessionId } = await this.of(request);
    await (everywhere ? this.sessions.closeAll(userId) : this.sessions.close(userId, sessionId, refreshToken));
  }
}
