import type { DemandClass } from '../models/demand-class.js';

/** Below and above these no ratio of costs is believed: prices and costs are not that exact, and neither are tails. */
export const SERVICE_LEVEL_BOUNDS = { least: 0.8, most: 0.995 } as const;

/** Service levels of products whose costs say nothing, by the class of their demand. */
export type ClassServiceLevels = Record<Exclude<DemandClass, 'dead'>, number>;

export interface ServiceLevelTerms {
  /** decided by people; counts before everything else */
  explicit: number | null;
  /** of one unit, without tax */
  price: number | null;
  cost: number | null;
  /** percent of the cost for a year in stock; null = not known */
  holdingCostPercent: number | null;
  /** days that an order covers */
  cycleDays: number;
  /** null = keeps */
  shelfLifeDays: number | null;
  demandClass: DemandClass;
  byClass: ClassServiceLevels;
}

export type ServiceLevelSource = 'explicit' | 'newsvendor' | 'class';

export interface ServiceLevel {
  value: number;
  source: ServiceLevelSource;
}

/**
 * Probability with which demand is to be met until the next order arrives. The critical ratio Cu / (Cu + Co): a unit too few loses its
 * margin, a unit too many waits a cycle in stock, or is lost where it does not keep that long. Without price, cost or holding rate (or
 * without a margin) the level of the demand's class.
 *
 * Sources: Arrow, Harris & Marschak (1951), "Optimal inventory policy", Econometrica 19; Silver, Pyke & Thomas (2017), Inventory and
 * Production Management in Supply Chains, chapters 6 and 9; Zipkin (2000), Foundations of Inventory Management, chapter 6.
 */
export function serviceLevelOf(terms: ServiceLevelTerms): ServiceLevel {
  const { explicit, price, cost, holdingCostPercent, cycleDays, shelfLifeDays, demandClass, byClass } = terms;
  if (explicit !== null) return { value: explicit, source: 'explicit' };
  const margin = price === null || cost === null ? 0 : price - cost;
  if (margin > 0 && cost !== null && cost > 0 && holdingCostPercent !== null) {
    const waiting = (cost * holdingCostPercent * cycleDays) / 36_500;
    const lost = shelfLifeDays !== null && shelfLifeDays <= cycleDays ? cost : 0;
    return { value: bounded(criticalRatio(margin, waiting + lost)), source: 'newsvendor' };
  }
  return { value: byClass[demandClass === 'dead' ? 'lumpy' : demandClass], source: 'class' };
}

/** @param underage cost of a unit too few @param overage cost of a unit too many */
export function criticalRatio(underage: number, overage: number): number {
  return underage / (underage + overage);
}

function bounded(value: number): number {
  const { least, most } = SERVICE_LEVEL_BOUNDS;
  return Math.round(Math.min(most, Math.max(least, value)) * 10_000) / 10_000;
}
