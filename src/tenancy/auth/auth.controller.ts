import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { AnyRole, Public } from '../../kernel/auth/auth.decorators.js';
import { requestedTenant } from '../../kernel/auth/requested-tenant.js';
import { Config } from '../../kernel/config/config.js';
import { BodyExamples, Problems } from '../../kernel/http/operations.js';
import { RateLimits } from '../../kernel/http/rate-limits.js';
import { DEMO_TENANT, DEMO_VIEWER } from '../../kernel/runtime/demo-login.js';
import { LoginDto, LogoutDto, RefreshDto, TokenPairDto } from './auth.dto.js';
import { callerOf } from './caller.js';
import { LoginService } from './login.service.js';
import { OwnSessions } from './own-sessions.js';
import { SessionService } from './session.service.js';

@ApiTags('Authentication')
@Controller('auth')
export class AuthController {
  constructor(
    private readonly logins: LoginService,
    private readonly sessions: SessionService,
    private readonly own: OwnSessions,
    private readonly limits: RateLimits,
    private readonly config: Config,
  ) {}

  /**
   * Opens a session with e-mail and password.
   * @remarks An e-mail of several tenants gets 409 `auth.choose_tenant` with `tenants`: repeat with `tenant`. Five wrong passwords in a row lock for 30 s, each further one for twice as long, 15 minutes at most.
   */
  @Post('login')
  @BodyExamples(LoginDto, { demoViewer: { ...DEMO_VIEWER, tenant: DEMO_TENANT } })
  @HttpCode(200)
  @Public()
  @Problems(
    'auth.invalid_credentials',
    'auth.choose_tenant',
    'auth.locked',
    'auth.user_inactive',
    'tenancy.suspended',
    'tenancy.mismatch',
  )
  async logIn(@Body() body: LoginDto, @Req() request: FastifyRequest): Promise<TokenPairDto> {
    const caller = callerOf(request);
    this.limits.assertLogIn(caller.ip, body.email);
    const pair = await this.logins.logIn(body, requestedTenant(request, this.config.TENANT_DOMAIN), caller);
    this.limits.forgiveLogIn(caller.ip, body.email);
    return pair;
  }

  /**
   * Exchanges the newest refresh token for a new pair.
   * @remarks One that was used before ends its whole session: it was stolen.
   */
  @Post('refresh')
  @BodyExamples(RefreshDto, { withTheTokenOfYourLogIn: { refreshToken: `flxr_${'0'.repeat(48)}` } })
  @HttpCode(200)
  @Public()
  @Problems('auth.invalid_refresh_token', 'auth.refresh_reused', 'auth.user_inactive', 'tenancy.suspended')
  refreshSession(@Body() body: RefreshDto, @Req() request: FastifyRequest): Promise<TokenPairDto> {
    return this.sessions.refresh(body.refreshToken, callerOf(request));
  }

  /**
   * Ends the session of the access token.
   * @remarks The access token and its refresh token stop working at once.
   */
  @Post('logout')
  @BodyExamples(LogoutDto, { thisSession: { everywhere: false } })
  @HttpCode(204)
  @AnyRole()
  @Problems('auth.person_required')
  logOut(@Body() body: LogoutDto, @Req() request: FastifyRequest): Promise<void> {
    return this.own.end(request, body);
  }
}
