export type AlertPriority = 'low' | 'medium' | 'high' | 'critical';

/** What is known of a product in a store that fell below its reorder point; units of the product, days. */
export interface LowLevel {
  available: number;
  reorderPoint: number;
  maxStock: number | null;
  leadTimeDays: number;
  /** mean units a day: of the newest forecast, else of the last 28 days; null = never sold */
  dailyDemand: number | null;
  onOrder: number;
  packSize: number;
}

export interface LowStockFinding {
  priority: AlertPriority;
  /** days until the shelf is empty at the mean demand; null without demand */
  daysOfCover: number | null;
  suggestedOrder: number;
}

/** Days between two looks of a buyer at a product: what an order has to cover beyond the lead time. */
export const REVIEW_DAYS = 7;

/**
 * Days of cover = available / mean daily demand. Nothing left is critical; cover shorter than the lead time means that an order placed
 * now comes too late (high), shorter than twice the lead time that the next one would (medium). Without demand the share of the reorder
 * point decides. The suggested order lifts the position (available + on order) to the order-up-to level: the maximum where one is set,
 * else reorder point + demand over lead time and review period (the periodic-review (R, S) policy), in whole packs.
 */
export function assessLowStock(level: LowLevel): LowStockFinding {
  const { available, reorderPoint, leadTimeDays, dailyDemand, onOrder, packSize } = level;
  const daysOfCover = dailyDemand !== null && dailyDemand > 0 ? Math.max(0, available) / dailyDemand : null;
  const orderUpTo = level.maxStock ?? reorderPoint + (dailyDemand ?? 0) * (leadTimeDays + REVIEW_DAYS);
  const missing = Math.max(0, orderUpTo - available - onOrder);
  return {
    priority: priorityOf(available, reorderPoint, leadTimeDays, daysOfCover),
    daysOfCover: daysOfCover === null ? null : Math.round(daysOfCover * 10) / 10,
    suggestedOrder: Math.max(0, Math.ceil(missing / packSize - 1e-9)) * packSize,
  };
}

function priorityOf(available: number, reorderPoint: number, leadTimeDays: number, daysOfCover: number | null): AlertPriority {
  if (available <= 0) return 'critical';
  if (daysOfCover === null) return available < reorderPoint / 2 ? 'medium' : 'low';
  if (daysOfCover < leadTimeDays) return 'high';
  return daysOfCover < 2 * leadTimeDays ? 'medium' : 'low';
}
