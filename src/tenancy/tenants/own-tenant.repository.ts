import { Injectable } from '@nestjs/common';
import type { TenantSettings, TenantStatus } from '../../kernel/database/tenant-context.js';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';

/** The tenant's own row of the registry. */
export interface OwnTenant {
  id: string;
  slug: string;
  name: string;
  status: TenantStatus;
  plan: string;
  settings: Partial<TenantSettings>;
  createdAt: Date;
  updatedAt: Date;
}

/** Settings that triggers and other rooms read from the tenant's own schema, and their keys there. */
const OWN_SCHEMA = { negativeStock: 'inventory.negative_stock', alertHysteresisPercent: 'alerts.hysteresis_percent' };

/** The current tenant as the gate shows it to itself. */
@Injectable()
export class OwnTenantRepository {
  constructor(private readonly unit: UnitOfWork) {}

  /** `lock` holds the row until the transaction ends. */
  async read(lock: boolean): Promise<OwnTenant> {
    const [row] = await this.unit.query<OwnTenant>(
      `SELECT id, slug, name, status, plan, settings, created_at AS "createdAt", updated_at AS "updatedAt" FROM gate.own_tenant($1)`,
      [lock],
      'own_tenant',
    );
    return row as OwnTenant;
  }

  /** Merges `settings` into those of the registry; what is read there is kept in the tenant's own schema too. */
  async save(name: string | undefined, settings: object): Promise<void> {
    await this.unit.execute('SELECT gate.save_tenant($1, $2)', [name ?? null, JSON.stringify(settings)]);
    for (const [setting, key] of Object.entries(OWN_SCHEMA)) {
      const value: unknown = Reflect.get(settings, setting);
      if (value !== undefined)
        await this.unit.execute('UPDATE settings SET value = $1 WHERE key = $2', [JSON.stringify(value), key]);
    }
  }
}
