import { daysBetween } from '../../kernel/time/zone.js';
import type { SlowMovingParameters } from '../alert-rules/rule-parameters.js';
import type { AlertFacts } from './alert-facts.js';
import type { AlertPriority } from './low-stock.js';

/** Why stock is said not to move. */
export interface SlowMovingFinding {
  priority: AlertPriority;
  /** nothing sold for so long, or so little that it lasts for ever */
  reason: 'no_sales' | 'hardly_any_sales';
  /** days since the last sale or since the stock came, whichever is later */
  idleDays: number;
  /** null: none in 800 days */
  lastSoldOn: string | null;
  heldSince: string;
  /** units sold in the rule's days */
  soldUnits: number;
  /** at that pace; null: nothing was sold */
  daysOfCover: number | null;
  /** cost of what is on hand; null: not known */
  value: number | null;
}

/** Whether so little was sold that it is worth asking since when the stock lies. */
export function mayBeSlow({ onHand, sold }: Pick<AlertFacts, 'onHand' | 'sold'>, rule: SlowMovingParameters): boolean {
  if (onHand <= 0) return false;
  const units = sold.get(rule.days) ?? 0;
  return units <= 0 || (onHand * rule.days) / units > rule.coverDays * (1 - rule.hysteresisPercent / 100);
}

/**
 * Stock on hand that was not sold for `days` days, counted from the last sale or from the day since which it is there without
 * interruption; or that at the pace of those days lasts longer than `coverDays`, when it was there for all of them. An open alert ends
 * with a sale, or `hysteresisPercent` below the cover. Priority by how long: four times the threshold high, twice medium, else low. Null:
 * it moves.
 */
export function findSlowMoving(
  level: Pick<AlertFacts, 'onHand' | 'sold' | 'idle' | 'unitCost' | 'today'>,
  rule: SlowMovingParameters,
  isOpen: boolean,
): SlowMovingFinding | null {
  const { onHand, idle, unitCost, today } = level;
  if (idle === null || onHand <= 0) return null;
  const value = unitCost === null ? null : onHand * unitCost;
  if (!isOpen && value !== null && value < Number(rule.minimumValue)) return null;
  const { lastSoldOn, heldSince } = idle;
  const since = lastSoldOn !== null && lastSoldOn > heldSince ? lastSoldOn : heldSince;
  const idleDays = daysBetween(since, today);
  const soldUnits = Math.max(0, level.sold.get(rule.days) ?? 0);
  const cover = soldUnits > 0 ? (onHand * rule.days) / soldUnits : null;
  const limit = rule.coverDays * (isOpen ? 1 - rule.hysteresisPercent / 100 : 1);
  const isIdle = idleDays >= rule.days;
  const isEndless = cover !== null && cover > limit && daysBetween(heldSince, today) >= rule.days;
  if (!isIdle && !isEndless) return null;
  const times = isIdle ? idleDays / rule.days : cover! / rule.coverDays;
  return {
    priority: times >= 4 ? 'high' : times >= 2 ? 'medium' : 'low',
    reason: isIdle ? 'no_sales' : 'hardly_any_sales',
    idleDays,
    lastSoldOn,
    heldSince,
    soldUnits,
    daysOfCover: cover === null ? null : Math.round(cover),
    value,
  };
}
