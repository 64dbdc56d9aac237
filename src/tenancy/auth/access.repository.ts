import { Injectable } from '@nestjs/common';
import { RegistryDatabase } from '../../kernel/database/registry-database.js';
import { runAsTenant, type Role, type TenantRef } from '../../kernel/database/tenant-context.js';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';

/** The registry's half of a user. */
export interface RegistryUser {
  id: string;
  tenantId: string;
  role: Role;
  isActive: boolean;
}

/** What the tenant's half adds. */
export interface TenantUser {
  storeIds: string[] | null;
  permissions: { grant?: unknown; revoke?: unknown };
  locale: string | null;
}

/** An API key as it is verified. */
export interface KeyRecord {
  id: string;
  tenantId: string;
  /** whose key it is; null: the user is gone */
  userId: string | null;
  role: Role;
  /** empty: all of the role */
  scopes: string[];
  storeIds: string[] | null;
  expiresAt: Date | null;
}

/** What the verification of a caller reads when it is not in memory. */
@Injectable()
export class AccessRepository {
  constructor(
    private readonly registry: RegistryDatabase,
    private readonly unit: UnitOfWork,
  ) {}

  async registryUser(id: string): Promise<RegistryUser | undefined> {
    const [row] = await this.registry.query<RegistryUser>(
      'SELECT id, tenant_id AS "tenantId", role, is_active AS "isActive" FROM shared.tenant_users WHERE id = $1',
      [id],
      'access_user',
    );
    return row;
  }

  async tenantUser(tenant: TenantRef, id: string): Promise<TenantUser | undefined> {
    const actor = { user: id, role: null, stores: null, via: 'http' };
    const [row] = await runAsTenant(tenant, actor, () =>
      this.unit.query<TenantUser>(
        `SELECT store_ids AS "storeIds", permissions, preferences ->> 'locale' AS locale FROM users WHERE id = $1`,
        [id],
        'access_tenant_user',
      ),
    );
    return row;
  }

  async key(keyHash: string): Promise<KeyRecord | undefined> {
    const [row] = await this.registry.query<KeyRecord>(
      `SELECT id, tenant_id AS "tenantId", user_id AS "userId", role, scopes, store_ids AS "storeIds", expires_at AS "expiresAt"
         FROM shared.api_keys WHERE key_hash = decode($1, 'hex') AND revoked_at IS NULL`,
      [keyHash],
      'access_key',
    );
    return row;
  }

  async noteKeyUse(id: string): Promise<void> {
    await this.registry.execute(
      "UPDATE shared.api_keys SET last_used_at = now() WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')",
      [id],
      'access_key_use',
    );
  }
}
