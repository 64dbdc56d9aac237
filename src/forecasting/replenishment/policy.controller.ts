import { Body, Controller, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Permission } from '../../kernel/auth/auth.decorators.js';
import { BodyExamples, Problems, Tagged } from '../../kernel/http/operations.js';
import { IfMatch } from '../../kernel/http/parameters.js';
import { EXAMPLE_ID } from '../../kernel/openapi/example-ids.js';
import { WhatIfAnswerDto, WhatIfDto } from './calculation.dto.js';
import { AppliedReorderPointsDto, ApplyReorderPointsDto, PolicyDto, PolicyQuery, UpdatePolicyDto } from './policy.dto.js';
import { PolicyService } from './policy.service.js';

const PLACE = { productId: EXAMPLE_ID, storeId: EXAMPLE_ID };

@ApiTags('Replenishment')
@Controller('replenishment')
export class PolicyController {
  constructor(private readonly policies: PolicyService) {}

  /**
   * Reads the rules of replenishment: of the company, of a product, or of a product in a store. There it also tells every parameter in force
   * with where it comes from, and the reorder point that comes of them beside the one that alerts go by.
   */
  @Get('policy')
  @Permission('purchasing.read')
  @Tagged()
  @Problems('http.not_found')
  @ApiOkResponse({ type: PolicyDto })
  getReplenishmentPolicy(@Query() query: PolicyQuery): Promise<PolicyDto> {
    return this.policies.get(query);
  }

  /** Changes the rules of the company, of a product, or of a product in a store; null takes the less particular rule again. */
  @Patch('policy')
  @BodyExamples(UpdatePolicyDto, { ofTheCompany: { coverDays: 7, holdingCostPercent: 25, reviewDays: 1 } })
  @Permission('purchasing.write')
  @Tagged()
  @Problems('auth.all_stores_required', 'http.not_found')
  @ApiOkResponse({ type: PolicyDto })
  updateReplenishmentPolicy(
    @Query() query: PolicyQuery,
    @IfMatch() ifMatch: string,
    @Body() body: UpdatePolicyDto,
  ): Promise<PolicyDto> {
    return this.policies.update(query, ifMatch, body);
  }

  /** Computes levels and order of a product in a store by other rules, beside those in force. Nothing is saved. */
  @Post('what-if')
  @HttpCode(200)
  @BodyExamples(WhatIfDto, {
    surer: { ...PLACE, serviceLevel: 0.98 },
    promotion: { ...PLACE, promotionFactor: 1.5, leadTimeDays: 5 },
  })
  @Permission('purchasing.read')
  @Problems('forecasts.too_little_history', 'http.not_found')
  @ApiOkResponse({ type: WhatIfAnswerDto })
  computeWhatIf(@Body() body: WhatIfDto): Promise<WhatIfAnswerDto> {
    return this.policies.whatIf(body);
  }

  /** Takes the computed reorder points as those that low-stock alerts go by, each for its store. */
  @Post('reorder-points/apply')
  @HttpCode(200)
  @BodyExamples(ApplyReorderPointsDto, { example: { items: [PLACE] } })
  @Permission('inventory.write')
  @Problems('forecasts.too_little_history', 'http.not_found')
  @ApiOkResponse({ type: AppliedReorderPointsDto })
  applyReorderPoints(@Body() body: ApplyReorderPointsDto): Promise<AppliedReorderPointsDto> {
    return this.policies.apply(body);
  }
}
