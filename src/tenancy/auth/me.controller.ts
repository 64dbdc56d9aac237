import { Body, Controller, Get, HttpCode, Patch, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { AnyRole } from '../../kernel/auth/auth.decorators.js';
import { BodyExamples, Problems, Tagged } from '../../kernel/http/operations.js';
import { IfMatch } from '../../kernel/http/parameters.js';
import { ChangePasswordDto, MeDto, UpdateMeDto } from './auth.dto.js';
import { callerOf } from './caller.js';
import { MeService } from './me.service.js';
import { OwnSessions } from './own-sessions.js';

@ApiTags('Authentication')
@Controller('me')
export class MeController {
  constructor(
    private readonly me: MeService,
    private readonly sessions: OwnSessions,
  ) {}

  /** Shows the caller: who, of which tenant, with which role, stores and permissions. */
  @Get()
  @Tagged()
  @AnyRole()
  getMe(): Promise<MeDto> {
    return this.me.get();
  }

  /** Changes the caller's own profile. */
  @Patch()
  @BodyExamples(UpdateMeDto, { language: { timezone: 'America/Caracas', preferences: { locale: 'es' } } })
  @Tagged()
  @AnyRole()
  @Problems('users.username_taken', 'http.precondition_failed')
  updateMe(@IfMatch() ifMatch: string, @Body() body: UpdateMeDto): Promise<MeDto> {
    return this.me.update(ifMatch, body);
  }

  /**
   * Changes the caller's own password.
   * @remarks Every other session of the person ends; the one that asks goes on.
   */
  @Post('password')
  @BodyExamples(ChangePasswordDto, {
    withYourOwnPassword: { currentPassword: 'la-de-hasta-ahora', newPassword: 'cuatro-palabras-nada-comunes' },
  })
  @HttpCode(204)
  @AnyRole()
  @Problems('auth.wrong_password', 'auth.locked', 'auth.person_required', 'users.weak_password')
  async changePassword(@Body() body: ChangePasswordDto, @Req() request: FastifyRequest): Promise<void> {
    await this.me.changePassword(await this.sessions.of(request), body, callerOf(request));
  }
}
