import type { FastifyRequest } from 'fastify';

/** Whether the client is gone before it had sent everything: what fails for that reason is no fault of ours, and nobody reads the answer. */
export function isCutOff({ raw }: FastifyRequest): boolean {
  return raw.destroyed && !raw.complete;
}
