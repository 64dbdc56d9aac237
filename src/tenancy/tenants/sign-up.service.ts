import { Injectable } from '@nestjs/common';
import { Config } from '../../kernel/config/config.js';
import { TenantFactory, type ProvisionedTenant } from '../../kernel/database/tenant-factory.js';
import { currentScope, runAsTenant } from '../../kernel/database/tenant-context.js';
import { ProblemError, registerConstraints } from '../../kernel/errors/index.js';
import { Events } from '../../kernel/events/events.js';
import { PasswordHasher } from '../auth/password-hasher.js';
import { assertStrong } from '../users/password-policy.js';
import { assertTimeZone } from './own-tenant.service.js';
import type { SignedUpDto, SignUpDto } from './tenant.dto.js';
import { TenantDirectory } from './tenant-directory.js';
import { TenantRepository } from './tenant.repository.js';
import { DEFAULT_SETTINGS } from './tenant-settings.js';

registerConstraints({
  tenants_slug_key: { code: 'tenancy.slug_taken', pointer: '/slug' },
  tenants_schema_name_key: { code: 'tenancy.slug_taken', pointer: '/slug' },
});

/** Two sign-ups of one slug at once: the second finds its schema there. */
const DUPLICATE_SCHEMA = '42P06';

/** Makes tenants. */
@Injectable()
export class SignUpService {
  constructor(
    private readonly factory: TenantFactory,
    private readonly tenants: TenantRepository,
    private readonly directory: TenantDirectory,
    private readonly hasher: PasswordHasher,
    private readonly events: Events,
    private readonly config: Config,
  ) {}

  /**
   * A tenant with its schema and its first administrator, in one transaction: both halves of the person exist, or nothing does. With an
   * Idempotency-Key the answer is noted there too.
   * @throws ProblemError tenancy.sign_up_closed, tenancy.slug_reserved, tenancy.slug_taken, users.weak_password
   */
  async signUp(request: SignUpDto): Promise<SignedUpDto> {
    if (this.config.SIGN_UP === 'closed') throw new ProblemError('tenancy.sign_up_closed');
    return this.create(request);
  }

  /** The same for an operator: also while sign-up is closed. */
  async create({ slug, name, admin, settings = {} }: SignUpDto): Promise<SignedUpDto> {
    assertStrong(admin.password, '/admin/password', { email: admin.email, name: admin.fullName, slug });
    await this.assertFree(slug);
    await assertTimeZone(this.tenants, settings.timezone);
    const passwordHash = await this.hasher.hash(admin.password);
    const { email, fullName } = admin;
    const answerOf = ({ id, adminId }: ProvisionedTenant): SignedUpDto => ({ id, slug, name, status: 'active', adminId });
    const note = currentScope()?.noteAnswer;
    const made = await this.factory
      .create(
        { slug, name, settings: Object.assign({}, DEFAULT_SETTINGS, settings) },
        { email, fullName, passwordHash },
        note && ((client, tenant) => note(client, answerOf(tenant))),
      )
      .catch((error: unknown) => {
        throw (error as { code?: unknown }).code === DUPLICATE_SCHEMA ? slugTaken() : error;
      });
    await this.announce(made);
    return answerOf(made);
  }

  private async assertFree(slug: string): Promise<void> {
    if ((await this.tenants.protection(slug)) === 'reserved') {
      throw new ProblemError('tenancy.slug_reserved', { errors: [{ pointer: '/slug', code: 'field.taken' }] });
    }
    if (await this.directory.bySlug(slug)) throw slugTaken();
  }

  private async announce({ id, slug }: ProvisionedTenant): Promise<void> {
    const tenant = await this.tenants.byId(id);
    const actor = { user: null, role: null, stores: null, via: 'sign-up' };
    if (tenant) await runAsTenant(tenant, actor, () => this.events.emit('tenant.created', { slug }));
  }
}

function slugTaken(): ProblemError {
  return new ProblemError('tenancy.slug_taken', { errors: [{ pointer: '/slug', code: 'field.taken' }] });
}
