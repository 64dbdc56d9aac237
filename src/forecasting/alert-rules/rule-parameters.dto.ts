import { readDto, type DtoClass } from '../../kernel/http/dto-reader.js';
import { Choice, Count, Measure, Money, Quantity } from '../../kernel/http/fields.js';
import type { FieldError } from '../../kernel/errors/field-errors.js';
import type { RuleCode } from './rule-parameters.js';

class LowStockParametersDto {
  /** Percent above the reorder point that stock must reach before the alert ends; null: the company's setting. */
  @Count(0, 100, { optional: true, nullable: true, example: 10 })
  hysteresisPercent?: number | null;
}

class StockOutParametersDto {
  /** Days beyond the lead time that are looked at too. */
  @Count(0, 90, { optional: true, example: 3 })
  extraDays?: number;

  /** Less expected demand than this is no stock-out; units. */
  @Quantity({ optional: true, example: '0.5000' })
  minimumDemand?: string;

  /** Percent above the expected demand that has to be there before the alert ends. */
  @Count(0, 100, { optional: true, example: 10 })
  hysteresisPercent?: number;
}

class OverstockParametersDto {
  /** More days of cover than this are too many. */
  @Count(1, 3650, { optional: true, example: 60 })
  coverDays?: number;

  /** An excess that costs less raises nothing. */
  @Money({ optional: true, example: '20.0000' })
  minimumValue?: string;

  /** Percent below the limit to which stock must fall before the alert ends. */
  @Count(0, 90, { optional: true, example: 10 })
  hysteresisPercent?: number;
}

class DemandSpikeParametersDto {
  /** Closed days that are looked at together. */
  @Count(1, 14, { optional: true, example: 3 })
  days?: number;

  /** Percent of the outcomes that the forecast expected to stay below. */
  @Choice([90, 95, 99], { optional: true, example: 99 })
  quantilePercent?: number;

  /** Fewer units are no spike. */
  @Quantity({ optional: true, example: '5.0000' })
  minimumUnits?: string;

  /** At least so many times what was expected. */
  @Measure(1, 100, { optional: true, example: 1.5 })
  minimumRatio?: number;

  /** Percent below those limits to which sales must fall before the alert ends. */
  @Count(0, 90, { optional: true, example: 20 })
  hysteresisPercent?: number;
}

class SlowMovingParametersDto {
  /** Days without a sale. */
  @Count(7, 730, { optional: true, example: 90 })
  days?: number;

  /** Or so many days of cover at the pace of those days. */
  @Count(7, 3650, { optional: true, example: 365 })
  coverDays?: number;

  /** Stock that cost less raises nothing. */
  @Money({ optional: true, example: '10.0000' })
  minimumValue?: string;

  /** Percent below coverDays to which the cover must fall before the alert ends. */
  @Count(0, 90, { optional: true, example: 10 })
  hysteresisPercent?: number;
}

/** What may be set in rules of each code; a code that is not here has no parameters. */
const PARAMETERS: Readonly<Record<RuleCode, DtoClass>> = {
  low_stock: LowStockParametersDto,
  stockout_before_lead_time: StockOutParametersDto,
  overstock: OverstockParametersDto,
  demand_spike: DemandSpikeParametersDto,
  slow_moving: SlowMovingParametersDto,
};

/** Reads what a client sets in a rule of this code. @returns the values, or what is wrong with them */
export function readParameters(code: RuleCode, given: object): { values: object } | { faults: FieldError[] } {
  const errors: FieldError[] = [];
  const values = readDto(PARAMETERS[code], given, '/parameters', { errors, lenient: false });
  return errors.length > 0 || values === undefined ? { faults: errors } : { values: { ...values } };
}
