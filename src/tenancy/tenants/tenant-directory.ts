import { Injectable, type OnModuleInit } from '@nestjs/common';
import { NotifiedCache } from '../../kernel/database/notified-cache.js';
import { DatabaseNotifications } from '../../kernel/database/notifications.js';
import type { TenantRef } from '../../kernel/database/tenant-context.js';
import { RateLimits } from '../../kernel/http/rate-limits.js';
import type { TenantDirectory as JobTenants } from '../../kernel/jobs/tenant-directory.js';
import { TenantRepository } from './tenant.repository.js';

const CHANNEL = 'fluxion_tenants';
const MAX_TENANTS = 5_000;
const PAGE = 500;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Every tenant by id, slug or database role, from memory. The registry notifies of each change of a tenant or plan, so that a
 * suspension shows within a second in every process; while notifications go unheard the registry itself is asked.
 */
@Injectable()
export class TenantDirectory implements JobTenants, OnModuleInit {
  private readonly refs: NotifiedCache<TenantRef>;
  private readonly slugs: NotifiedCache<string>;
  private readonly roles: NotifiedCache<string>;

  constructor(
    private readonly tenants: TenantRepository,
    private readonly notifications: DatabaseNotifications,
    private readonly limits: RateLimits,
  ) {
    const trusted = () => this.notifications.isListening(CHANNEL);
    const max = MAX_TENANTS;
    this.refs = new NotifiedCache({ max, trusted, load: (id) => this.load(id) });
    this.slugs = new NotifiedCache({ max, trusted, load: async (slug) => (await this.tenants.bySlug(slug))?.id });
    this.roles = new NotifiedCache({ max, trusted, load: async (role) => (await this.tenants.byRole(role))?.id });
  }

  onModuleInit(): Promise<void> {
    const reset = (): void => {
      this.refs.clear();
      this.slugs.clear();
      this.roles.clear();
    };
    return this.notifications.listen(CHANNEL, {
      reset,
      notified: (id) => {
        if (id === '*') return reset();
        this.refs.drop(id);
        // a new tenant may have a name that was asked for before, a renamed one left its own
        this.slugs.clear();
        this.roles.clear();
      },
    });
  }

  /** The tenant if it is known already, to save a request a turn of the event loop. */
  peek(id: string): TenantRef | undefined {
    return this.refs.peek(id)?.value;
  }

  /** Undefined when there is none; a suspended one is there and says so. */
  byId(id: string): Promise<TenantRef | undefined> {
    return this.refs.get(id);
  }

  async bySlug(slug: string): Promise<TenantRef | undefined> {
    const id = await this.slugs.get(slug);
    return id === undefined ? undefined : this.refs.get(id);
  }

  /** By slug or id. */
  find(name: string): Promise<TenantRef | undefined> {
    return UUID.test(name) ? this.byId(name.toLowerCase()) : this.bySlug(name);
  }

  async byRole(role: string): Promise<TenantRef | undefined> {
    const id = await this.roles.get(role);
    return id === undefined ? undefined : this.refs.get(id);
  }

  async *active(): AsyncIterable<TenantRef> {
    let page: TenantRef[] = [];
    do {
      page = await this.tenants.active(page.at(-1)?.id ?? null, PAGE);
      yield* page;
    } while (page.length === PAGE);
  }

  private async load(id: string): Promise<TenantRef | undefined> {
    const tenant = await this.tenants.byId(id);
    const limit = tenant?.settings.rateLimitPerMinute;
    if (tenant && typeof limit === 'number') this.limits.setPlan(tenant.plan, limit);
    return tenant;
  }
}
