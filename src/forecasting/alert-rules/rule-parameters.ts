/** A low-stock alert stands for the reorder point itself; a rule says only when one ends. */
export interface LowStockParameters {
  /** how far above its point stock must rise before the alert ends; null: the tenant's alertHysteresisPercent */
  hysteresisPercent: number | null;
}

export interface StockOutParameters {
  /** days beyond the lead time that are looked at too */
  extraDays: number;
  /** less expected demand than this, in units, is no stock-out */
  minimumDemand: string;
  /** how much more than the expected demand must be there before the alert ends */
  hysteresisPercent: number;
}

export interface OverstockParameters {
  /** more days of cover than this are too many; at least the lead time and a week */
  coverDays: number;
  /** an excess that costs less is not worth an alert */
  minimumValue: string;
  /** how far below the limit stock must fall before the alert ends */
  hysteresisPercent: number;
}

export interface DemandSpikeParameters {
  /** closed local days that are looked at together */
  days: number;
  /** the share of outcomes, in percent, that the forecast expected to stay below what was sold */
  quantilePercent: 90 | 95 | 99;
  /** fewer units than this are no spike */
  minimumUnits: string;
  /** sold at least so many times what was expected */
  minimumRatio: number;
  /** how far below those limits sales must fall before the alert ends */
  hysteresisPercent: number;
}

export interface SlowMovingParameters {
  /** days without a sale */
  days: number;
  /** or so many days of cover at the pace of those days */
  coverDays: number;
  /** stock that cost less is not worth an alert */
  minimumValue: string;
  /** how far below coverDays the cover must fall before the alert ends */
  hysteresisPercent: number;
}

/** The rules of the whole company, by their codes, and what can be set in each. */
export interface RuleParameters {
  low_stock: LowStockParameters;
  stockout_before_lead_time: StockOutParameters;
  overstock: OverstockParameters;
  demand_spike: DemandSpikeParameters;
  slow_moving: SlowMovingParameters;
}

export type RuleCode = keyof RuleParameters;

/** What holds where a rule does not say otherwise. */
export const STANDARD_PARAMETERS: Readonly<RuleParameters> = {
  low_stock: { hysteresisPercent: null },
  stockout_before_lead_time: { extraDays: 0, minimumDemand: '0.5', hysteresisPercent: 10 },
  overstock: { coverDays: 90, minimumValue: '0', hysteresisPercent: 10 },
  demand_spike: { days: 3, quantilePercent: 99, minimumUnits: '5', minimumRatio: 1.5, hysteresisPercent: 20 },
  slow_moving: { days: 90, coverDays: 365, minimumValue: '0', hysteresisPercent: 10 },
};

export const RULE_CODES = Object.keys(STANDARD_PARAMETERS) as RuleCode[];

export function isRuleCode(code: string): code is RuleCode {
  return Object.hasOwn(STANDARD_PARAMETERS, code);
}

/** Every parameter of a rule: what it sets, and the standard for what it leaves open. */
export function effectiveParameters<C extends RuleCode>(code: C, set: object): RuleParameters[C] {
  return { ...STANDARD_PARAMETERS[code], ...set };
}
