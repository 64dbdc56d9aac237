import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Permission } from '../../kernel/auth/auth.decorators.js';
import { assertStoreAllowed, storeScope } from '../../kernel/auth/store-scope.js';
import { tenantScope } from '../../kernel/database/tenant-context.js';
import { invalid } from '../../kernel/errors/problem-error.js';
import { addDays, daysBetween, localDateOf } from '../../kernel/time/zone.js';
import { InventoryFacade } from '../../inventory/index.js';
import { SalesReportDto, SalesReportQuery } from './sales-report.dto.js';
import { SalesReportRepository } from './sales-report.repository.js';

const DEFAULT_DAYS = 29;
const LONGEST = 800;

@ApiTags('Reports')
@Controller('reports')
export class ReportsController {
  constructor(
    private readonly reports: SalesReportRepository,
    private readonly inventory: InventoryFacade,
  ) {}

  /** Sums completed sales of a period by day, store or product. */
  @Get('sales')
  @Permission('reports.read')
  @ApiOkResponse({ type: SalesReportDto })
  async summarizeSales(@Query() { from, to, groupBy, storeId, limit }: SalesReportQuery): Promise<SalesReportDto> {
    if (storeId) assertStoreAllowed(storeId);
    const last = to ?? localDateOf(new Date(), tenantScope().tenant.settings.timezone);
    const first = from ?? addDays(last, -DEFAULT_DAYS);
    if (first > last) throw invalid({ pointer: '/to', code: 'field.range' });
    if (daysBetween(first, last) > LONGEST) throw invalid({ pointer: '/from', code: 'field.past', min: addDays(last, -LONGEST) });
    const data = await this.reports.summarize(groupBy, { from: first, to: last }, storeId ? [storeId] : storeScope(), limit);
    if (groupBy !== 'product') return { from: first, to: last, data };
    const names = await this.inventory.productNames(data.map((row) => row.key));
    return {
      from: first,
      to: last,
      data: data.map((row) => ({ ...row, label: Object.values(names.get(row.key) ?? {}).join(' ') })),
    };
  }
}
