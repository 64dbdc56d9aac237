import { addDays } from '../../kernel/time/zone.js';
import type { Outlook } from '../forecasts/outlook.repository.js';
import { projectStock } from '../forecasts/stock-projection.js';
import type { AlertPriority } from './low-stock.js';

/** Why stock is expected to end too early. */
export interface StockOutFinding {
  priority: AlertPriority;
  /** first day that is not met, YYYY-MM-DD */
  stockOutDate: string;
  daysOfCover: number | null;
  /** expected demand until the lead time is over */
  expectedDemand: number;
  /** day on which an order placed today arrives */
  arrivalDate: string;
}

/** Less than half a unit expected until an order could arrive is no run-out. */
const WORTH_A_WORD = 0.5;

/**
 * Stock that the forecast says ends before an order placed today could arrive: the cumulated expected (mean) demand of the days of the lead
 * time exceeds stock on hand plus arrivals. The mean, not a high quantile: sums of daily quantiles overstate the demand of several days
 * (they are not additive), and the alert says the same as the days of cover that stand beside it. Nothing left is critical, an end within
 * the first half of the lead time high, else medium. Null: it lasts.
 */
export function findStockOut(
  outlook: Pick<Outlook, 'available' | 'leadTimeDays' | 'firstDay' | 'mean' | 'arrivals'>,
): StockOutFinding | null {
  const { leadTimeDays, firstDay, mean } = outlook;
  const available = Number(outlook.available);
  const { stockOutIndex, stockOutDate, daysOfCover } = projectStock({ ...outlook, available });
  if (stockOutIndex === null || stockOutDate === null || stockOutIndex >= leadTimeDays) return null;
  const expectedDemand = mean.subarray(0, leadTimeDays).reduce((sum, value) => sum + value, 0);
  if (expectedDemand < WORTH_A_WORD) return null;
  return {
    priority: available <= 0 ? 'critical' : stockOutIndex < leadTimeDays / 2 ? 'high' : 'medium',
    stockOutDate,
    daysOfCover,
    expectedDemand: Math.round(expectedDemand * 10_000) / 10_000,
    arrivalDate: addDays(firstDay, leadTimeDays),
  };
}
