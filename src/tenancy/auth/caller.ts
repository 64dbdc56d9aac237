import type { FastifyRequest } from 'fastify';
import type { Caller } from './session.repository.js';

const AGENT_LENGTH = 200;

/** Where a request comes from, as it is kept with a session. */
export function callerOf(request: FastifyRequest): Caller {
  return { ip: request.ip, agent: request.headers['user-agent']?.slice(0, AGENT_LENGTH) };
}

/** The credential of a request that was admitted, without `Bearer`. */
export function credentialOf(request: FastifyRequest): string {
  return (request.headers.authorization ?? '').replace(/^Bearer +/i, '');
}
