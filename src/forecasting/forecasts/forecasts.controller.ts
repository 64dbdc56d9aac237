import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Permission } from '../../kernel/auth/auth.decorators.js';
import { pageOf, type Page } from '../../kernel/http/page.js';
import { CoverDto, CoverQuery, ForecastDto, ForecastsQuery } from './forecasts.dto.js';
import { ForecastsService } from './forecasts.service.js';

@ApiTags('Forecasts')
@Controller('forecasts')
export class ForecastsController {
  constructor(private readonly forecasts: ForecastsService) {}

  /** Lists the demand that is expected, by day: of each product and store what the newest completed run says, from today on. */
  @Get()
  @Permission('forecasts.read')
  @ApiOkResponse({ type: pageOf(ForecastDto) })
  listForecasts(@Query() query: ForecastsQuery): Promise<Page<ForecastDto>> {
    return this.forecasts.list(query);
  }

  /** Lists how many days the stock lasts at the demand that is expected; what runs out first comes first. */
  @Get('cover')
  @Permission('forecasts.read')
  @ApiOkResponse({ type: pageOf(CoverDto) })
  listCover(@Query() query: CoverQuery): Promise<Page<CoverDto>> {
    return this.forecasts.cover(query);
  }
}
