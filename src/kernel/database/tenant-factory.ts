import { Injectable } from '@nestjs/common';
import type { Client } from 'pg';
import { loadTemplate, type Template } from './template.js';
import { buildTenantSchema, renameTenantSchema } from './tenant-schema.js';
import { openTimeTables, type TimeTables } from './time-tables.js';
import { laneConnection, withClient, type DatabaseTopology } from './topology.js';
import { tenantPlace, tenantSchema, type TenantPlace } from './roles.js';
import { uuidV7 } from './uuid-v7.js';

export interface NewTenant {
  slug: string;
  name: string;
  plan?: string;
  settings: Record<string, unknown>;
}

export interface FirstAdmin {
  email: string;
  fullName: string;
  /** argon2id */
  passwordHash: string;
}

export interface ProvisionedTenant {
  id: string;
  slug: string;
  schema: string;
  role: string;
  adminId: string;
  /** the schema was ready: a sign-up took a few milliseconds */
  claimed: boolean;
}

const ADOPT = `UPDATE shared.tenants SET slug = $2, name = $3, schema_name = $4, status = 'active', settings = $5,
  plan = coalesce($6, (SELECT code FROM shared.plans WHERE is_default), plan) WHERE id = $1`;
const REGISTER = `INSERT INTO shared.tenants (id, name, schema_name, role_name, status, template_version, template_fingerprint, engine, engine_version)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`;

/** Work in the transaction that makes a tenant. */
export type Beside = (client: Client, made: ProvisionedTenant) => Promise<void>;

/** The template and how this database keeps its time tables. */
export interface Blueprint {
  template: Template;
  timeTables: TimeTables;
}

/** What makes tenants out of the template: a registry row and a schema that live and die together. Runs as the owner. */
@Injectable()
export class TenantFactory {
  private loading?: Promise<Blueprint>;

  constructor(private readonly topology: DatabaseTopology) {}

  /**
   * A tenant with its first administrator, in one transaction: from a waiting spare (a rename), else built now.
   * @param beside what is committed with the tenant or not at all; it runs last, and what it throws undoes the tenant
   */
  async create(tenant: NewTenant, admin: FirstAdmin, beside?: Beside): Promise<ProvisionedTenant> {
    return this.transaction(async (client) => {
      const schema = tenantSchema(tenant.slug);
      const spare = await this.takeSpare(client);
      const place = spare
        ? { ...spare, schema, chunks: `${schema}_chunks` }
        : tenantPlace(this.topology.roles.prefix, uuidV7(), schema);
      if (spare) await renameTenantSchema(client, spare.schema, schema);
      else await this.build(client, place, 'provisioning');
      await client.query(ADOPT, [
        place.id,
        tenant.slug,
        tenant.name,
        schema,
        JSON.stringify(tenant.settings),
        tenant.plan ?? null,
      ]);
      const adminId = await this.addAdmin(client, place, admin);
      const made = { id: place.id, slug: tenant.slug, schema, role: place.role, adminId, claimed: spare !== undefined };
      await beside?.(client, made);
      return made;
    });
  }

  /** Brings the number of waiting spares of the newest template up to `wanted`. @returns how many it built */
  async topUpSpares(wanted: number): Promise<number> {
    let built = 0;
    while (built < wanted && (await this.addSpare(wanted))) built++;
    return built;
  }

  /** The real, empty, audited schema `template`; made once. */
  async ensureTemplateSchema(): Promise<void> {
    await this.transaction(async (client) => {
      await client.query("SELECT pg_advisory_xact_lock(hashtext('fluxion:template'))");
      const { rowCount } = await client.query("SELECT FROM shared.tenants WHERE status = 'template'");
      if (rowCount === 0) await this.build(client, tenantPlace(this.topology.roles.prefix, uuidV7(), 'template'), 'template');
    });
  }

  /** Read once, when first needed. */
  blueprint(): Promise<Blueprint> {
    this.loading ??= (async () => ({
      template: await loadTemplate(),
      timeTables: await withClient(laneConnection(this.topology, 'owner'), openTimeTables),
    }))();
    this.loading.catch(() => (this.loading = undefined));
    return this.loading;
  }

  private async addSpare(wanted: number): Promise<boolean> {
    return this.transaction(async (client) => {
      await client.query("SELECT pg_advisory_xact_lock(hashtext('fluxion:spares'))");
      const { rows } = await client.query<{ waiting: number }>(
        "SELECT count(*)::int AS waiting FROM shared.tenants WHERE status = 'spare' AND template_version = $1",
        [(await this.blueprint()).template.version],
      );
      if ((rows[0]?.waiting ?? 0) >= wanted) return false;
      const id = uuidV7();
      await this.build(client, tenantPlace(this.topology.roles.prefix, id, `spare_${id.replaceAll('-', '')}`), 'spare');
      return true;
    });
  }

  private async takeSpare(client: Client): Promise<TenantPlace | undefined> {
    const { rows } = await client.query<{ id: string; schema: string }>(
      `SELECT id, schema_name::text AS schema FROM shared.tenants WHERE status = 'spare' AND template_fingerprint = $1
       ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED`,
      [(await this.blueprint()).template.fingerprint],
    );
    return rows[0] && tenantPlace(this.topology.roles.prefix, rows[0].id, rows[0].schema);
  }

  private async build(client: Client, place: TenantPlace, status: 'provisioning' | 'spare' | 'template'): Promise<void> {
    const { template, timeTables } = await this.blueprint();
    const { version, fingerprint } = template;
    const { engine, engineVersion } = timeTables;
    // a slug comes with adoption; the check allows none only for spares and the template
    const waiting = status === 'provisioning' ? 'spare' : status;
    await client.query(REGISTER, [
      place.id,
      place.schema,
      place.schema,
      place.role,
      waiting,
      version,
      fingerprint,
      engine,
      engineVersion,
    ]);
    await buildTenantSchema(client, this.topology, template, place, timeTables);
  }

  private async addAdmin(client: Client, place: TenantPlace, admin: FirstAdmin): Promise<string> {
    const id = uuidV7();
    await client.query(
      "INSERT INTO shared.tenant_users (id, tenant_id, email, password_hash, full_name, role) VALUES ($1, $2, $3, $4, $5, 'admin')",
      [id, place.id, admin.email, admin.passwordHash, admin.fullName],
    );
    await client.query("SELECT set_config('app.current_tenant_id', $1, true), set_config('app.actor', $2, true)", [
      place.id,
      JSON.stringify({ user: null, role: null, stores: null, via: 'sign-up' }),
    ]);
    await client.query(`INSERT INTO ${place.schema}.users (id, email, full_name, role) VALUES ($1, $2, $3, 'admin')`, [
      id,
      admin.email,
      admin.fullName,
    ]);
    return id;
  }

  private transaction<T>(work: (client: Client) => Promise<T>): Promise<T> {
    // a short-lived connection: DDL leaves its catalog entries in the backend for good
    return withClient(laneConnection(this.topology, 'owner'), async (client) => {
      await client.query('BEGIN; SET LOCAL client_min_messages = warning');
      const result = await work(client);
      await client.query('COMMIT');
      return result;
    });
  }
}
