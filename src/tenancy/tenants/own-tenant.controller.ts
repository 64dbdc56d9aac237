import { Body, Controller, Get, Patch } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AnyRole, Permission } from '../../kernel/auth/auth.decorators.js';
import { BodyExamples, Problems, Tagged } from '../../kernel/http/operations.js';
import { IfMatch } from '../../kernel/http/parameters.js';
import { OwnTenantService } from './own-tenant.service.js';
import { TenantDto, UpdateTenantDto } from './tenant.dto.js';

@ApiTags('Tenants')
@Controller('tenant')
export class OwnTenantController {
  constructor(private readonly tenants: OwnTenantService) {}

  /** Shows the caller's tenant: name, plan, status and settings. */
  @Get()
  @Tagged()
  @AnyRole()
  getTenant(): Promise<TenantDto> {
    return this.tenants.get();
  }

  /**
   * Changes name or settings of the caller's tenant.
   * @remarks What is absent stays. Every process works by the new settings within a second.
   */
  @Patch()
  @BodyExamples(UpdateTenantDto, { settings: { settings: { secondCurrency: 'VES', specialTaxpayer: false } } })
  @Tagged()
  @Permission('settings.write')
  @Problems('http.precondition_failed', 'http.precondition_required')
  updateTenant(@IfMatch() ifMatch: string, @Body() body: UpdateTenantDto): Promise<TenantDto> {
    return this.tenants.update(ifMatch, body);
  }
}
