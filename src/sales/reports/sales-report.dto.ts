import { Choice, Count, ListOf, LocalDate, Money, Quantity, Text, Uuid } from '../../kernel/http/fields.js';

export const REPORT_GROUPS = ['day', 'store', 'product'] as const;
export type ReportGroup = (typeof REPORT_GROUPS)[number];

export class SalesReportQuery {
  /** First local date; absent: 29 days before `to`. */
  @LocalDate({ optional: true })
  from?: string;

  /** Last local date; absent: today. At most 800 days after `from`. */
  @LocalDate({ optional: true })
  to?: string;

  @Choice(REPORT_GROUPS, { default: 'day', enumName: 'SalesReportGroup' })
  groupBy: ReportGroup;

  @Uuid({ optional: true })
  storeId?: string;

  /** Rows at most: the latest days, or the largest stores and products. */
  @Count(1, 1000, { default: 100 })
  limit: number;
}

export class SalesReportRowDto {
  /** The date, store id or product id. @example 2026-05-01 */
  @Text(36, { example: '2026-05-01' })
  key: string;

  /** SKU and name of a product; absent for days and stores. */
  @Text(400, { optional: true, example: 'LAC001 Leche Entera Santa Bárbara 1L' })
  label?: string;

  /** Sales that hold the row's lines. */
  @Count(0, 2_000_000_000)
  sales: number;

  @Quantity({ sign: 'signed' })
  quantity: string;

  /** Without tax, less discounts. */
  @Money({ sign: 'signed' })
  netAmount: string;

  @Money({ sign: 'signed' })
  taxAmount: string;
}

export class SalesReportDto {
  @LocalDate()
  from: string;

  @LocalDate()
  to: string;

  @ListOf(SalesReportRowDto, 1000)
  data: SalesReportRowDto[];
}
