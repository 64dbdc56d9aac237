import type { FastifyRequest } from 'fastify';
import type { TenantRef } from '../database/tenant-context.js';
import { ProblemError } from '../errors/problem-error.js';

/** The tenant that a subdomain of `domain` names, or undefined. Needs TRUST_PROXY behind a proxy. */
export function tenantOfHost(host: string, domain: string | undefined): string | undefined {
  if (domain === undefined || host.length <= domain.length + 1) return undefined;
  const lower = host.toLowerCase();
  const suffix = `.${domain.toLowerCase()}`;
  if (!lower.endsWith(suffix)) return undefined;
  const label = lower.slice(0, -suffix.length);
  return label.includes('.') ? undefined : label;
}

function tenantOfHeader(request: FastifyRequest): string | undefined {
  const header = request.headers['x-tenant'];
  if (header === undefined) return undefined;
  return (typeof header === 'string' ? header : header.join(',')).trim().toLowerCase();
}

/** Throws 403 unless X-Tenant (slug or id) and the subdomain, where given, name this tenant. */
export function assertTenantAgrees(request: FastifyRequest, tenant: TenantRef, domain: string | undefined): void {
  const header = tenantOfHeader(request);
  if (header !== undefined && header !== tenant.slug && header !== tenant.id) throw new ProblemError('tenancy.mismatch');
  if (domain === undefined) return;
  const label = tenantOfHost(request.hostname, domain);
  if (label !== undefined && label !== tenant.slug) throw new ProblemError('tenancy.mismatch');
}

/** The tenant (slug or id) that a request without credential names, for log-in; header and subdomain must agree. */
export function requestedTenant(request: FastifyRequest, domain: string | undefined): string | undefined {
  const header = tenantOfHeader(request);
  const label = domain === undefined ? undefined : tenantOfHost(request.hostname, domain);
  if (header !== undefined && label !== undefined && header !== label) throw new ProblemError('tenancy.mismatch');
  return header ?? label;
}
