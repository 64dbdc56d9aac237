import { Choice, ChoicesOf, Count, ListOf, LocalDate, Measure, Part, Quantity, Uuid } from '../../kernel/http/fields.js';
import { PARAMETER_SOURCES, REORDER_POINT_MODES, type ParameterSource, type ReorderPointMode } from './parameters.js';

/** A number in force, and where it comes from. */
export class NumberParameterDto {
  @Measure(0, 1_000_000, { nullable: true })
  value: number | null;

  @Choice(PARAMETER_SOURCES, { enumName: 'ParameterSource' })
  source: ParameterSource;
}

export class ModeParameterDto {
  @Choice(REORDER_POINT_MODES, { enumName: 'ReorderPointMode' })
  value: ReorderPointMode;

  @Choice(PARAMETER_SOURCES, { enumName: 'ParameterSource' })
  source: ParameterSource;
}

/** How likely a lead time is. */
export class LeadTimeDayDto {
  @Count(0, 730)
  days: number;

  @Measure(0, 1)
  probability: number;
}

export class LeadTimeParameterDto extends NumberParameterDto {
  /** Deliveries of the supplier within a year; from five on they count instead of the configured days. */
  @Count(0, 60)
  deliveries: number;

  @ListOf(LeadTimeDayDto, 60)
  distribution: LeadTimeDayDto[];
}

/** What a product in a store is replenished by. */
export class ParametersDto {
  @Part(ModeParameterDto)
  reorderPointMode: ModeParameterDto;

  @Part(NumberParameterDto)
  serviceLevel: NumberParameterDto;

  /** Mean days. */
  @Part(LeadTimeParameterDto)
  leadTimeDays: LeadTimeParameterDto;

  @Part(NumberParameterDto)
  reviewDays: NumberParameterDto;

  @Part(NumberParameterDto)
  coverDays: NumberParameterDto;

  @Part(NumberParameterDto)
  shelfLifeDays: NumberParameterDto;
}

const NOTES = [
  'minimum_stock',
  'maximum_stock',
  'shelf_life',
  'minimum_order',
  'minimum_order_above_maximum',
  'pack_above_maximum',
] as const;

/** What comes of the parameters. */
export class CalculationDto {
  @Part(ParametersDto)
  parameters: ParametersDto;

  /** Order when the position is at or below it. */
  @Quantity()
  reorderPoint: string;

  /** Order up to it. */
  @Quantity()
  orderUpTo: string;

  @Quantity({ sign: 'signed' })
  safetyStock: string;

  /** Expected demand over lead time and review. */
  @Quantity()
  meanDemand: string;

  /** On hand and coming, without what is reserved or promised. */
  @Quantity({ sign: 'signed' })
  position: string;

  /** What would be ordered now, before transfers are looked for. */
  @Quantity()
  quantity: string;

  @Measure(0, 1_000_000_000, { nullable: true })
  daysOfCover: number | null;

  @LocalDate({ nullable: true })
  stockOutDate: string | null;

  /** What moved the levels or the quantity. */
  @ChoicesOf(NOTES)
  notes: string[];
}

export class WhatIfDto {
  @Uuid()
  productId: string;

  @Uuid()
  storeId: string;

  @Measure(0.5, 0.999, { optional: true, example: 0.98 })
  serviceLevel?: number;

  @Count(0, 365, { optional: true, example: 5 })
  leadTimeDays?: number;

  @Count(0, 60, { optional: true })
  reviewDays?: number;

  @Count(1, 365, { optional: true })
  coverDays?: number;

  /** On the demand: 1.5 is half as much again. */
  @Measure(0.1, 20, { optional: true, example: 1.5 })
  promotionFactor?: number;
}

/** The same calculation twice; nothing is saved. */
export class WhatIfAnswerDto {
  /** By what is in force. */
  @Part(CalculationDto)
  before: CalculationDto;

  /** By what was asked. */
  @Part(CalculationDto)
  after: CalculationDto;
}
