import { addDays, daysBetween } from '../../kernel/time/zone.js';
import { coverOf } from '../engine/cover.js';

/** Stock of a product in a store beside its forecast. */
export interface StockOutlook {
  available: number;
  /** first day of `mean`, YYYY-MM-DD: today, or the first day that is forecast */
  firstDay: string;
  /** expected demand per day from `firstDay` on */
  mean: Float64Array;
  /** what is on its way, by the day it is expected */
  arrivals: readonly Arrival[];
}

export interface Arrival {
  day: string;
  quantity: number;
}

export interface StockProjection {
  /** days that the stock on hand lasts at the expected demand, to a tenth; null when nothing is expected to sell */
  daysOfCover: number | null;
  /** first day on which stock on hand and arrivals do not meet the expected demand; null: not within the forecast */
  stockOutDate: string | null;
  /** its index in the forecast */
  stockOutIndex: number | null;
}

const EPSILON = 1e-9;

/**
 * When stock runs out at the expected (mean) demand. Cover counts the stock on hand alone, as buyers do; the stock-out date counts arrivals
 * too, each available in the morning of its day. An arrival whose day has passed is late but coming: it counts as tomorrow's.
 */
export function projectStock(outlook: StockOutlook): StockProjection {
  const { available, firstDay, mean } = outlook;
  const { periods } = coverOf(mean, available);
  const incoming = arrivalsByDay(outlook);
  let left = Math.max(0, available);
  let stockOutIndex: number | null = null;
  for (let h = 0; h < mean.length && stockOutIndex === null; h++) {
    left += incoming[h]! - Math.max(0, mean[h]!);
    if (left < -EPSILON) stockOutIndex = h;
  }
  const expected = mean.some((value) => value > 0);
  return {
    daysOfCover: !expected || !Number.isFinite(periods) ? null : Math.round(periods * 10) / 10,
    stockOutIndex,
    stockOutDate: stockOutIndex === null ? null : addDays(firstDay, stockOutIndex),
  };
}

/** The stock at the end of each day at the expected demand. What it does not meet is lost: the level does not fall below zero. */
export function stockPath(outlook: StockOutlook): Float64Array {
  const incoming = arrivalsByDay(outlook);
  let left = Math.max(0, outlook.available);
  return outlook.mean.map((demand, h) => (left = Math.max(0, left + incoming[h]! - Math.max(0, demand))));
}

/** What arrives in the morning of each day of the forecast. */
export function arrivalsByDay({ firstDay, mean, arrivals }: Omit<StockOutlook, 'available'>): Float64Array {
  const incoming = new Float64Array(mean.length);
  const tomorrow = addDays(firstDay, 1);
  for (const { day, quantity } of arrivals) {
    const at = daysBetween(firstDay, day < firstDay ? tomorrow : day);
    if (at < incoming.length) incoming[at]! += quantity;
  }
  return incoming;
}
