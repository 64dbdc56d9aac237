import { Injectable } from '@nestjs/common';
import { RegistryDatabase } from '../../kernel/database/registry-database.js';
import type { TenantRef, TenantSettings, TenantStatus } from '../../kernel/database/tenant-context.js';
import { DEFAULT_SETTINGS } from './tenant-settings.js';

interface TenantRow {
  id: string;
  slug: string;
  name: string;
  schema: string;
  role: string;
  status: TenantStatus;
  plan: string;
  settings: Partial<TenantSettings>;
  statementTimeoutMs: number;
  rateLimitPerMinute: number;
}

/** One line of `tenant list`. */
export interface TenantLine {
  id: string;
  slug: string;
  name: string;
  status: TenantStatus;
  plan: string;
  users: number;
  createdAt: Date;
}

const TENANT = `SELECT t.id, t.slug, t.name, t.schema_name::text AS schema, t.role_name::text AS role, t.status, t.plan, t.settings,
    p.statement_timeout_ms AS "statementTimeoutMs", p.rate_limit_per_minute AS "rateLimitPerMinute"
  FROM shared.tenants t JOIN shared.plans p ON p.code = t.plan WHERE t.status NOT IN ('template', 'spare')`;

/** Tenants in the registry. */
@Injectable()
export class TenantRepository {
  constructor(private readonly registry: RegistryDatabase) {}

  async byId(id: string): Promise<TenantRef | undefined> {
    return first(await this.registry.query<TenantRow>(`${TENANT} AND t.id = $1`, [id], 'tenant_by_id'));
  }

  async bySlug(slug: string): Promise<TenantRef | undefined> {
    return first(await this.registry.query<TenantRow>(`${TENANT} AND t.slug = $1`, [slug], 'tenant_by_slug'));
  }

  async byRole(role: string): Promise<TenantRef | undefined> {
    return first(await this.registry.query<TenantRow>(`${TENANT} AND t.role_name = $1`, [role], 'tenant_by_role'));
  }

  /** Active tenants in the order of their ids, from the one after `after`. */
  async active(after: string | null, limit: number): Promise<TenantRef[]> {
    const rows = await this.registry.query<TenantRow>(
      `${TENANT} AND t.status = 'active' AND ($1::uuid IS NULL OR t.id > $1) ORDER BY t.id LIMIT $2`,
      [after, limit],
      'tenants_active',
    );
    return rows.map(refOf);
  }

  list(): Promise<TenantLine[]> {
    return this.registry.query<TenantLine>(
      `SELECT t.id, t.slug, t.name, t.status, t.plan, t.created_at AS "createdAt",
              (SELECT count(*)::int FROM shared.tenant_users u WHERE u.tenant_id = t.id AND u.is_active) AS users
         FROM shared.tenants t WHERE t.status NOT IN ('template', 'spare') ORDER BY t.slug`,
    );
  }

  /** Why the slug is not to be had or touched: reserved for the product, or a tenant under protection. */
  async protection(slug: string): Promise<'reserved' | 'protected' | undefined> {
    const [row] = await this.registry.query<{ kind: 'reserved' | 'protected' }>(
      'SELECT kind FROM shared.protected_slugs WHERE slug = $1',
      [slug],
      'protected_slug',
    );
    return row?.kind;
  }

  /** Whether the database can reckon in the time zone: its list and Node's are not the same. */
  async knowsTimeZone(name: string): Promise<boolean> {
    const [row] = await this.registry.query<{ known: boolean }>(
      'SELECT EXISTS (SELECT FROM pg_timezone_names WHERE name = $1) AS known',
      [name],
    );
    return row?.known === true;
  }

  /** Sets the status of an existing tenant. @returns whether there is one in a status that allows it */
  async setStatus(id: string, status: 'active' | 'inactive' | 'suspended'): Promise<boolean> {
    const { rowCount } = await this.registry.execute(
      "UPDATE shared.tenants SET status = $2 WHERE id = $1 AND status IN ('active', 'inactive', 'suspended')",
      [id, status],
    );
    return rowCount === 1;
  }
}

function first(rows: TenantRow[]): TenantRef | undefined {
  return rows[0] && refOf(rows[0]);
}

function refOf({ statementTimeoutMs, rateLimitPerMinute, settings, ...tenant }: TenantRow): TenantRef {
  const limits = { statementTimeoutMs, rateLimitPerMinute };
  return Object.freeze({ ...tenant, settings: Object.freeze({ ...DEFAULT_SETTINGS, ...settings, ...limits }) });
}
