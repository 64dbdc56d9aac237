import { Body, Controller, Delete, Get, HttpCode, Patch, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Permission } from '../../kernel/auth/auth.decorators.js';
import { BodyExamples, IdempotentPost, Problems, Tagged } from '../../kernel/http/operations.js';
import { pageOf, type Page } from '../../kernel/http/page.js';
import { Id, IfMatch } from '../../kernel/http/parameters.js';
import { EXAMPLE_ID } from '../../kernel/openapi/example-ids.js';
import {
  AddedHolidaysDto,
  AddHolidaysDto,
  CalendarDayDto,
  CalendarQuery,
  CalendarSpanDto,
  CreateCalendarDayDto,
  CreateCalendarSpanDto,
  UpdateCalendarDayDto,
} from './calendar.dto.js';
import { CalendarService } from './calendar.service.js';
import { HolidaysService } from './holidays.service.js';

@ApiTags('Forecasts')
@Controller('calendar-days')
export class CalendarController {
  constructor(
    private readonly calendar: CalendarService,
    private readonly holidays: HolidaysService,
  ) {}

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

  /** Adds the same for each day of a span, all or none: a promotion of a week, a month of another price, days on which the store is closed. */
  @IdempotentPost('spans')
  @BodyExamples(CreateCalendarSpanDto, {
    promotion: {
      from: '2035-11-20',
      to: '2035-11-30',
      kind: 'promotion',
      storeId: EXAMPLE_ID,
      productId: EXAMPLE_ID,
      name: 'Semana aniversario',
    },
  })
  @Permission('forecasts.write')
  @Problems('http.duplicate', 'auth.all_stores_required')
  @ApiCreatedResponse({ type: CalendarSpanDto })
  async addCalendarSpan(@Body() body: CreateCalendarSpanDto): Promise<CalendarSpanDto> {
    return { days: await this.calendar.createSpan(body) };
  }

  /**
   * Puts the national holidays of a country and year into the calendar, those that it does not have yet. They are holidays and not closed
   * days: change or remove them as your stores keep them. A company whose time zone is the country's has those of this and the next year
   * without asking.
   */
  @IdempotentPost('holidays', 200)
  @BodyExamples(AddHolidaysDto, { venezuela: { country: 'VE', year: 2034 } })
  @Permission('forecasts.write')
  @Problems('auth.all_stores_required')
  @ApiOkResponse({ type: AddedHolidaysDto })
  addNationalHolidays(@Body() body: AddHolidaysDto): Promise<AddedHolidaysDto> {
    return this.holidays.add(body);
  }

  /** Changes the day, value or name. What it is and for whom does not change: remove it and add another one. */
  @Patch(':id')
  @BodyExamples(UpdateCalendarDayDto, { example: { name: 'Se abre hasta el mediodía' } })
  @Permission('forecasts.write')
  @Tagged()
  @Problems('http.duplicate', 'auth.all_stores_required')
  @ApiOkResponse({ type: CalendarDayDto })
  updateCalendarDay(@Id() id: string, @IfMatch() ifMatch: string, @Body() body: UpdateCalendarDayDto): Promise<CalendarDayDto> {
    return this.calendar.update(id, ifMatch, body);
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
