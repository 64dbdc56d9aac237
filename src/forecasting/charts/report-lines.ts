import { addDays } from '../../kernel/time/zone.js';
import { arrivalsByDay, stockPath, type StockOutlook, type StockProjection } from '../forecasts/stock-projection.js';
import { SUMMARY_DAYS } from './forecast-chart.js';

/** What a line of the report is made of. */
export interface LineFacts extends StockOutlook {
  sku: string;
  productName: string;
  storeName: string;
  unitType: string;
  supplierName: string | null;
  onOrder: number;
  leadTimeDays: number;
  suggestedOrder: number | null;
}

/** What somebody has to do about a product in a store, by the lead time. */
export type ReportAction =
  | { kind: 'now' | 'by'; date: string; quantity: number | null }
  /** what is on its way comes too late, and a new order would come later still */
  | { kind: 'hurry'; date: string }
  | { kind: 'suggested'; quantity: number }
  | { kind: 'covered' | 'none' };

type Shown = 'sku' | 'productName' | 'storeName' | 'unitType' | 'supplierName' | 'available' | 'onOrder';

export interface ReportLine extends Pick<LineFacts, Shown>, Pick<StockProjection, 'daysOfCover' | 'stockOutDate'> {
  expectedDemand: number;
  action: ReportAction;
}

/** A line: what is expected of 28 days, and what to do. @param today YYYY-MM-DD */
export function reportLine(facts: LineFacts, projection: StockProjection, today: string): ReportLine {
  const { sku, productName, storeName, unitType, supplierName, available, onOrder, mean } = facts;
  const { daysOfCover, stockOutDate } = projection;
  return {
    ...{ sku, productName, storeName, unitType, supplierName, available, onOrder, daysOfCover, stockOutDate },
    expectedDemand: mean.subarray(0, SUMMARY_DAYS).reduce((sum, value) => sum + value, 0),
    action: actionOf(facts, projection, today),
  };
}

/** An order has to be placed a lead time before the stock-out; where that day is today or has passed, now. */
function actionOf(facts: LineFacts, projection: StockProjection, today: string): ReportAction {
  const { onOrder, suggestedOrder: quantity } = facts;
  const date = orderDay(projection, facts);
  if (date !== null && date > today) return { kind: 'by', date, quantity };
  if (date !== null) {
    const arrival = rescue(facts, projection);
    return arrival === null ? { kind: 'now', date: today, quantity } : { kind: 'hurry', date: arrival };
  }
  if (quantity !== null) return { kind: 'suggested', quantity };
  return { kind: onOrder > 0 ? 'covered' : 'none' };
}

/** Last day to order so that it arrives on the day on which stock runs out; null: it does not run out within the forecast. */
function orderDay({ stockOutDate }: StockProjection, { leadTimeDays }: Pick<LineFacts, 'leadTimeDays'>): string | null {
  return stockOutDate && addDays(stockOutDate, -leadTimeDays);
}

/** Whether an order placed today comes after the stock-out. */
export function isUrgent(projection: StockProjection, terms: Pick<LineFacts, 'leadTimeDays'>, today: string): boolean {
  const date = orderDay(projection, terms);
  return date !== null && date <= today;
}

/**
 * The day on which something arrives after the stock-out that lasts until an order placed today could arrive; null: there is none, or
 * an order has to be placed now all the same.
 */
function rescue(facts: LineFacts, { stockOutIndex }: StockProjection): string | null {
  const { firstDay, leadTimeDays } = facts;
  const path = stockPath(facts);
  const incoming = arrivalsByDay(facts);
  const next = incoming.findIndex((quantity, h) => quantity > 0 && h > stockOutIndex!);
  const end = Math.min(leadTimeDays, path.length - 1);
  if (next < 0 || next > end) return null;
  return path.subarray(next, end + 1).every((level) => level > 0) ? addDays(firstDay, next) : null;
}

type Ranked = Pick<StockProjection, 'stockOutDate' | 'daysOfCover'>;

/** What runs out first comes first; then what lasts shorter; what is not expected to sell comes last. */
export function byStockOut(a: Ranked, b: Ranked): number {
  const [dateA, dateB] = [a.stockOutDate ?? '9999-12-31', b.stockOutDate ?? '9999-12-31'];
  if (dateA !== dateB) return dateA < dateB ? -1 : 1;
  const [coverA, coverB] = [a.daysOfCover ?? Infinity, b.daysOfCover ?? Infinity];
  return coverA === coverB ? 0 : coverA - coverB;
}
