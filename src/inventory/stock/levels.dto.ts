import {
  Choice,
  Code,
  Count,
  Flag,
  Instant,
  ListOf,
  LocalDate,
  Quantity,
  Text,
  UnitCost,
  Uuid,
} from '../../kernel/http/fields.js';
import { PageQuery } from '../../kernel/http/page.dto.js';

export class LevelDto {
  @Uuid()
  productId: string;

  /** @example 'LAC001' */
  @Code(60)
  sku: string;

  /** @example 'Leche Entera Santa Bárbara 1L' */
  @Text(300)
  productName: string;

  @Uuid()
  storeId: string;

  /** @example 'CCS-01' */
  @Code(40)
  storeCode: string;

  @Quantity({ sign: 'signed' })
  onHand: string;

  @Quantity()
  reserved: string;

  /** onHand minus reserved. */
  @Quantity({ sign: 'signed' })
  available: string;

  /** Moving average of what was received at a known cost; null: never. */
  @UnitCost({ nullable: true })
  averageCost: string | null;

  /** In force here: the store's, else the product's. */
  @Quantity()
  reorderPoint: string;

  @Quantity()
  minStockLevel: string;

  @Quantity({ nullable: true })
  maxStockLevel: string | null;

  /** In force here: the store's, else the product's, else the supplier's. */
  @Count(0, 730, { nullable: true })
  leadTimeDays: number | null;

  /** available is strictly below reorderPoint and the product is active. */
  @Flag()
  belowReorderPoint: boolean;

  /** Day at whose start the opening stock was counted; imported sales of earlier days did not move it. */
  @LocalDate({ nullable: true })
  countedFrom: string | null;

  @Instant({ nullable: true })
  lastMovementAt: Date | null;
}

export class LevelsQuery extends PageQuery {
  @Uuid({ optional: true })
  productId?: string;

  @Uuid({ optional: true })
  storeId?: string;

  /** true: only what is strictly below its reorder point. */
  @Flag({ optional: true, example: true })
  below?: boolean;
}

export const REASON_DIRECTIONS = ['in', 'out', 'both'] as const;

export class ReasonDto {
  /** @example 'damage' */
  @Code(40)
  code: string;

  /** @example 'Mercancía dañada' */
  @Text(200)
  name: string;

  /** Which way a movement with it may go. */
  @Choice(REASON_DIRECTIONS, { enumName: 'ReasonDirection' })
  direction: (typeof REASON_DIRECTIONS)[number];
}

export class ReasonsDto {
  @ListOf(ReasonDto, 1000)
  data: ReasonDto[];
}

export class LevelDifferenceDto {
  @Uuid()
  productId: string;

  @Uuid()
  storeId: string;

  /** Stock on hand of the level. */
  @Quantity({ sign: 'signed' })
  level: string;

  /** Sum of all movements. */
  @Quantity({ sign: 'signed' })
  movements: string;

  @Quantity({ sign: 'signed' })
  reserved: string;
}

export class IntegrityDto {
  /** true: every level is the sum of its movements and no reservation is negative. */
  @Flag()
  consistent: boolean;

  /** Products and stores compared. */
  @Count(0, 2_147_483_647)
  levels: number;

  /** How many of them differ. */
  @Count(0, 2_147_483_647)
  differing: number;

  /** The first hundred of them. */
  @ListOf(LevelDifferenceDto, 100)
  differences: LevelDifferenceDto[];

  @Instant()
  checkedAt: Date;
}
