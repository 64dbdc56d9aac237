import type { FastifyRequest, RouteOptions } from 'fastify';
import type { Locale, TenantRef } from '../database/tenant-context.js';
import { ProblemError } from '../errors/problem-error.js';
import { localeOfHeader } from '../http/locale.js';
import type { Authenticator, Principal } from './authenticator.js';
import { assertTenantAgrees } from './requested-tenant.js';

const BEARER = /^Bearer +(\S+)$/i;
/** a JWT with a long store list is about 4 KB */
const MAX_CREDENTIAL = 8_192;

function credentialOf(request: FastifyRequest): string {
  const header = request.headers.authorization;
  if (header === undefined) throw new ProblemError('auth.required');
  const credential = header.length <= MAX_CREDENTIAL ? BEARER.exec(header)?.[1] : undefined;
  if (credential === undefined) throw new ProblemError('auth.invalid_token');
  return credential;
}

/** Message language when Accept-Language names none of ours: the person's, else the tenant's. */
function localeOf(principal: Principal, tenant: TenantRef): Locale {
  return principal.locale ?? (tenant.settings.locale?.startsWith('en') ? 'en' : 'es');
}

/**
 * Decides before a body is read who calls, for which tenant, and whether the route's permission is theirs.
 * Runs as a Fastify hook, not as a Nest guard: it costs a cached caller no promise, and a stranger's body is never parsed.
 */
export class AccessControl {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly tenantDomain: string | undefined,
  ) {}

  /** Fills the request's scope, or throws the refusal. Synchronous when the authenticator knows caller and tenant. */
  admit(request: FastifyRequest): void | Promise<void> {
    const principal = this.authenticator.authenticate(credentialOf(request));
    if (principal instanceof Promise) return this.admitStranger(request, principal);
    const tenant = this.authenticator.tenant(principal.tenantId);
    if (tenant instanceof Promise) return tenant.then((found) => this.enter(request, principal, found));
    this.enter(request, principal, tenant);
  }

  /** Whether the caller of a request that stays open would be admitted again, with the same stores; undefined when it cannot be told now. */
  async isStillAdmitted(request: FastifyRequest): Promise<boolean | undefined> {
    try {
      const principal = await this.authenticator.authenticate(credentialOf(request));
      const tenant = await this.authenticator.tenant(principal.tenantId);
      this.assertWelcome(request, principal, tenant);
      this.assertPermitted(request, principal);
      return String(principal.stores) === String(request.scope?.actor?.stores);
    } catch (error) {
      return error instanceof ProblemError ? false : undefined;
    }
  }

  private async admitStranger(request: FastifyRequest, verifying: Promise<Principal>): Promise<void> {
    const principal = await verifying;
    this.enter(request, principal, await this.authenticator.tenant(principal.tenantId));
  }

  private assertWelcome(
    request: FastifyRequest,
    principal: Principal,
    tenant: TenantRef | undefined,
  ): asserts tenant is TenantRef {
    if (principal.expiresAt <= Date.now()) throw new ProblemError('auth.expired_token');
    if (tenant === undefined) throw new ProblemError('auth.invalid_token');
    assertTenantAgrees(request, tenant, this.tenantDomain);
    if (tenant.status !== 'active') throw new ProblemError('tenancy.suspended');
  }

  private assertPermitted(request: FastifyRequest, principal: Principal): void {
    const { permission } = request.routeOptions.config;
    if (permission !== undefined && permission !== '*' && !principal.permissions.has(permission)) {
      throw new ProblemError('auth.forbidden', { params: { permission } });
    }
  }

  private enter(request: FastifyRequest, principal: Principal, tenant: TenantRef | undefined): void {
    this.assertWelcome(request, principal, tenant);
    const { scope } = request;
    if (scope === null) throw new Error('the scope hook runs first');
    scope.tenant = tenant;
    scope.permissions = principal.permissions;
    scope.actor = {
      user: principal.userId,
      role: principal.role,
      stores: principal.stores === null ? null : [...principal.stores],
      via: principal.via,
      request: scope.requestId,
      ip: request.ip,
      agent: request.headers['user-agent']?.slice(0, 200),
    };
    if (localeOfHeader(request.headers['accept-language']) === undefined) scope.locale = localeOf(principal, tenant);
    // the scope knows the tenant by now: its own limit counts the refusal
    this.assertPermitted(request, principal);
  }
}

/** Routes that are nobody's operation: the documentation's files and CORS preflights. */
const OPEN_ROUTES = /^(\/docs(-json)?(\/.*)?|\*)$/;

/** Whether a route is served without authentication. */
export function isOpen(route: { url?: string; config?: { public?: boolean } }): boolean {
  return route.config?.public === true || OPEN_ROUTES.test(route.url ?? '');
}

/** Fails the start for a route of which nobody said who may call it: forgetting must not mean "everybody". */
export function assertRouteDeclaresAccess(route: RouteOptions): void {
  const declared = route.config?.permission !== undefined || isOpen(route);
  if (!declared) throw new Error(`${String(route.method)} ${route.url} has none of @Public, @Permission, @AnyRole`);
}
