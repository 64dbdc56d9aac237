import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Permission } from '../../kernel/auth/auth.decorators.js';
import { assertAllStores } from '../../kernel/auth/store-scope.js';
import { CursorCodec } from '../../kernel/http/cursor-codec.js';
import { Problems } from '../../kernel/http/operations.js';
import { pageOf, type Page } from '../../kernel/http/page.js';
import { invalid } from '../../kernel/errors/index.js';
import { AuditEventDto, AuditQuery } from './audit.dto.js';
import { auditWindow, LONGEST_DAYS } from './audit-window.js';
import { AuditRepository, type AuditEventRow } from './audit.repository.js';

const OPERATION = 'listAuditEvents';

@ApiTags('Audit')
@Controller('audit-events')
export class AuditController {
  constructor(
    private readonly events: AuditRepository,
    private readonly cursors: CursorCodec,
  ) {}

  /**
   * Lists who changed what, newest first.
   * @remarks The last 30 days unless `from` and `to` say otherwise, and never more than 366 days at once.
   */
  @Get()
  @Permission('audit.read')
  @Problems('auth.all_stores_required')
  @ApiOkResponse({ type: pageOf(AuditEventDto) })
  async listAuditEvents(@Query() query: AuditQuery): Promise<Page<AuditEventDto>> {
    // the trail is the whole company's: what it says of a store cannot be told from the rest
    assertAllStores();
    const { limit, cursor, from, to, ...filter } = query;
    const window = auditWindow(from, to, new Date());
    if (!window) throw invalid({ pointer: '/to', code: 'field.range', days: LONGEST_DAYS });
    const after = this.cursors.after(OPERATION, cursor) as [string, string] | undefined;
    const rows = await this.events.list({ ...filter, ...window }, after, limit);
    const page = this.cursors.page(OPERATION, rows, limit, (last) => [last.position, last.id]);
    return { ...page, data: page.data.map(withoutPosition) };
  }
}

function withoutPosition(row: AuditEventRow): AuditEventDto {
  const event: AuditEventDto & { position?: string } = { ...row };
  delete event.position;
  return event;
}
