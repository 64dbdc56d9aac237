import { leadTimeOf, type LeadTime } from './lead-time.js';
import { cycleDaysOf } from './reorder-policy.js';
import { serviceLevelOf, type ClassServiceLevels, type ServiceLevelSource } from './service-level.js';
import type { SupplyItem } from './supply-item.js';

export const REORDER_POINT_MODES = ['fixed', 'suggested', 'automatic'] as const;
/** How the reorder point of alerts is set: by people, by people who are shown the computed one, or by the nightly job. */
export type ReorderPointMode = (typeof REORDER_POINT_MODES)[number];

/** What a product, or a product in one store, may have for itself; null = not said here. */
export interface PolicyRules {
  reorderPointMode: ReorderPointMode | null;
  serviceLevel: number | null;
  coverDays: number | null;
  shelfLifeDays: number | null;
}

/** What holds for the whole company where nothing more particular does. */
export interface CompanyRules extends PolicyRules {
  reorderPointMode: ReorderPointMode;
  coverDays: number;
  classServiceLevels: ClassServiceLevels;
  /** percent of a unit's cost for a year in stock; null = not known */
  holdingCostPercent: number | null;
  /** of one line of an order; null = orders cover coverDays */
  orderCost: number | null;
  reviewDays: number;
  leadTimeSpreadPercent: number;
  suggestTransfers: boolean;
}

export const PARAMETER_SOURCES = [
  'what_if',
  'product_in_store',
  'product',
  'store',
  'supplier',
  'company',
  'newsvendor',
  'class',
  'observed',
  'economic_batch',
  'default',
  'none',
] as const;
export type ParameterSource = (typeof PARAMETER_SOURCES)[number];

/** A value in force, and where it comes from. */
export interface Parameter<T> {
  value: T;
  source: ParameterSource;
}

/** Values of a what-if; absent = as they are. */
export interface Overrides {
  serviceLevel?: number;
  leadTimeDays?: number;
  reviewDays?: number;
  coverDays?: number;
  /** on demand: 1.5 is half as much again */
  promotionFactor?: number;
}

/** Everything that the calculation of one product in one store goes by. */
export interface Parameters {
  reorderPointMode: Parameter<ReorderPointMode>;
  serviceLevel: Parameter<number>;
  leadTime: Parameter<LeadTime>;
  reviewDays: Parameter<number>;
  /** days that an order covers */
  coverDays: Parameter<number>;
  shelfLifeDays: Parameter<number | null>;
}

/** @param observed days that the supplier's orders took, newest first */
export function parametersOf(
  item: SupplyItem,
  company: CompanyRules,
  observed: readonly number[],
  overrides: Overrides = {},
): Parameters {
  const reviewDays = overridden(overrides.reviewDays, { value: company.reviewDays, source: 'company' });
  const shelfLifeDays = ruled(item, company, 'shelfLifeDays');
  const coverDays = overridden(overrides.coverDays, coverOf(item, company, reviewDays.value));
  const explicit = overridden(overrides.serviceLevel, ruled(item, company, 'serviceLevel'));
  const { value, source } = serviceLevelOf({
    explicit: explicit.value,
    price: positive(item.sellingPrice),
    cost: positive(item.unitCost),
    holdingCostPercent: company.holdingCostPercent,
    cycleDays: coverDays.value,
    shelfLifeDays: shelfLifeDays.value,
    demandClass: item.demand?.demandClass ?? 'dead',
    byClass: company.classServiceLevels,
  });
  return {
    reorderPointMode: ruled(item, company, 'reorderPointMode') as Parameter<ReorderPointMode>,
    serviceLevel: { value, source: sourceOf(source, explicit.source) },
    leadTime: leadTime(item, company, observed, overrides.leadTimeDays),
    reviewDays,
    coverDays,
    shelfLifeDays,
  };
}

/** The most particular rule that says something. */
function ruled<K extends keyof PolicyRules>(item: SupplyItem, company: CompanyRules, name: K): Parameter<PolicyRules[K]> {
  const levels = [
    [item.ownRules, 'product_in_store'],
    [item.productRules, 'product'],
    [company, 'company'],
  ] as const;
  for (const [rules, source] of levels) {
    const value = rules?.[name] ?? null;
    if (value !== null) return { value, source };
  }
  return { value: null, source: 'none' };
}

function overridden<T>(value: T | undefined, otherwise: Parameter<T | null>): Parameter<T> {
  return value === undefined ? (otherwise as Parameter<T>) : { value, source: 'what_if' };
}

function coverOf(item: SupplyItem, company: CompanyRules, reviewDays: number): Parameter<number> {
  const set = ruled(item, company, 'coverDays') as Parameter<number>;
  const { sums } = item.demand ?? {};
  if (set.source !== 'company' || !sums || sums.lengths.length === 0) return set;
  const economic = cycleDaysOf({
    coverDays: set.value,
    reviewDays,
    dailyDemand: sums.means.at(-1)! / sums.lengths.at(-1)!,
    unitCost: item.unitCost,
    holdingCostPercent: company.holdingCostPercent,
    orderCost: company.orderCost,
  });
  return economic === set.value ? set : { value: economic, source: 'economic_batch' };
}

function leadTime(
  item: SupplyItem,
  company: CompanyRules,
  observed: readonly number[],
  whatIf: number | undefined,
): Parameter<LeadTime> {
  const spreadPercent = company.leadTimeSpreadPercent;
  if (whatIf !== undefined) return { value: leadTimeOf({ configuredDays: whatIf, spreadPercent }), source: 'what_if' };
  const value = leadTimeOf({ configuredDays: item.leadTimeDays, spreadPercent, observed });
  return { value, source: value.source === 'observed' ? 'observed' : item.leadTimeSource };
}

const sourceOf = (source: ServiceLevelSource, explicit: ParameterSource): ParameterSource =>
  source === 'explicit' ? explicit : source;
const positive = (value: number | null): number | null => (value !== null && value > 0 ? value : null);
