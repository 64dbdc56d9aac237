import { Global, Module } from '@nestjs/common';
import { AUTHENTICATOR } from '../kernel/auth/authenticator.js';
import { TenantFactory } from '../kernel/database/tenant-factory.js';
import { DATABASE_TOPOLOGY, type DatabaseTopology } from '../kernel/database/topology.js';
import { TENANT_DIRECTORY } from '../kernel/jobs/tenant-directory.js';
import { ApiKeyRepository } from './api-keys/api-key.repository.js';
import { ApiKeyService } from './api-keys/api-key.service.js';
import { ApiKeysController } from './api-keys/api-keys.controller.js';
import { AuditController } from './audit/audit.controller.js';
import { AuditRepository } from './audit/audit.repository.js';
import { AuditTrail } from './audit/audit-trail.js';
import { AccessDirectory } from './auth/access-directory.js';
import { AccessRepository } from './auth/access.repository.js';
import { AccessTokens } from './auth/access-tokens.js';
import { AuthController } from './auth/auth.controller.js';
import { IdentityRepository } from './auth/identity.repository.js';
import { KeyPrincipals } from './auth/key-principals.js';
import { LoginJournal } from './auth/login-journal.js';
import { LoginRepository } from './auth/login.repository.js';
import { LoginService } from './auth/login.service.js';
import { MeController } from './auth/me.controller.js';
import { MeService } from './auth/me.service.js';
import { OwnSessions } from './auth/own-sessions.js';
import { PasswordCheck } from './auth/password-check.js';
import { PasswordHasher } from './auth/password-hasher.js';
import { RequestAuthenticator } from './auth/request-authenticator.js';
import { SessionRepository } from './auth/session.repository.js';
import { SessionService } from './auth/session.service.js';
import { SessionSweep } from './auth/session-sweep.js';
import { TenancyExamplesRepository } from './tenancy-examples.repository.js';
import { OwnTenantController } from './tenants/own-tenant.controller.js';
import { OwnTenantRepository } from './tenants/own-tenant.repository.js';
import { OwnTenantService } from './tenants/own-tenant.service.js';
import { SignUpController } from './tenants/sign-up.controller.js';
import { SignUpService } from './tenants/sign-up.service.js';
import { SparePool } from './tenants/spare-pool.js';
import { TenantDirectory } from './tenants/tenant-directory.js';
import { TenantOperations } from './tenants/tenant-operations.js';
import { TenantRepository } from './tenants/tenant.repository.js';
import { UserRepository } from './users/user.repository.js';
import { UserService } from './users/user.service.js';
import { UsersController } from './users/users.controller.js';

/** Tenants, people and their ways in: what every other room stands on. */
@Global()
@Module({
  controllers: [
    SignUpController,
    OwnTenantController,
    AuthController,
    MeController,
    UsersController,
    ApiKeysController,
    AuditController,
  ],
  providers: [
    {
      provide: TenantFactory,
      useFactory: (topology: DatabaseTopology) => new TenantFactory(topology),
      inject: [DATABASE_TOPOLOGY],
    },
    SparePool,
    { provide: TENANT_DIRECTORY, useExisting: TenantDirectory },
    { provide: AUTHENTICATOR, useExisting: RequestAuthenticator },
    TenantRepository,
    TenantDirectory,
    SignUpService,
    TenantOperations,
    OwnTenantRepository,
    OwnTenantService,
    AuditRepository,
    AuditTrail,
    AccessRepository,
    AccessDirectory,
    AccessTokens,
    KeyPrincipals,
    RequestAuthenticator,
    IdentityRepository,
    LoginRepository,
    LoginJournal,
    LoginService,
    PasswordHasher,
    PasswordCheck,
    SessionRepository,
    SessionService,
    SessionSweep,
    OwnSessions,
    MeService,
    UserRepository,
    UserService,
    ApiKeyRepository,
    ApiKeyService,
    TenancyExamplesRepository,
  ],
  exports: [AUTHENTICATOR, TENANT_DIRECTORY, TenantDirectory, AuditTrail, TenantOperations],
})
export class TenancyModule {}
