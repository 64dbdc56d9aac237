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

  /**
   * Streams alerts as server-sent events, each with the whole alert as data: `alert` when it was raised, `alert.changed` when it was
   * acknowledged, ended (by a person or by itself) or assessed again. One that has changed before it was sent comes as `alert.changed` alone:
   * put what comes in the place of the alert with the same id. Last-Event-ID continues after an interruption: nothing is lost, also what
   * was committed late, and an event may come twice (at least once). The stream ends when the token does or when what the caller may see
   * changes (role, stores, suspension): connect again.
   */
  @Get('stream')
  @Permission('alerts.read')
  @Problems('http.validation_failed')
  @ApiProduces('text/event-stream')
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description:
      'Id of the last event that was received. The id of an alert does too: what has changed since ten minutes before it was raised.',
    schema: { type: 'string', maxLength: 60 },
  })
  @ApiOkResponse({ description: 'A stream that stays open.', schema: { type: 'string', maxLength: 1_000_000 } })
  async streamAlerts(@Res() reply: FastifyReply, @Headers('last-event-id') lastEventId?: string): Promise<void> {
    const scope = storeScope();
    await this.live.stream(reply, {
      types: ['alert.raised', 'alert.changed'],
      ...(lastEventId === undefined ? {} : { lastEventId }),
      after: async (position, from, limit) => {
        const states = await this.repository.changes(position, from, scope, limit);
        return states.map(({ changeId: id, ...data }) => ({ id, event: id === data.id ? 'alert' : 'alert.changed', data }));
      },
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

  /** Marks an alert as seen. It still resolves by itself when its condition no longer holds. */
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
