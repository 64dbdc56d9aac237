import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import { ProblemError } from '../errors/problem-error.js';
import { RateLimiter, type RateLimit, type RateState } from './rate-limiter.js';

/** Requests of a whole tenant by plan, until table plans was read. A shop with thirty tills makes about 600 a minute. */
const PLAN_LIMITS: Readonly<Record<string, RateLimit>> = {
  free: { limit: 600, seconds: 60 },
  standard: { limit: 6_000, seconds: 60 },
  enterprise: { limit: 60_000, seconds: 60 },
};
const UNKNOWN_PLAN: RateLimit = { limit: 600, seconds: 60 };

/** Requests without a valid credential, by address: a shop's tills share one. */
const STRANGER: RateLimit = { limit: 600, seconds: 60 };
/** Log-in attempts, by address and e-mail, and by address alone. argon2id makes each cost about 50 ms of CPU. */
const LOG_IN: RateLimit = { limit: 10, seconds: 60 };
const LOG_IN_ADDRESS: RateLimit = { limit: 60, seconds: 60 };

/** New tenants, by address: each costs about 50 ms of CPU and 3 MB of disk. */
const SIGN_UP: RateLimit = { limit: 30, seconds: 600 };

/** Who may ask how often. Injected by log-in and sign-up, which are limited more strictly. */
@Injectable()
export class RateLimits {
  private readonly limiter = new RateLimiter();
  private readonly plans = new Map<string, RateLimit>(Object.entries(PLAN_LIMITS));
  private readonly enabled: boolean;

  constructor(config: Config) {
    this.enabled = config.RATE_LIMITS;
  }

  /** Takes a plan's limit over from the registry. */
  setPlan(plan: string, requestsPerMinute: number): void {
    this.plans.set(plan, { limit: requestsPerMinute, seconds: 60 });
  }

  /** One request of a tenant; undefined when limits are switched off. */
  ofTenant(tenantId: string, plan: string): RateState | undefined {
    return this.enabled ? this.limiter.take(`t:${tenantId}`, this.plans.get(plan) ?? UNKNOWN_PLAN) : undefined;
  }

  /** One request without a valid credential. */
  ofStranger(ip: string): RateState | undefined {
    return this.enabled ? this.limiter.take(`a:${ip}`, STRANGER) : undefined;
  }

  /** Call before a password is checked: 429 when this address tries too often, with this e-mail or with many. */
  assertLogIn(ip: string, email: string): void {
    if (!this.enabled) return;
    for (const state of [
      this.limiter.take(`l:${ip}`, LOG_IN_ADDRESS),
      this.limiter.take(`l:${ip}:${email.toLowerCase()}`, LOG_IN),
    ]) {
      if (!state.allowed) throw new ProblemError('http.too_many_requests', { retryAfter: state.retryAfter });
    }
  }

  /** Call before a tenant is made. */
  assertSignUp(ip: string): void {
    if (!this.enabled) return;
    const state = this.limiter.take(`s:${ip}`, SIGN_UP);
    if (!state.allowed) throw new ProblemError('http.too_many_requests', { retryAfter: state.retryAfter });
  }

  /** A right password: the e-mail's attempts start anew. */
  forgiveLogIn(ip: string, email: string): void {
    this.limiter.forgive(`l:${ip}:${email.toLowerCase()}`);
  }
}
