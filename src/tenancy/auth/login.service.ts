import { Injectable } from '@nestjs/common';
import { ProblemError } from '../../kernel/errors/index.js';
import { TenantDirectory } from '../tenants/tenant-directory.js';
import type { LoginDto } from './auth.dto.js';
import { IdentityRepository, type Identity } from './identity.repository.js';
import { LoginJournal } from './login-journal.js';
import { PasswordCheck } from './password-check.js';
import { PasswordHasher } from './password-hasher.js';
import type { Caller } from './session.repository.js';
import { SessionService, type TokenPair } from './session.service.js';
import { StrangerLockout } from './stranger-lockout.js';

/** Log-in with e-mail and password. */
@Injectable()
export class LoginService {
  private readonly strangers = new StrangerLockout();

  constructor(
    private readonly identities: IdentityRepository,
    private readonly check: PasswordCheck,
    private readonly hasher: PasswordHasher,
    private readonly sessions: SessionService,
    private readonly journal: LoginJournal,
    private readonly tenants: TenantDirectory,
  ) {}

  /**
   * Opens a session. Takes as long for an e-mail that nobody has as for a wrong password.
   * @param requested tenant named by X-Tenant or subdomain; must agree with the body's
   * @throws ProblemError auth.invalid_credentials, auth.locked, auth.choose_tenant (with `tenants`), auth.user_inactive,
   *   tenancy.suspended, tenancy.mismatch
   */
  async logIn({ email, password, tenant }: LoginDto, requested: string | undefined, caller: Caller): Promise<TokenPair> {
    const named = await this.agreed(tenant, requested);
    const candidates = await this.identities.byEmail(email, named);
    if (candidates.length === 0) return this.refuseStranger(email, named, password);
    const identity = chosen(await this.check.matching(candidates, password, caller));
    await this.journal.loggedIn(identity, caller);
    return this.sessions.open(identity, caller);
  }

  private async refuseStranger(email: string, tenant: string | undefined, password: string): Promise<never> {
    const seconds = this.strangers.attempt(email, tenant);
    if (seconds > 0) throw new ProblemError('auth.locked', { retryAfter: seconds });
    await this.hasher.verify(undefined, password);
    throw new ProblemError('auth.invalid_credentials');
  }

  /** One name for the tenant out of the two places where it may stand. */
  private async agreed(given: string | undefined, requested: string | undefined): Promise<string | undefined> {
    if (given === undefined || requested === undefined || given === requested) return given ?? requested;
    const [one, other] = await Promise.all([given, requested].map((name) => this.tenants.find(name)));
    if (!one || one.id !== other?.id) throw new ProblemError('tenancy.mismatch');
    return one.id;
  }
}

/** The one of those with the right password who may come in. */
function chosen(matches: Identity[]): Identity {
  const [first] = matches;
  if (!first) throw new ProblemError('auth.invalid_credentials');
  const usable = matches.filter(({ isActive, tenantStatus }) => isActive && tenantStatus === 'active');
  const [only, another] = usable;
  if (another) {
    const tenants = usable.map(({ slug, tenantName }) => ({ slug, name: tenantName }));
    throw new ProblemError('auth.choose_tenant', { extra: { tenants } });
  }
  if (only) return only;
  throw new ProblemError(first.isActive ? 'tenancy.suspended' : 'auth.user_inactive');
}
