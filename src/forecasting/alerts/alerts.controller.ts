import { Controller, Get, Headers, HttpCode, Post, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Permission } from '../../kernel/auth/auth.decorators.js';
import { storeScope } from '../../kernel/auth/store-scope.js';
import { LiveEvents } from '../../kernel/events/live-events.js';
import { Problems, Tagged } from '../../kernel/http/operations.js';
import { pageOf, type Page } from '../../kernel/http/page.js';
import { Id } from '../../kernel/http/parameters.js';
import { AlertDto, AlertsQuery } from './alerts.dto.js';
import { AlertsRepository } from './alerts.repository.js';
import { AlertsService } from './alerts.service.js';

@ApiTags('Alerts')
@Controller('alerts')
export class AlertsController {
  constructor(
    private readonly alerts: AlertsService,
    private readonly repository: AlertsRepository,
    private readonly live: LiveEvents,
  ) {}

  /** Lists alerts, newest first. */
  @Get()
  @Permission('alerts.read')
  @ApiOkResponse({ type: pageOf(AlertDto) })
  listAlerts(@Query() query: AlertsQuery): Promise<Page<AlertDto>> {
    return this.alerts.list(query);
  }

  /** Streams alerts as they are raised (server-sent events `alert`; id = the alert's id). Last-Event-ID continues after an interruption. */
  @Get('stream')
  @Permission('alerts.read')
  @ApiProduces('text/event-stream')
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'Id of the last alert that was received: later ones are sent first.',
    schema: { type: 'string', format: 'uuid', maxLength: 36 },
  })
  @ApiOkResponse({ description: 'A stream that stays open.', schema: { type: 'string', maxLength: 1_000_000 } })
  async streamAlerts(@Res() reply: FastifyReply, @Headers('last-event-id') lastEventId?: string): Promise<void> {
    const scope = storeScope();
    await this.live.stream(reply, {
      types: ['alert.raised'],
      ...(lastEventId === undefined ? {} : { lastEventId }),
      after: async (id, limit) =>
        (await this.repository.after(id, scope, limit)).map((data) => ({ id: data.id, event: 'alert', data })),
    });
  }

  /** Reads one alert. */
  @Get(':id')
  @Permission('alerts.read')
  @Tagged()
  @ApiOkResponse({ type: AlertDto })
  getAlert(@Id() id: string): Promise<AlertDto> {
    return this.alerts.get(id);
  }

  /** Marks an alert as seen. It still resolves by itself when stock recovers. */
  @Post(':id/acknowledge')
  @HttpCode(200)
  @Permission('alerts.write')
  @Problems('alerts.invalid_transition')
  @ApiOkResponse({ type: AlertDto })
  acknowledgeAlert(@Id() id: string): Promise<AlertDto> {
    return this.alerts.acknowledge(id);
  }

  /** Ends an alert as handled. */
  @Post(':id/resolve')
  @HttpCode(200)
  @Permission('alerts.write')
  @Problems('alerts.invalid_transition')
  @ApiOkResponse({ type: AlertDto })
  resolveAlert(@Id() id: string): Promise<AlertDto> {
    return this.alerts.resolve(id);
  }

  /** Ends an alert as not worth acting on. */
  @Post(':id/dismiss')
  @HttpCode(200)
  @Permission('alerts.write')
  @Problems('alerts.invalid_transition')
  @ApiOkResponse({ type: AlertDto })
  dismissAlert(@Id() id: string): Promise<AlertDto> {
    return this.alerts.dismiss(id);
  }
}
