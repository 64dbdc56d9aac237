import { Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Principal } from '../../kernel/auth/authenticator.js';
import { permissionsOf } from '../../kernel/auth/permissions.js';
import { ProblemError } from '../../kernel/errors/index.js';
import { lowerRole } from '../users/roles.js';
import { AccessDirectory, type Access } from './access-directory.js';
import { AccessRepository, type KeyRecord } from './access.repository.js';

const USE_NOTED_MS = 60_000;
const MAX_KEYS = 5_000;

interface KnownKey {
  key: KeyRecord;
  access: Access;
  principal: Principal;
}

/** Who an API key stands for: its user, with no more than the key was given and no more than the user still has. */
@Injectable()
export class KeyPrincipals {
  private readonly logger = new Logger(KeyPrincipals.name);
  private readonly known = new LRUCache<string, KnownKey>({ max: MAX_KEYS });
  private readonly used = new LRUCache<string, number>({ max: MAX_KEYS });

  constructor(
    private readonly access: AccessDirectory,
    private readonly repository: AccessRepository,
  ) {}

  /** @param digest sha256 of the key, hexadecimal */
  find(digest: string): Principal | Promise<Principal> {
    const key = this.access.keys.peek(digest);
    const user = key?.value?.userId ? this.access.users.peek(key.value.userId) : undefined;
    return key && user ? this.principalOf(digest, key.value, user.value) : this.lookUp(digest);
  }

  private async lookUp(digest: string): Promise<Principal> {
    const key = await this.access.keys.get(digest);
    const user = key?.userId ? await this.access.users.get(key.userId) : undefined;
    return this.principalOf(digest, key, user);
  }

  private principalOf(digest: string, key: KeyRecord | undefined, access: Access | undefined): Principal {
    if (!key || !access?.isActive || access.tenantId !== key.tenantId) throw new ProblemError('auth.invalid_token');
    if (key.expiresAt && key.expiresAt.getTime() <= Date.now()) throw new ProblemError('auth.expired_token');
    this.noteUse(key.id);
    const known = this.known.get(digest);
    if (known?.key === key && known.access === access) return known.principal;
    const principal = combine(key, access);
    this.known.set(digest, { key, access, principal });
    return principal;
  }

  private noteUse(id: string): void {
    const now = Date.now();
    if (now - (this.used.get(id) ?? 0) < USE_NOTED_MS) return;
    this.used.set(id, now);
    this.repository.noteKeyUse(id).catch((error: unknown) => this.logger.warn(`use of key ${id} not noted: ${String(error)}`));
  }
}

function combine(key: KeyRecord, access: Access): Principal {
  const stores = common(key.storeIds, access.stores);
  // people, settings, keys and audit are the whole company's, and administrators are not held to stores: what is held is a manager at most
  const given = lowerRole(key.role, stores === null ? 'admin' : 'manager');
  const own = permissionsOf(given, key.scopes.length > 0 ? key.scopes : null);
  return Object.freeze({
    tenantId: key.tenantId,
    userId: access.userId,
    // a key made by an administrator is not one any more when its maker is not
    role: lowerRole(given, access.role),
    stores,
    permissions: new Set([...own].filter((name) => access.permissions.has(name))),
    via: 'api-key',
    expiresAt: key.expiresAt?.getTime() ?? Number.MAX_SAFE_INTEGER,
    ...(access.locale ? { locale: access.locale } : {}),
  });
}

/** Stores in both scopes; null is all of them. */
function common(one: readonly string[] | null, other: readonly string[] | null): readonly string[] | null {
  if (one === null || other === null) return one ?? other;
  return one.filter((id) => other.includes(id));
}
