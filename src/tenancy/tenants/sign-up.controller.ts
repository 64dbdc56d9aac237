import { Body, Controller, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Public } from '../../kernel/auth/auth.decorators.js';
import { BodyExamples, IdempotentPost, Problems } from '../../kernel/http/operations.js';
import { RateLimits } from '../../kernel/http/rate-limits.js';
import { SignUpService } from './sign-up.service.js';
import { SignedUpDto, SignUpDto } from './tenant.dto.js';

@ApiTags('Tenants')
@Controller('tenants')
export class SignUpController {
  constructor(
    private readonly service: SignUpService,
    private readonly limits: RateLimits,
  ) {}

  /**
   * Signs a business up.
   * @remarks It gets a database schema of its own and its first administrator, who can log in at once.
   */
  @IdempotentPost()
  @BodyExamples(SignUpDto, {
    shop: {
      slug: 'bodega-ana',
      name: 'Bodega Ana, C.A.',
      admin: { email: 'ana@bodega-ana.example', password: 'cuatro-palabras-nada-comunes', fullName: 'Ana Pérez' },
    },
  })
  @Public()
  @ApiCreatedResponse({ type: SignedUpDto })
  @Problems('tenancy.slug_taken', 'tenancy.slug_reserved', 'tenancy.sign_up_closed', 'users.weak_password')
  @ApiCreatedResponse({ type: SignedUpDto })
  signUpTenant(@Body() body: SignUpDto, @Req() request: FastifyRequest): Promise<SignedUpDto> {
    this.limits.assertSignUp(request.ip);
    return this.service.signUp(body);
  }
}
