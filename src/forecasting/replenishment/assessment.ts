import { addDays } from '../../kernel/time/zone.js';
import { periodsUntil, scaleSums, meanOfSum } from '../engine/demand-sums.js';
import { projectStock } from '../forecasts/stock-projection.js';
import type { Parameters } from './parameters.js';
import { positionOf, reorderLevels, round4, type LevelLimit, type ReorderLevels } from './reorder-policy.js';
import { isInPieces, type SupplyItem } from './supply-item.js';

/** Days beyond which what a store has is more than it needs itself. */
const OWN_NEED_DAYS = 28;

/** What a level is reckoned from: the forecast, or the point that people set where there is none. */
export type LevelBasis = 'forecast' | 'fixed_point';

/** How a product in a store stands. */
export interface Assessment {
  item: SupplyItem;
  parameters: Parameters;
  basis: LevelBasis | null;
  /** null: there is neither a forecast nor a fixed point */
  levels: ReorderLevels | null;
  /** on hand, without what is reserved */
  available: number;
  /** available and coming (drafts and transfers too), without what is promised to other stores */
  position: number;
  /** the position is at or below the reorder point (below a fixed one) */
  isShort: boolean;
  daysOfCover: number | null;
  stockOutDate: string | null;
  /** day on which an order of today arrives, by the mean lead time */
  arrivalDate: string;
  limits: LevelLimit[];
  /** units on the shelf that it has to keep for itself before it gives to others; null: nobody knows */
  keeps: number | null;
}

/** @param today local date @param factor on demand, such as that of a promotion */
export function assess(item: SupplyItem, parameters: Parameters, today: string, factor = 1): Assessment {
  const available = round4(item.onHand - item.reserved);
  const coming = round4(item.onOrder + item.inDrafts + item.transfersIn - item.transfersOut);
  const position = positionOf({ onHand: item.onHand, onOrder: coming, reserved: item.reserved });
  const { basis, levels } = levelsOf(item, parameters, factor);
  return {
    item,
    parameters,
    basis,
    levels,
    available,
    position,
    isShort: levels !== null && (basis === 'forecast' ? position <= levels.reorderPoint : position < levels.reorderPoint),
    ...projection(item, available, today, factor),
    arrivalDate: addDays(today, Math.ceil(parameters.leadTime.value.mean)),
    limits: levels?.limits ?? [],
    keeps: keepsOf(item, levels, basis),
  };
}

function levelsOf(item: SupplyItem, parameters: Parameters, factor: number): Pick<Assessment, 'basis' | 'levels'> {
  const { demand, alertPoint, minStock, maxStock } = item;
  if (demand !== null) {
    const sums = factor === 1 ? demand.sums : scaleSums(demand.sums, factor);
    const terms = {
      leadTime: parameters.leadTime.value.days,
      reviewDays: parameters.reviewDays.value,
      cycleDays: parameters.coverDays.value,
      serviceLevel: parameters.serviceLevel.value,
      minStock,
      maxStock,
      shelfLifeDays: parameters.shelfLifeDays.value,
      wholeUnits: isInPieces(item),
    };
    return { basis: 'forecast', levels: reorderLevels(sums, terms) };
  }
  if (!(alertPoint > 0)) return { basis: null, levels: null };
  // min/max by the numbers that people have set, as long as nothing better is known
  const orderUpTo = Math.max(alertPoint, maxStock ?? 0);
  return {
    basis: 'fixed_point',
    levels: { reorderPoint: alertPoint, orderUpTo, safetyStock: alertPoint, meanDemand: 0, limits: [] },
  };
}

/** By the days of the forecast; by its sums where those days are over. */
function projection(
  { demand, arrivals }: SupplyItem,
  available: number,
  today: string,
  factor: number,
): Pick<Assessment, 'daysOfCover' | 'stockOutDate'> {
  if (demand === null) return { daysOfCover: null, stockOutDate: null };
  if (demand.daily.length > 0) {
    const mean = demand.daily.map((value) => value * factor);
    const { daysOfCover, stockOutDate } = projectStock({ available, firstDay: today, mean, arrivals });
    return { daysOfCover, stockOutDate };
  }
  const days = periodsUntil(demand.sums, available / factor);
  if (!Number.isFinite(days)) return { daysOfCover: null, stockOutDate: null };
  const isForeseen = arrivals.length === 0 && days <= OWN_NEED_DAYS;
  return { daysOfCover: Math.round(days * 10) / 10, stockOutDate: isForeseen ? addDays(today, Math.floor(days)) : null };
}

/** Its own order-up-to level, and what is expected to sell in four weeks at least. A shop of which nothing is known gives nothing. */
function keepsOf(item: SupplyItem, levels: ReorderLevels | null, basis: LevelBasis | null): number | null {
  if (basis === 'forecast') return Math.max(levels!.orderUpTo, meanOfSum(item.demand!.sums, OWN_NEED_DAYS));
  if (item.storeType === 'store') return null;
  return Math.max(levels?.orderUpTo ?? 0, item.minStock);
}
