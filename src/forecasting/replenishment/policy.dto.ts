import { Choice, Count, Flag, ListOf, Measure, Part, Quantity, Uuid } from '../../kernel/http/fields.js';
import { ParametersDto } from './calculation.dto.js';
import { REORDER_POINT_MODES, type ReorderPointMode } from './parameters.js';

const MODE = 'ReorderPointMode';

export class PolicyQuery {
  /** The rules of this product; absent: those of the company. */
  @Uuid({ optional: true })
  productId?: string;

  /** With productId: its rules in this store, and what is in force there. */
  @Uuid({ optional: true })
  storeId?: string;
}

/** Service levels of products whose margin says nothing, by the pattern of their demand. */
export class ClassServiceLevelsDto {
  @Measure(0.5, 0.999, { example: 0.95 })
  smooth: number;

  @Measure(0.5, 0.999, { example: 0.95 })
  erratic: number;

  @Measure(0.5, 0.999, { example: 0.92 })
  intermittent: number;

  @Measure(0.5, 0.999, { example: 0.9 })
  lumpy: number;
}

/** Rules to change; what is absent stays, null takes the less particular rule again. */
export class UpdatePolicyDto {
  /** Days that an order covers. */
  @Count(1, 365, { optional: true, nullable: true, example: 7 })
  coverDays?: number | null;

  /**
   * fixed: people set the reorder point of alerts; suggested: the computed one is shown beside it and can be applied; automatic: the nightly
   * job writes it where there is a forecast.
   */
  @Choice(REORDER_POINT_MODES, { optional: true, nullable: true, enumName: MODE, example: 'suggested' })
  reorderPointMode?: ReorderPointMode | null;

  /** Probability with which demand is to be met until an order comes; null: by margin and holding cost, else by the class of the demand. */
  @Measure(0.5, 0.999, { optional: true, nullable: true, example: 0.97 })
  serviceLevel?: number | null;

  /** Days that the goods keep after they came; null: they keep. */
  @Count(1, 3650, { optional: true, nullable: true, example: 21 })
  shelfLifeDays?: number | null;

  /** Only of the company. */
  @Part(ClassServiceLevelsDto, { optional: true })
  classServiceLevels?: ClassServiceLevelsDto;

  /** Only of the company: percent of a unit's cost that a year in stock costs; null: not known. */
  @Measure(0, 1000, { optional: true, nullable: true, example: 25 })
  holdingCostPercent?: number | null;

  /** Only of the company: cost of one line of an order, in its currency; then orders cover the economic batch. Null: coverDays. */
  @Measure(0.01, 1_000_000, { optional: true, nullable: true })
  orderCost?: number | null;

  /** Only of the company: days between two looks at the stock. */
  @Count(0, 60, { optional: true })
  reviewDays?: number;

  /** Only of the company: percent by which deliveries come early or late, for suppliers of which fewer than five were received. */
  @Count(0, 100, { optional: true })
  leadTimeSpreadPercent?: number;

  /** Only of the company: whether transfers between stores are suggested before purchases. */
  @Flag({ optional: true })
  suggestTransfers?: boolean;
}

/** Rules as they are set at one level; null: not said there. */
export class PolicyRulesDto {
  @Choice(REORDER_POINT_MODES, { nullable: true, enumName: MODE })
  reorderPointMode: ReorderPointMode | null;

  @Measure(0.5, 0.999, { nullable: true })
  serviceLevel: number | null;

  @Count(1, 365, { nullable: true })
  coverDays: number | null;

  @Count(1, 3650, { nullable: true })
  shelfLifeDays: number | null;

  @Part(ClassServiceLevelsDto, { nullable: true })
  classServiceLevels: ClassServiceLevelsDto | null;

  @Measure(0, 1000, { nullable: true })
  holdingCostPercent: number | null;

  @Measure(0, 1_000_000, { nullable: true })
  orderCost: number | null;

  @Count(0, 60, { nullable: true })
  reviewDays: number | null;

  @Count(0, 100, { nullable: true })
  leadTimeSpreadPercent: number | null;

  @Flag({ nullable: true })
  suggestTransfers: boolean | null;
}

/** The reorder point that alerts go by, beside the one that comes of the forecast. */
export class ReorderPointDto {
  @Quantity()
  inForce: string;

  /** Null: there is no forecast. Apply it, or have that done every night by reorderPointMode automatic. */
  @Quantity({ nullable: true })
  computed: string | null;
}

/** Rules of one level; of a product in a store also what is in force there. */
export class PolicyDto {
  @Uuid({ nullable: true })
  productId: string | null;

  @Uuid({ nullable: true })
  storeId: string | null;

  /** As they are set here. */
  @Part(PolicyRulesDto)
  rules: PolicyRulesDto;

  /** Of a product in a store. */
  @Part(ParametersDto, { nullable: true })
  parameters: ParametersDto | null;

  /** Of a product in a store. */
  @Part(ReorderPointDto, { nullable: true })
  reorderPoint: ReorderPointDto | null;
}

export class ReorderPointPlaceDto {
  @Uuid()
  productId: string;

  @Uuid()
  storeId: string;
}

export class ApplyReorderPointsDto {
  @ListOf(ReorderPointPlaceDto, 200, { min: 1 })
  items: ReorderPointPlaceDto[];
}

export class AppliedReorderPointDto extends ReorderPointPlaceDto {
  /** The point that alerts went by. */
  @Quantity()
  before: string;

  @Quantity()
  after: string;
}

export class AppliedReorderPointsDto {
  @ListOf(AppliedReorderPointDto, 200)
  data: AppliedReorderPointDto[];
}
