import { Body, Controller, Delete, Get, HttpCode, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Permission } from '../../kernel/auth/auth.decorators.js';
import { BodyExamples, IdempotentPost, Problems, Tagged } from '../../kernel/http/operations.js';
import { pageOf, type Page } from '../../kernel/http/page.js';
import { Id, IfMatch } from '../../kernel/http/parameters.js';
import { EXAMPLE_ID } from '../../kernel/openapi/example-ids.js';
import { CalendarDayDto, CalendarQuery, CreateCalendarDayDto } from './calendar.dto.js';
import { CalendarService } from './calendar.service.js';

@ApiTags('Forecasts')
@Controller('calendar-days')
export class CalendarController {
  constructor(private readonly calendar: CalendarService) {}

  /** Lists promotions, planned prices, holidays and closed days, by date. */
  @Get()
  @Permission('forecasts.read')
  @ApiOkResponse({ type: pageOf(CalendarDayDto) })
  listCalendarDays(@Query() query: CalendarQuery): Promise<Page<CalendarDayDto>> {
    return this.calendar.list(query);
  }

  /** Reads one calendar day. */
  @Get(':id')
  @Permission('forecasts.read')
  @Tagged()
  @ApiOkResponse({ type: CalendarDayDto })
  getCalendarDay(@Id() id: string): Promise<CalendarDayDto> {
    return this.calendar.get(id);
  }

  /** Adds a promotion, a planned price, a holiday or a closed day. The next forecast run takes it into account. */
  @IdempotentPost()
  @BodyExamples(CreateCalendarDayDto, {
    holiday: { date: '2035-12-24', kind: 'holiday', name: 'Nochebuena' },
    promotion: { date: '2035-12-24', kind: 'promotion', storeId: EXAMPLE_ID, productId: EXAMPLE_ID, value: '1' },
  })
  @Permission('forecasts.write')
  @Problems('http.duplicate', 'auth.all_stores_required')
  @ApiCreatedResponse({ type: CalendarDayDto })
  addCalendarDay(@Body() body: CreateCalendarDayDto): Promise<CalendarDayDto> {
    return this.calendar.create(body);
  }

  /** Removes a calendar day. */
  @Delete(':id')
  @HttpCode(204)
  @Permission('forecasts.write')
  @Problems('auth.all_stores_required')
  @ApiNoContentResponse()
  removeCalendarDay(@Id() id: string, @IfMatch() ifMatch: string): Promise<void> {
    return this.calendar.delete(id, ifMatch);
  }
}
