import { Injectable } from '@nestjs/common';
import { runAsTenant } from '../../kernel/database/tenant-context.js';
import { notFound, ProblemError } from '../../kernel/errors/index.js';
import { readDto } from '../../kernel/http/dto-reader.js';
import type { Reading } from '../../kernel/http/field-readers.js';
import { AuditTrail } from '../audit/audit-trail.js';
import { SignUpService } from './sign-up.service.js';
import { SignUpDto, type SignedUpDto } from './tenant.dto.js';
import { TenantRepository, type TenantLine } from './tenant.repository.js';

const OPERATOR = { user: null, role: null, stores: null, via: 'cli' };
const ACTIONS = { active: 'activated', inactive: 'deactivated', suspended: 'suspended' } as const;

/** What whoever operates the platform does with tenants. */
@Injectable()
export class TenantOperations {
  constructor(
    private readonly tenants: TenantRepository,
    private readonly signUps: SignUpService,
    private readonly audit: AuditTrail,
  ) {}

  list(): Promise<TenantLine[]> {
    return this.tenants.list();
  }

  /** @throws ProblemError http.validation_failed, tenancy.slug_taken, tenancy.slug_reserved, users.weak_password */
  create(request: unknown): Promise<SignedUpDto> {
    const reading: Reading = { errors: [], lenient: false };
    const dto = readDto(SignUpDto, request, '', reading);
    if (!dto || reading.errors.length > 0) throw new ProblemError('http.validation_failed', { errors: reading.errors });
    return this.signUps.create(dto);
  }

  /**
   * Lets a tenant in or keeps it out. Every process obeys within a second; its data stays as it is, its jobs wait.
   * @throws ProblemError http.not_found, tenancy.protected
   */
  async setStatus(slug: string, status: keyof typeof ACTIONS): Promise<void> {
    const tenant = await this.tenants.bySlug(slug);
    if (!tenant) throw notFound();
    if (status !== 'active' && (await this.tenants.protection(slug)) === 'protected') throw new ProblemError('tenancy.protected');
    if (!(await this.tenants.setStatus(tenant.id, status))) throw notFound();
    await runAsTenant(tenant, OPERATOR, () =>
      this.audit.note('tenant', tenant.id, ACTIONS[status], { status, before: tenant.status }),
    );
  }
}
