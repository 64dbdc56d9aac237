import { meanOfMixture, quantileOfMixture, type DemandSums, type LengthProbability } from '../engine/demand-sums.js';
import { plusDays } from './lead-time.js';

/** Longest cycle that an economic batch is let to cover. */
const LONGEST_CYCLE = 90;

export interface PolicyTerms {
  /** distribution of the lead time, days */
  leadTime: readonly LengthProbability[];
  /** days between two looks at the stock: the longest that an order may have to wait to be placed */
  reviewDays: number;
  /** days that an order covers beyond the protection interval */
  cycleDays: number;
  /** probability with which demand is to be met, in (0, 1) */
  serviceLevel: number;
  /** never less than this in the reorder point */
  minStock: number;
  /** never more than this on hand and on order; null = no limit */
  maxStock: number | null;
  /** days that goods keep after they came; null = they keep */
  shelfLifeDays: number | null;
  /** pieces: levels are whole numbers */
  wholeUnits: boolean;
}

export type LevelLimit = 'minimum_stock' | 'maximum_stock' | 'shelf_life';

/** The two levels of an (R, s, S) policy, in units of the product. */
export interface ReorderLevels {
  /** s: order when the position is at or below it */
  reorderPoint: number;
  /** S: order up to it */
  orderUpTo: number;
  /** what the reorder point has above the mean demand of the protection interval; below zero: a limit forbids more */
  safetyStock: number;
  /** mean demand of the protection interval, lead time and review */
  meanDemand: number;
  /** what moved a level */
  limits: LevelLimit[];
}

/**
 * Levels of the periodic-review (R, s, S) policy from the distribution of demand itself: s is the quantile, at the service level, of the
 * demand over lead time and review, the days on which nothing that is ordered now can help; S the same over one order cycle more. An
 * uncertain lead time is mixed in as a distribution.
 *
 * Sources: Silver, Pyke & Thomas (2017), Inventory and Production Management in Supply Chains, chapter 6; Zipkin (2000), Foundations of
 * Inventory Management, chapters 6 and 9; Scarf (1960), "The optimality of (S, s) policies in the dynamic inventory problem".
 */
export function reorderLevels(sums: DemandSums, terms: PolicyTerms): ReorderLevels {
  const { leadTime, reviewDays, cycleDays, serviceLevel, minStock, maxStock, shelfLifeDays } = terms;
  const up = terms.wholeUnits ? wholeUp : hundredthUp;
  const limits: LevelLimit[] = [];
  const protection = plusDays(leadTime, reviewDays);
  const meanDemand = meanOfMixture(sums, protection);
  let reorderPoint = up(quantileOfMixture(sums, protection, serviceLevel));
  let orderUpTo = Math.max(reorderPoint, up(quantileOfMixture(sums, plusDays(protection, cycleDays), serviceLevel)));
  const cap = (most: number, limit: LevelLimit): void => {
    if (orderUpTo <= most) return;
    orderUpTo = most;
    reorderPoint = Math.min(reorderPoint, most);
    limits.push(limit);
  };
  if (shelfLifeDays !== null) cap(up(meanOfMixture(sums, plusDays(leadTime, shelfLifeDays))), 'shelf_life');
  if (minStock > reorderPoint) {
    reorderPoint = minStock;
    orderUpTo = Math.max(orderUpTo, minStock);
    limits.push('minimum_stock');
  }
  if (maxStock !== null) cap(maxStock, 'maximum_stock');
  return { reorderPoint, orderUpTo, safetyStock: round4(reorderPoint - meanDemand), meanDemand: round4(meanDemand), limits };
}

/**
 * Days that an order covers: the economic batch where the cost of an order and of holding are known, else what people set.
 * Source: Harris (1913), "How many parts to make at once"; Silver, Pyke & Thomas (2017), chapter 4.
 */
export function cycleDaysOf(terms: {
  coverDays: number;
  reviewDays: number;
  dailyDemand: number;
  unitCost: number | null;
  holdingCostPercent: number | null;
  orderCost: number | null;
}): number {
  const { coverDays, reviewDays, dailyDemand, unitCost, holdingCostPercent, orderCost } = terms;
  const holding = ((unitCost ?? 0) * (holdingCostPercent ?? 0)) / 36_500;
  if (orderCost === null || !(holding > 0) || !(dailyDemand > 0)) return coverDays;
  const economic = Math.round(Math.sqrt((2 * orderCost) / (holding * dailyDemand)));
  return Math.min(LONGEST_CYCLE, Math.max(1, reviewDays, economic));
}

export interface OrderTerms {
  packSize: number;
  /** fewest units that the supplier takes an order for */
  minOrder: number;
  /** never more than this on hand and on order; null = no limit */
  maxStock: number | null;
}

export type OrderNote = 'minimum_order' | 'minimum_order_above_maximum' | 'pack_above_maximum';

export interface OrderQuantity {
  /** what to order; 0 = nothing */
  quantity: number;
  /** what is missing to the order-up-to level */
  need: number;
  /** why the quantity is not the need rounded up to packs */
  notes: OrderNote[];
}

/**
 * What to order to lift a position to a level: max(minimum order, missing units rounded up to whole packs), and the minimum in whole packs
 * too. A maximum stock takes away what is above it as long as a pack and the minimum are left; where not, that is said.
 */
export function orderQuantity(position: number, orderUpTo: number, { packSize, minOrder, maxStock }: OrderTerms): OrderQuantity {
  const need = round4(orderUpTo - position);
  if (!(need > 0)) return { quantity: 0, need: 0, notes: [] };
  const least = Math.max(1, packsUp(minOrder, packSize));
  const room = maxStock === null ? Infinity : packsDown(maxStock - position, packSize);
  const packs = Math.max(least, Math.min(packsUp(need, packSize), room));
  const notes: OrderNote[] = [];
  if (minOrder > need + EPSILON) notes.push('minimum_order');
  if (packs > room) notes.push(minOrder > packSize ? 'minimum_order_above_maximum' : 'pack_above_maximum');
  return { quantity: round4(packs * packSize), need, notes };
}

/** Whether a quantity can be ordered: whole packs, and the minimum at least. */
export function quantityFault(quantity: number, { packSize, minOrder }: Omit<OrderTerms, 'maxStock'>): 'minimum' | 'pack' | null {
  if (quantity < leastOrder({ packSize, minOrder }) - EPSILON) return 'minimum';
  return Math.abs(Math.round(quantity / packSize) * packSize - quantity) > EPSILON ? 'pack' : null;
}

/** Fewest units of an order: the minimum in whole packs. */
export function leastOrder({ packSize, minOrder }: Omit<OrderTerms, 'maxStock'>): number {
  return round4(Math.max(1, packsUp(minOrder, packSize)) * packSize);
}

/** What is on hand and coming, without what is promised to others. */
export interface Position {
  onHand: number;
  onOrder: number;
  reserved: number;
}

export const positionOf = ({ onHand, onOrder, reserved }: Position): number => round4(onHand + onOrder - reserved);

/**
 * One decision of the policy: how much to order now. Everything it needs is given: simulations call it as the product does.
 * @returns 0 while the position is above the reorder point
 */
export function decideOrder(
  position: Position,
  levels: Pick<ReorderLevels, 'reorderPoint' | 'orderUpTo'>,
  terms: OrderTerms,
): number {
  const now = positionOf(position);
  return now > levels.reorderPoint ? 0 : orderQuantity(now, levels.orderUpTo, terms).quantity;
}

const EPSILON = 1e-6;
export const round4 = (value: number): number => Math.round(value * 10_000) / 10_000;
const wholeUp = (value: number): number => Math.ceil(value - EPSILON) + 0;
const hundredthUp = (value: number): number => Math.ceil(value * 100 - EPSILON) / 100;
const packsUp = (quantity: number, pack: number): number => Math.ceil(quantity / pack - EPSILON);
const packsDown = (quantity: number, pack: number): number => Math.max(0, Math.floor(quantity / pack + EPSILON));
