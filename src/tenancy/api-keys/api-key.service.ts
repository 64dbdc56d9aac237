import { Injectable } from '@nestjs/common';
import { permissionsOf } from '../../kernel/auth/permissions.js';
import { tenantScope } from '../../kernel/database/tenant-context.js';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import { invalid, notFound, ProblemError } from '../../kernel/errors/index.js';
import { CursorCodec } from '../../kernel/http/cursor-codec.js';
import { assertMatch } from '../../kernel/http/etag.js';
import type { Page } from '../../kernel/http/page.js';
import { AuditTrail } from '../audit/audit-trail.js';
import { newSecret, secretHash } from '../auth/secret-token.js';
import type { ApiKeyDto, ApiKeyQuery, CreateApiKeyDto, CreatedApiKeyDto } from './api-key.dto.js';
import { ApiKeyRepository, type ApiKeyRow } from './api-key.repository.js';

const OPERATION = 'listApiKeys';
/** `flx_` and 32 bits: enough to tell keys apart, nothing to guess the rest from */
const PREFIX_LENGTH = 12;

/** Keys with which programs act for the tenant. */
@Injectable()
export class ApiKeyService {
  constructor(
    private readonly unit: UnitOfWork,
    private readonly keys: ApiKeyRepository,
    private readonly cursors: CursorCodec,
    private readonly audit: AuditTrail,
  ) {}

  async list({ limit, cursor, isActive }: ApiKeyQuery): Promise<Page<ApiKeyDto>> {
    const before = this.cursors.after(OPERATION, cursor)?.[0] as string | undefined;
    return this.cursors.page(OPERATION, await this.keys.list(isActive, before, limit), limit, (last) => [last.id]);
  }

  async get(id: string): Promise<ApiKeyRow> {
    const row = await this.keys.find(id);
    if (!row) throw notFound();
    return row;
  }

  /** @throws ProblemError auth.person_required when a key asks */
  async create({ name, scopes = [], storeIds = null, expiresAt = null, ...given }: CreateApiKeyDto): Promise<CreatedApiKeyDto> {
    const { actor } = tenantScope();
    if (actor.via !== 'http') throw new ProblemError('auth.person_required');
    const role = given.role ?? actor.role ?? 'viewer';
    const beyond = scopes.findIndex((scope) => !permissionsOf(role).has(scope));
    if (beyond >= 0)
      throw invalid({ pointer: `/scopes/${beyond}`, code: 'field.choice', choices: [...permissionsOf(role)].join(', ') });
    if (expiresAt !== null && Date.parse(expiresAt) <= Date.now())
      throw invalid({ pointer: '/expiresAt', code: 'field.past', min: new Date().toISOString() });
    const token = newSecret('flx_');
    const prefix = token.slice(0, PREFIX_LENGTH);
    return this.unit.transaction(async () => {
      const unknown = await this.keys.unknownStore(storeIds ?? []);
      if (unknown !== undefined) throw invalid({ pointer: `/storeIds/${unknown}`, code: 'field.not_found' });
      const id = await this.keys.create({ name, prefix, role, scopes, storeIds, expiresAt }, secretHash(token));
      await this.audit.note('api_key', id, 'created', { name, prefix, role, scopes, storeIds, expiresAt });
      return { ...(await this.get(id)), token };
    });
  }

  /** Again is no error: it is revoked. */
  async revoke(id: string, ifMatch: string): Promise<void> {
    await this.unit.transaction(async () => {
      const row = await this.get(id);
      assertMatch(ifMatch, row);
      if (await this.keys.revoke(id)) await this.audit.note('api_key', id, 'revoked', { name: row.name, prefix: row.prefix });
    });
  }
}
