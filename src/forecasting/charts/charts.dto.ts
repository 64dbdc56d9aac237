import {
  Choice,
  Count,
  Flag,
  Instant,
  ListOf,
  LocalDate,
  Measure,
  Money,
  Part,
  Quantity,
  Text,
  Uuid,
} from '../../kernel/http/fields.js';
import { CHART_THEMES, type ChartTheme } from './chart-theme.js';

export const PAPERS = ['printer', 'a4', 'letter'] as const;
export type Paper = (typeof PAPERS)[number];

export class HistoryQuery {
  /** Days of history before today. */
  @Count(28, 365, { default: 90 })
  historyDays: number;
}

export class DrawingQuery extends HistoryQuery {
  /** Width in pixels. Below 480 the type is smaller, as on a phone held upright. The drawing scales to any size. */
  @Count(280, 2400, { default: 960 })
  width: number;

  /** Height in pixels. Absent: what suits the width. */
  @Count(280, 1600, { optional: true })
  height?: number;

  /** Colours; `auto` follows the light or dark setting of the reader. */
  @Choice(CHART_THEMES, { default: 'auto', enumName: 'ChartTheme' })
  theme: ChartTheme;
}

export class ReportQuery {
  /** Absent: every store that the caller may see. */
  @Uuid({ optional: true })
  storeId?: string;

  /** Only what this supplier delivers: a list to hand over. */
  @Uuid({ optional: true })
  supplierId?: string;

  /** Lines of the table at most; what runs out first comes first. */
  @Count(1, 200, { default: 50 })
  limit: number;

  /** Charts of the first lines. */
  @Count(0, 50, { default: 8 })
  charts: number;

  /** Size of the page: the one that the printer has, or one of these. */
  @Choice(PAPERS, { default: 'printer', enumName: 'Paper' })
  paper: Paper;
}

/** A day before today. */
export class HistoryDayDto {
  @LocalDate()
  date: string;

  /** Units sold, returns taken off; null: the store has not sent its sales yet. */
  @Quantity({ nullable: true, sign: 'signed' })
  quantity: string | null;

  /** Average unit price of what was sold, else the planned one; null: not known. */
  @Money({ nullable: true })
  price: string | null;

  @Flag()
  promotion: boolean;

  /** The store was closed. */
  @Flag()
  closed: boolean;

  /** Out of stock at the end of the day, and nothing was sold: no measure of demand. */
  @Flag()
  stockout: boolean;

  /** Name of the holiday; null: none. */
  @Text(200, { nullable: true, min: 0 })
  holiday: string | null;

  /** Stock at the end of the day by the movement ledger; null: not known. */
  @Quantity({ nullable: true, sign: 'signed' })
  stock: string | null;
}

/** A day from today on. Without a forecast its expected demand is null. */
export class PlannedDayDto {
  @LocalDate()
  date: string;

  /** Expected demand. */
  @Quantity({ nullable: true })
  mean: string | null;

  /** Demand stays below it on one day in ten. */
  @Quantity({ nullable: true })
  q10: string | null;

  @Quantity({ nullable: true })
  q50: string | null;

  /** Demand stays below it on nine days in ten. */
  @Quantity({ nullable: true })
  q90: string | null;

  @Quantity({ nullable: true })
  q95: string | null;

  @Quantity({ nullable: true })
  q99: string | null;

  /** Planned unit price; null: none. */
  @Money({ nullable: true })
  price: string | null;

  @Flag()
  promotion: boolean;

  /** The store will be closed. */
  @Flag()
  closed: boolean;

  /** Name of the holiday; null: none. */
  @Text(200, { nullable: true, min: 0 })
  holiday: string | null;

  /** Stock at the end of the day at the expected demand, with what arrives; null: neither forecast nor level. */
  @Quantity({ nullable: true })
  stock: string | null;
}

/** What was ordered and has not come yet. */
export class ArrivalDto {
  /** The day it is expected; one that has passed is late. */
  @LocalDate()
  date: string;

  @Quantity()
  quantity: string;
}

export class ChartStockDto {
  @Quantity({ sign: 'signed' })
  available: string;

  /** Null: none is set. */
  @Quantity({ nullable: true })
  reorderPoint: string | null;

  @Count(0, 730)
  leadTimeDays: number;
}

export class ForecastSummaryDto {
  /** Days that `expectedDemand` sums up: 28, or as many as are forecast. */
  @Count(0, 28)
  days: number;

  /** Null: there is no forecast. */
  @Quantity({ nullable: true })
  expectedDemand: string | null;

  /** Units sold in the last 28 days. */
  @Quantity({ sign: 'signed' })
  recentDemand: string;

  /** Days that the stock on hand lasts; null: nothing is expected to sell. */
  @Measure(0, 1_000_000_000, { nullable: true, example: 12.5 })
  daysOfCover: number | null;

  /** First day on which stock and what is on order do not meet the demand; null: not within the forecast. */
  @LocalDate({ nullable: true })
  stockOutDate: string | null;

  /** Last day to order so that it arrives before the stock-out; one that has passed: it will come too late. */
  @LocalDate({ nullable: true })
  orderBy: string | null;

  /** Quantity of the open order suggestion; null: there is none. */
  @Quantity({ nullable: true })
  suggestedOrder: string | null;
}

export class ForecastModelDto {
  @Uuid()
  runId: string;

  /** The heaviest model of the ensemble; null: not noted. */
  @Text(60, { nullable: true, example: 'theta' })
  model: string | null;

  @Text(60, { example: 'ensemble-2' })
  modelVersion: string;

  @Instant()
  madeAt: Date;

  /** Mean absolute scaled error of the run over all its series, in backtests: below 1 is better than repeating the last season. Null: not scored. */
  @Measure(0, 1_000_000, { nullable: true, example: 0.82 })
  runMase: number | null;
}

/** What is known of a product in a store, before and after today: the data of its chart. */
export class ProductForecastDto {
  @Uuid()
  productId: string;

  @Uuid()
  storeId: string;

  @Text(60)
  sku: string;

  @Text(300)
  productName: string;

  @Text(200)
  storeName: string;

  @Text(10, { example: 'unit' })
  unitType: string;

  /** First day of `forecast`, in the tenant's time zone. */
  @LocalDate()
  today: string;

  @ListOf(HistoryDayDto, 365)
  history: HistoryDayDto[];

  /** From today to the end of the forecast; without one, the next 28 days. */
  @ListOf(PlannedDayDto, 366)
  forecast: PlannedDayDto[];

  @ListOf(ArrivalDto, 10_000)
  arrivals: ArrivalDto[];

  /** Null: no stock of it was ever kept there. */
  @Part(ChartStockDto, { nullable: true })
  stock: ChartStockDto | null;

  @Part(ForecastSummaryDto)
  summary: ForecastSummaryDto;

  /** Null: there is no forecast yet. */
  @Part(ForecastModelDto, { nullable: true })
  model: ForecastModelDto | null;
}
