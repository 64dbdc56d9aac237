import type { OverstockParameters } from '../alert-rules/rule-parameters.js';
import type { AlertFacts } from './alert-facts.js';
import { REVIEW_DAYS, type AlertPriority } from './low-stock.js';

/** Why there is too much of a product in a store. */
export interface OverstockFinding {
  priority: AlertPriority;
  /** which limit it is above: the maximum that was set, or the days of cover */
  reason: 'above_maximum' | 'too_much_cover';
  /** what may be there, in units */
  limit: number;
  /** on hand and on order */
  position: number;
  /** position beyond the limit; its cost, null when the cost is not known; the days it lasts, null without demand */
  excess: number;
  excessCost: number | null;
  excessDays: number | null;
  daysOfCover: number | null;
}

/**
 * What is on hand and on order against two limits: the maximum stock level where one is set, and the expected demand of `coverDays` (at
 * least of lead time and review period: what a single order has to last for is no excess). Above either it is too much, and the lower one
 * exceeded is the limit. An open alert ends `hysteresisPercent` below. Priority by position / limit: from 4 high, from 2 medium, else low.
 * Null: not too much.
 */
export function findOverstock(
  level: Pick<AlertFacts, 'available' | 'onOrder' | 'maxStock' | 'dailyDemand' | 'leadTimeDays' | 'unitCost'>,
  { coverDays, minimumValue, hysteresisPercent }: OverstockParameters,
  isOpen: boolean,
): OverstockFinding | null {
  const { available, onOrder, maxStock, dailyDemand, leadTimeDays, unitCost } = level;
  const position = available + onOrder;
  const slack = isOpen ? 1 - hysteresisPercent / 100 : 1;
  const daily = dailyDemand !== null && dailyDemand > 0 ? dailyDemand : null;
  const limits = [
    ...(maxStock === null ? [] : [{ reason: 'above_maximum' as const, limit: maxStock }]),
    ...(daily === null
      ? []
      : [{ reason: 'too_much_cover' as const, limit: daily * Math.max(coverDays, leadTimeDays + REVIEW_DAYS) }]),
  ]
    .filter(({ limit }) => position > limit * slack)
    .toSorted((a, b) => a.limit - b.limit);
  const [lowest] = limits;
  if (position <= 0 || lowest === undefined) return null;
  const excess = Math.max(0, position - lowest.limit);
  const excessCost = unitCost === null ? null : excess * unitCost;
  if (!isOpen && excessCost !== null && excessCost < Number(minimumValue)) return null;
  const ratio = lowest.limit > 0 ? position / lowest.limit : Infinity;
  return {
    priority: ratio >= 4 ? 'high' : ratio >= 2 ? 'medium' : 'low',
    ...lowest,
    position,
    excess,
    excessCost,
    excessDays: daily === null ? null : tenths(excess / daily),
    daysOfCover: daily === null ? null : tenths(position / daily),
  };
}

const tenths = (value: number): number => Math.round(value * 10) / 10;
