import { randomBytes } from 'node:crypto';
import { SigningKeys } from '../../../src/kernel/auth/signing-keys.js';
import { Config } from '../../../src/kernel/config/config.js';
import { DatabaseNotifications } from '../../../src/kernel/database/notifications.js';
import { RegistryDatabase } from '../../../src/kernel/database/registry-database.js';
import { IdempotencyRepository } from '../../../src/kernel/http/idempotency.repository.js';
import { RateLimits } from '../../../src/kernel/http/rate-limits.js';
import { RegistryIdempotencyRepository } from '../../../src/kernel/http/registry-idempotency.repository.js';
import { AuditRepository } from '../../../src/tenancy/audit/audit.repository.js';
import { AuditTrail } from '../../../src/tenancy/audit/audit-trail.js';
import { AccessDirectory } from '../../../src/tenancy/auth/access-directory.js';
import { AccessRepository } from '../../../src/tenancy/auth/access.repository.js';
import { AccessTokens } from '../../../src/tenancy/auth/access-tokens.js';
import { IdentityRepository } from '../../../src/tenancy/auth/identity.repository.js';
import { KeyPrincipals } from '../../../src/tenancy/auth/key-principals.js';
import { LoginJournal } from '../../../src/tenancy/auth/login-journal.js';
import { LoginRepository } from '../../../src/tenancy/auth/login.repository.js';
import { LoginService } from '../../../src/tenancy/auth/login.service.js';
import { PasswordCheck } from '../../../src/tenancy/auth/password-check.js';
import { PasswordHasher } from '../../../src/tenancy/auth/password-hasher.js';
import { RequestAuthenticator } from '../../../src/tenancy/auth/request-authenticator.js';
import { SessionRepository } from '../../../src/tenancy/auth/session.repository.js';
import { SessionService } from '../../../src/tenancy/auth/session.service.js';
import { SessionSweep } from '../../../src/tenancy/auth/session-sweep.js';
import { TenantDirectory } from '../../../src/tenancy/tenants/tenant-directory.js';
import { TenantOperations } from '../../../src/tenancy/tenants/tenant-operations.js';
import { TenantRepository } from '../../../src/tenancy/tenants/tenant.repository.js';
import { UserRepository } from '../../../src/tenancy/users/user.repository.js';
import type { MediumDatabase } from '../../support/medium-database.js';

const SECRET = randomBytes(32);
export const CALLER = { ip: '192.0.2.1', agent: 'jest' };

/** The keys that all processes of one installation share. */
const KEYS = Object.assign(Object.create(SigningKeys.prototype) as SigningKeys, { keys: [{ kid: 'k', secret: SECRET }] });

/** The services of one API process on a medium database: as many as a test wants run side by side. */
export async function startProcess(db: MediumDatabase) {
  const registry = new RegistryDatabase(db.topology, 6);
  const notifications = new DatabaseNotifications(db.topology);
  const config = Object.assign(new Config(), { RATE_LIMITS: false });
  const tenants = new TenantDirectory(new TenantRepository(registry), notifications, new RateLimits(config));
  const accessRepository = new AccessRepository(registry, db.unit);
  const sessionRepository = new SessionRepository(registry);
  const access = new AccessDirectory(accessRepository, tenants, notifications, sessionRepository);
  const tokens = new AccessTokens(KEYS);
  const authenticator = new RequestAuthenticator(tokens, access, tenants, new KeyPrincipals(access, accessRepository));
  const identities = new IdentityRepository(registry);
  const hasher = new PasswordHasher();
  const audit = new AuditTrail(new AuditRepository(db.unit));
  const journal = new LoginJournal(tenants, new LoginRepository(db.unit), audit);
  const sessions = new SessionService(sessionRepository, tokens, access);
  const check = new PasswordCheck(identities, hasher, journal);
  const logins = new LoginService(identities, check, hasher, sessions, journal, tenants);
  await tenants.onModuleInit();
  await access.onModuleInit();
  const users = new UserRepository(db.unit);
  const keys = new IdempotencyRepository(db.unit);
  const sweep = new SessionSweep(sessionRepository, new RegistryIdempotencyRepository(registry), keys, tenants);
  // what it does with a sign-up is seen over HTTP
  const operations = new TenantOperations(new TenantRepository(registry), undefined as never, audit);
  const end = async () => {
    await notifications.end();
    await registry.end();
  };
  return { registry, notifications, tenants, access, authenticator, hasher, sessions, logins, users, sweep, operations, end };
}

export type Process = Awaited<ReturnType<typeof startProcess>>;

/** Asks until the answer is what is wanted; fails after `within` ms. */
export async function eventually(wanted: () => unknown, within = 40_000): Promise<void> {
  const end = performance.now() + within;
  for (;;) {
    const done = await wanted();
    if (done) return;
    if (performance.now() > end) throw new Error(`not so within ${within} ms: ${wanted.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** The code of the problem that a promise rejects with, or 'none'. */
export function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'none',
    (error: { code?: string; constraint?: string }) => error.constraint ?? error.code ?? String(error),
  );
}
