import { Choice, Decimal, Instant, LocalDate, Text, Uuid } from '../../kernel/http/fields.js';
import { UNIT_COST } from '../../kernel/http/decimal.js';
import { PageQuery } from '../../kernel/http/page.dto.js';

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
