import { Injectable } from '@nestjs/common';
import { currentScope, runAsTenant, type Actor, type TenantRef } from '../../kernel/database/tenant-context.js';
import { AuditTrail } from '../audit/audit-trail.js';
import { TenantDirectory } from '../tenants/tenant-directory.js';
import { LoginRepository } from './login.repository.js';
import type { Identity } from './identity.repository.js';
import type { Caller } from './session.repository.js';

/** Log-ins and locks in the audit stream of the tenant they happen to. */
@Injectable()
export class LoginJournal {
  constructor(
    private readonly tenants: TenantDirectory,
    private readonly logins: LoginRepository,
    private readonly audit: AuditTrail,
  ) {}

  async loggedIn(identity: Identity, caller: Caller): Promise<void> {
    await this.inTenant(identity, identity.userId, caller, () => this.logins.touch());
  }

  /** Too many wrong passwords: whose owner it is wants to know. */
  async locked(identity: Identity, caller: Caller, failures: number): Promise<void> {
    await this.inTenant(identity, null, caller, () => this.audit.note('user', identity.userId, 'locked', { failures }));
  }

  private async inTenant(identity: Identity, user: string | null, caller: Caller, work: () => Promise<void>): Promise<void> {
    const tenant: TenantRef | undefined = await this.tenants.byId(identity.tenantId);
    const actor: Actor = {
      user,
      role: user ? identity.role : null,
      stores: null,
      via: 'http',
      request: currentScope()?.requestId,
      ip: caller.ip,
      agent: caller.agent,
    };
    if (tenant) await runAsTenant(tenant, actor, work);
  }
}
