import { Injectable, type OnModuleInit } from '@nestjs/common';
import { NotifiedCache } from '../../kernel/database/notified-cache.js';
import { DatabaseNotifications } from '../../kernel/database/notifications.js';
import type { Locale, Role } from '../../kernel/database/tenant-context.js';
import { ProblemError } from '../../kernel/errors/index.js';
import { TenantDirectory } from '../tenants/tenant-directory.js';
import { effectivePermissions, readExceptions } from '../users/permission-exceptions.js';
import { AccessRepository, type KeyRecord } from './access.repository.js';
import { SessionRepository } from './session.repository.js';

const CHANNEL = 'fluxion_access';
const MAX_ENTRIES = 20_000;

/** What a person may do at this moment. Immutable: a change makes a new one. */
export interface Access {
  readonly userId: string;
  readonly tenantId: string;
  readonly role: Role;
  readonly isActive: boolean;
  readonly stores: readonly string[] | null;
  readonly permissions: ReadonlySet<string>;
  readonly locale: Locale | undefined;
}

/**
 * People, sessions and keys from memory. The registry notifies of every change (role, stores, permissions, deactivation, log-out,
 * revocation), so that it shows within a second in every process; while notifications go unheard the registry itself is asked.
 */
@Injectable()
export class AccessDirectory implements OnModuleInit {
  readonly users: NotifiedCache<Access>;
  /** by family id: whether it still has a refresh token that may be used */
  readonly sessions: NotifiedCache<true>;
  /** by sha256 of the key, hexadecimal */
  readonly keys: NotifiedCache<KeyRecord>;

  constructor(
    private readonly access: AccessRepository,
    private readonly tenants: TenantDirectory,
    private readonly notifications: DatabaseNotifications,
    sessions: SessionRepository,
  ) {
    const options = { max: MAX_ENTRIES, trusted: () => this.notifications.isListening(CHANNEL) };
    this.users = new NotifiedCache({ ...options, load: (id) => this.load(id) });
    this.sessions = new NotifiedCache({ ...options, load: async (id) => ((await sessions.isAlive(id)) ? true : undefined) });
    this.keys = new NotifiedCache({ ...options, load: (hash) => this.access.key(hash) });
  }

  onModuleInit(): Promise<void> {
    return this.notifications.listen(CHANNEL, {
      reset: () => {
        this.users.clear();
        this.sessions.clear();
        this.keys.clear();
      },
      notified: (payload) => {
        const [kind, id = ''] = payload.split(':');
        if (kind === 'user') this.users.drop(id);
        else if (kind === 'session') this.sessions.drop(id);
        // kept by hash, which a notice does not carry; keys change seldom
        else this.keys.clear();
      },
    });
  }

  /**
   * Whether the person may come in now.
   * @throws ProblemError auth.user_inactive, tenancy.suspended
   */
  async assertMayEnter(userId: string): Promise<Access> {
    const user = await this.users.get(userId);
    if (!user?.isActive) throw new ProblemError('auth.user_inactive');
    const tenant = await this.tenants.byId(user.tenantId);
    if (tenant?.status !== 'active') throw new ProblemError('tenancy.suspended');
    return user;
  }

  private async load(id: string): Promise<Access | undefined> {
    const user = await this.access.registryUser(id);
    const tenant = user && (await this.tenants.byId(user.tenantId));
    const own = tenant && (await this.access.tenantUser(tenant, id));
    if (!user || !own) return undefined;
    const { tenantId, role, isActive } = user;
    return Object.freeze({
      userId: id,
      tenantId,
      role,
      isActive,
      stores: role === 'admin' ? null : own.storeIds,
      permissions: effectivePermissions(role, readExceptions(own.permissions)),
      locale: own.locale === 'es' || own.locale === 'en' ? own.locale : undefined,
    });
  }
}
