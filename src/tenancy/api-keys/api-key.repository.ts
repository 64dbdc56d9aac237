import { Injectable } from '@nestjs/common';
import type { PermissionName } from '../../kernel/auth/permissions.js';
import type { Role } from '../../kernel/database/tenant-context.js';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';

export interface ApiKeyRow {
  id: string;
  name: string;
  prefix: string;
  role: Role;
  scopes: PermissionName[];
  storeIds: string[] | null;
  userId: string | null;
  createdAt: Date;
  expiresAt: Date | null;
  revokedAt: Date | null;
  lastUsedAt: Date | null;
  updatedAt: Date;
}

export interface NewApiKey {
  name: string;
  prefix: string;
  role: Role;
  scopes: PermissionName[];
  storeIds: string[] | null;
  expiresAt: string | null;
}

const KEY = `SELECT id, name, prefix, role, scopes, store_ids AS "storeIds", user_id AS "userId", created_at AS "createdAt",
  expires_at AS "expiresAt", revoked_at AS "revokedAt", last_used_at AS "lastUsedAt", coalesce(revoked_at, created_at) AS "updatedAt" FROM gate.api_keys()`;

/** API keys of the current tenant, through the gate. */
@Injectable()
export class ApiKeyRepository {
  constructor(private readonly unit: UnitOfWork) {}

  /** Newest first. */
  list(isActive: boolean | undefined, before: string | undefined, limit: number): Promise<ApiKeyRow[]> {
    return this.unit.query<ApiKeyRow>(
      `${KEY} WHERE ($1::boolean IS NULL OR $1 = (revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())))
          AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
      [isActive ?? null, before ?? null, limit + 1],
    );
  }

  async find(id: string): Promise<ApiKeyRow | undefined> {
    return (await this.unit.query<ApiKeyRow>(`${KEY} WHERE id = $1`, [id]))[0];
  }

  async create({ name, prefix, role, scopes, storeIds, expiresAt }: NewApiKey, hash: Buffer): Promise<string> {
    const key = { name, prefix, role, scopes, store_ids: storeIds, expires_at: expiresAt };
    const [row] = await this.unit.query<{ id: string }>('SELECT gate.create_api_key($1, $2) AS id', [JSON.stringify(key), hash]);
    return (row as { id: string }).id;
  }

  /** Index of the first id that is no store of this tenant; the registry, which keeps the keys, cannot tell. */
  async unknownStore(storeIds: string[]): Promise<number | undefined> {
    const [row] = await this.unit.query<{ index: number }>(
      `SELECT (given.position - 1)::integer AS index FROM unnest($1::uuid[]) WITH ORDINALITY AS given (id, position)
        WHERE NOT EXISTS (SELECT FROM stores WHERE stores.id = given.id) ORDER BY position LIMIT 1`,
      [storeIds],
    );
    return row?.index;
  }

  /** @returns whether there was one that still worked */
  async revoke(id: string): Promise<boolean> {
    const [row] = await this.unit.query<{ revoked: boolean }>('SELECT gate.revoke_api_key($1) AS revoked', [id]);
    return row?.revoked === true;
  }
}
