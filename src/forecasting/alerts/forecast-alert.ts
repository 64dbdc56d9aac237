import { addDays } from '../../kernel/time/zone.js';
import type { StockOutParameters } from '../alert-rules/rule-parameters.js';
import { projectStock, type Arrival } from '../forecasts/stock-projection.js';
import type { AlertFacts } from './alert-facts.js';
import { meanOfSum, probabilityAbove } from './demand-sum.js';
import type { AlertPriority } from './low-stock.js';

/** Why stock is expected to end too early. */
export interface StockOutFinding {
  priority: AlertPriority;
  /** first day that is not met, YYYY-MM-DD */
  stockOutDate: string;
  daysOfCover: number | null;
  /** expected demand until the lead time is over, and what is on hand and comes within it */
  expectedDemand: number;
  supply: number;
  /** that stock ends on some day of the lead time, by the quantiles of the forecast */
  probability: number;
  /** what comes next, also if it comes too late; null: nothing is on order */
  nextArrival: Arrival | null;
  /** day on which an order placed today arrives */
  arrivalDate: string;
}

/**
 * Stock that the forecast says ends before an order placed today could arrive: on some day of the lead time (and `extraDays`) the cumulated
 * expected (mean) demand exceeds stock on hand plus arrivals. The mean, not a high quantile: sums of daily quantiles overstate the demand
 * of several days (they are not additive), and the alert says the same as the days of cover that stand beside it; how probable a stock-out is,
 * is told too: the greatest of the days' probabilities that the demand so far exceeds what is there. An open alert ends when demand could be `hysteresisPercent` higher. Nothing left is critical, an end within the first half of
 * the lead time high, else medium. Null: it lasts.
 */
export function findStockOut(
  level: Pick<AlertFacts, 'available' | 'leadTimeDays' | 'firstDay' | 'forecast' | 'arrivals'>,
  { extraDays, minimumDemand, hysteresisPercent }: StockOutParameters,
  isOpen: boolean,
): StockOutFinding | null {
  const { available, leadTimeDays, firstDay, forecast, arrivals } = level;
  if (firstDay === null) return null;
  const days = leadTimeDays + extraDays;
  const project = (times: number) => {
    const projection = projectStock({
      available,
      firstDay,
      arrivals,
      mean: Float64Array.from(forecast, (day) => day.mean * times),
    });
    return projection.stockOutIndex !== null && projection.stockOutIndex < days ? projection : null;
  };
  const found = project(1) ?? (isOpen ? project(1 + hysteresisPercent / 100) : null);
  if (found === null) return null;
  const expectedDemand = meanOfSum(forecast.slice(0, days));
  if (expectedDemand < Number(minimumDemand)) return null;
  const supply = supplyByDay(level, firstDay, Math.min(days, forecast.length));
  const probabilities = supply.map((there, day) => probabilityAbove(forecast.slice(0, day + 1), there));
  return {
    priority: available <= 0 ? 'critical' : found.stockOutIndex! < leadTimeDays / 2 ? 'high' : 'medium',
    stockOutDate: found.stockOutDate!,
    daysOfCover: found.daysOfCover,
    expectedDemand: Math.round(expectedDemand * 10_000) / 10_000,
    supply: supply.at(-1) ?? Math.max(0, available),
    probability: Math.max(0, ...probabilities),
    nextArrival: arrivals.toSorted((a, b) => (a.day < b.day ? -1 : 1))[0] ?? null,
    arrivalDate: addDays(firstDay, leadTimeDays),
  };
}

/** What is there to meet the demand up to and with each day: on hand and arrived; what is late comes tomorrow. */
function supplyByDay(
  { available, arrivals }: Pick<AlertFacts, 'available' | 'arrivals'>,
  firstDay: string,
  days: number,
): number[] {
  const tomorrow = addDays(firstDay, 1);
  return Array.from({ length: days }, (_, index) => {
    const until = addDays(firstDay, index);
    const arrived = arrivals.filter(({ day }) => (day < firstDay ? tomorrow : day) <= until);
    return arrived.reduce((sum, { quantity }) => sum + quantity, Math.max(0, available));
  });
}
