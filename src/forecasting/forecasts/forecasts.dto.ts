import { Count, Instant, LocalDate, Measure, Quantity, Text, Uuid } from '../../kernel/http/fields.js';
import { PageQuery } from '../../kernel/http/page.dto.js';

export class ForecastsQuery extends PageQuery {
  @Uuid({ optional: true })
  productId?: string;

  @Uuid({ optional: true })
  storeId?: string;

  /** First day; absent: today. */
  @LocalDate({ optional: true })
  from?: string;

  /** Last day; absent: the end of the forecast. */
  @LocalDate({ optional: true })
  to?: string;
}

/** Demand that is expected of a product in a store on a day, in units of the product. */
export class ForecastDto {
  @Uuid()
  productId: string;

  @Uuid()
  storeId: string;

  @LocalDate()
  date: string;

  /** Expected demand. */
  @Quantity()
  mean: string;

  /** Demand stays below it on one day in ten. */
  @Quantity()
  q10: string;

  @Quantity()
  q50: string;

  /** Demand stays below it on nine days in ten. */
  @Quantity()
  q90: string;

  @Quantity()
  q95: string;

  @Quantity()
  q99: string;

  @Uuid()
  runId: string;

  @Text(60, { example: 'ensemble-2' })
  modelVersion: string;

  @Instant()
  madeAt: Date;
}

export class CoverQuery extends PageQuery {
  @Uuid({ optional: true })
  storeId?: string;

  @Uuid({ optional: true })
  productId?: string;

  /** Only what lasts fewer days than this. */
  @Measure(0, 10_000, { optional: true, example: 7 })
  below?: number;
}

/** How long the stock of a product in a store lasts at the demand that is expected. */
export class CoverDto {
  @Uuid()
  productId: string;

  @Uuid()
  storeId: string;

  @Quantity({ sign: 'signed' })
  available: string;

  /** What was ordered and has not come yet. */
  @Quantity()
  onOrder: string;

  /** Days that the stock on hand lasts; null: nothing is expected to sell. */
  @Measure(0, 1_000_000_000, { nullable: true, example: 12.5 })
  daysOfCover: number | null;

  /** First day on which stock and what is on order do not meet the demand; null: not within the forecast. */
  @LocalDate({ nullable: true })
  stockOutDate: string | null;

  @Count(0, 730)
  leadTimeDays: number;
}
