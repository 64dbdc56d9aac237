import { Count, Part, Quantity, Uuid } from '../../kernel/http/fields.js';

export class UpdateStockLimitsDto {
  /** Below it this store gets a low-stock alert for the product; null: the product's. */
  @Quantity({ optional: true, nullable: true, example: '24' })
  reorderPoint?: string | null;

  /** null: the product's. */
  @Quantity({ optional: true, nullable: true, example: '6' })
  minStockLevel?: string | null;

  /** null: the product's. */
  @Quantity({ optional: true, nullable: true, example: '96' })
  maxStockLevel?: string | null;

  /** Days from order to delivery at this store; null: the product's, else the supplier's. */
  @Count(0, 730, { optional: true, nullable: true, example: 5 })
  leadTimeDays?: number | null;
}

export class StockOverrideDto {
  @Quantity({ nullable: true })
  reorderPoint: string | null;

  @Quantity({ nullable: true })
  minStockLevel: string | null;

  @Quantity({ nullable: true })
  maxStockLevel: string | null;

  @Count(0, 730, { nullable: true })
  leadTimeDays: number | null;
}

export class StockLimitsDto {
  @Uuid()
  productId: string;

  @Uuid()
  storeId: string;

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

  /** What the store sets for itself; null: the product's. */
  @Part(StockOverrideDto)
  override: StockOverrideDto;
}
