import { OmitType } from '@nestjs/swagger';
import { Choice, Count, Decimal, Instant, ListOf, LocalDate, Text, Uuid } from '../../kernel/http/fields.js';
import { UNIT_COST } from '../../kernel/http/decimal.js';
import { PageQuery } from '../../kernel/http/page.dto.js';
import { HOLIDAY_COUNTRIES, type HolidayCountry } from '../../kernel/holidays/national-holidays.js';

export const CALENDAR_KINDS = ['promotion', 'price', 'holiday', 'closed'] as const;
export type CalendarKind = (typeof CALENDAR_KINDS)[number];

export class CalendarQuery extends PageQuery {
  /** First day. */
  @LocalDate({ optional: true })
  from?: string;

  /** Last day. */
  @LocalDate({ optional: true })
  to?: string;

  @Choice(CALENDAR_KINDS, { optional: true, enumName: 'CalendarKind' })
  kind?: CalendarKind;

  /** Days that hold for this store: its own and those of every store. */
  @Uuid({ optional: true })
  storeId?: string;

  /** Days that hold for this product: its own and those of every product. */
  @Uuid({ optional: true })
  productId?: string;
}

export class CreateCalendarDayDto {
  @LocalDate({ example: '2026-12-24' })
  date: string;

  /** What the day is: a promotion, a planned price, a holiday or a day on which the store is closed. */
  @Choice(CALENDAR_KINDS, { enumName: 'CalendarKind', example: 'holiday' })
  kind: CalendarKind;

  /** Null or absent: every store. */
  @Uuid({ optional: true, nullable: true })
  storeId?: string | null;

  /** Null or absent: every product. A price needs one; a holiday and a closed day have none. */
  @Uuid({ optional: true, nullable: true })
  productId?: string | null;

  /** Promotion: its strength, 1 when absent. Price: the unit price of that day. */
  @Decimal(UNIT_COST, { optional: true, nullable: true })
  value?: string | null;

  @Text(200, { optional: true, nullable: true, example: 'Nochebuena' })
  name?: string | null;
}

export class CreateCalendarSpanDto extends OmitType(CreateCalendarDayDto, ['date']) {
  /** First day. */
  @LocalDate({ example: '2035-11-20' })
  from: string;

  /** Last day, at most 366 days in all. */
  @LocalDate({ example: '2035-11-30' })
  to: string;
}

export class UpdateCalendarDayDto {
  /** Moves it to another day. */
  @LocalDate({ optional: true, example: '2035-12-23' })
  date?: string;

  /** Promotion: its strength. Price: the unit price of that day, which cannot be null. */
  @Decimal(UNIT_COST, { optional: true, nullable: true })
  value?: string | null;

  @Text(200, { optional: true, nullable: true, example: 'Víspera de Nochebuena' })
  name?: string | null;
}

export class AddHolidaysDto {
  /** ISO 3166-1 code. */
  @Choice(HOLIDAY_COUNTRIES, { enumName: 'HolidayCountry', example: 'VE' })
  country: HolidayCountry;

  @Count(2000, 2100, { example: 2027 })
  year: number;
}

/** Something known about a day that moves demand. */
export class CalendarDayDto {
  @Uuid()
  id: string;

  @LocalDate()
  date: string;

  @Choice(CALENDAR_KINDS, { enumName: 'CalendarKind' })
  kind: CalendarKind;

  /** Null: every store. */
  @Uuid({ nullable: true })
  storeId: string | null;

  /** Null: every product. */
  @Uuid({ nullable: true })
  productId: string | null;

  @Decimal(UNIT_COST, { nullable: true })
  value: string | null;

  @Text(200, { nullable: true })
  name: string | null;

  @Instant()
  createdAt: Date;

  @Instant()
  updatedAt: Date;
}

export class CalendarSpanDto {
  @ListOf(CalendarDayDto, 366)
  days: CalendarDayDto[];
}

export class AddedHolidaysDto {
  @Choice(HOLIDAY_COUNTRIES, { enumName: 'HolidayCountry' })
  country: HolidayCountry;

  @Count(2000, 2100)
  year: number;

  /** How many the calendar did not have. */
  @Count(0, 366)
  added: number;

  /** The year's holidays of every store, as they stand now: added, known before or changed by people. */
  @ListOf(CalendarDayDto, 366)
  days: CalendarDayDto[];
}
