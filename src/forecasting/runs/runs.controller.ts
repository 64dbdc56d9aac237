import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Permission } from '../../kernel/auth/auth.decorators.js';
import { BodyExamples, IdempotentPost, Problems, Tagged } from '../../kernel/http/operations.js';
import { pageOf, type Page } from '../../kernel/http/page.js';
import { Id } from '../../kernel/http/parameters.js';
import { EXAMPLE_ID } from '../../kernel/openapi/example-ids.js';
import { ForecastRunDto, RunsQuery, StartedRunDto, StartRunDto } from './runs.dto.js';
import { RunsService } from './runs.service.js';

@ApiTags('Forecasts')
@Controller('forecasts/runs')
export class RunsController {
  constructor(private readonly runs: RunsService) {}

  /** Starts a forecast of everything that sold in the last 1,095 days, or of one store or some products. One run at a time. */
  @IdempotentPost('', 202)
  @BodyExamples(StartRunDto, { oneStore: { horizonDays: 28, storeId: EXAMPLE_ID } })
  @Permission('forecasts.write')
  @Problems('forecasts.run_in_progress', 'forecasts.too_little_history')
  @ApiAcceptedResponse({ type: StartedRunDto })
  startForecastRun(@Body() body: StartRunDto): Promise<StartedRunDto> {
    return this.runs.start(body);
  }

  /**
   * Stops a forecast run. Batches that are being worked on are given up within seconds; what was stored of it never comes into force, and
   * the forecasts that are in force stay. A run that has ended already is answered as it is.
   */
  @Post(':id/cancel')
  @HttpCode(200)
  @Permission('forecasts.write')
  @Problems('auth.all_stores_required')
  @ApiOkResponse({ type: ForecastRunDto })
  cancelForecastRun(@Id() id: string): Promise<ForecastRunDto> {
    return this.runs.cancel(id);
  }

  /** Lists forecast runs, newest first. */
  @Get()
  @Permission('forecasts.read')
  @ApiOkResponse({ type: pageOf(ForecastRunDto) })
  listForecastRuns(@Query() query: RunsQuery): Promise<Page<ForecastRunDto>> {
    return this.runs.list(query);
  }

  /** Reads one forecast run: how far it is, and how good. */
  @Get(':id')
  @Permission('forecasts.read')
  @Tagged()
  @ApiOkResponse({ type: ForecastRunDto })
  getForecastRun(@Id() id: string): Promise<ForecastRunDto> {
    return this.runs.get(id);
  }
}
