import { PartialType } from '@nestjs/swagger';
import {
  Choice,
  Code,
  Count,
  Decimal,
  Flag,
  Instant,
  ListOf,
  Money,
  OpenData,
  Quantity,
  Text,
  UnitCost,
  Uuid,
} from '../../kernel/http/fields.js';
import { PageQuery } from '../../kernel/http/page.dto.js';
import { BARCODE_STATUSES, type BarcodeStatus } from '../../kernel/identifiers/barcode.js';
import { UNIT_TYPES, type UnitType } from './product.entity.js';

export class ProductBarcodeInputDto {
  /** @example '17599990000010' */
  @Code(60)
  barcode: string;

  /** How many units of the product one scan stands for: 12 on a case of twelve. */
  @Quantity({ optional: true, sign: 'positive', example: '12' })
  quantity?: string;
}

export class CreateProductDto {
  /**
   * Stock keeping unit, your own code; unique.
   * @example 'LAC-900'
   */
  @Code(60)
  sku: string;

  /** @example 'Leche Descremada Santa Bárbara 1L' */
  @Text(300)
  name: string;

  /** @example 'Leche pasteurizada descremada' */
  @Text(5000, { optional: true, nullable: true })
  description?: string | null;

  /**
   * The main label. A wrong EAN or UPC check digit is told in barcodeStatus, not refused.
   * @example '7599990000013'
   */
  @Code(60, { optional: true, nullable: true })
  barcode?: string | null;

  /** Further labels, such as the one of a case. */
  @ListOf(ProductBarcodeInputDto, 50, { optional: true })
  barcodes?: ProductBarcodeInputDto[];

  @Uuid({ optional: true, nullable: true, example: null })
  categoryId?: string | null;

  /** Who usually delivers it. */
  @Uuid({ optional: true, nullable: true, example: null })
  supplierId?: string | null;

  /** What the quantities count. */
  @Choice(UNIT_TYPES, { optional: true, enumName: 'UnitType' })
  unitType?: UnitType;

  @Quantity({ optional: true, example: '6' })
  minStockLevel?: string;

  @Quantity({ optional: true, nullable: true, example: '120' })
  maxStockLevel?: string | null;

  /** A store whose available stock falls strictly below it gets a low-stock alert. A store may have its own. */
  @Quantity({ optional: true, example: '12' })
  reorderPoint?: string;

  /** Days from order to delivery; null: the supplier's. */
  @Count(0, 730, { optional: true, nullable: true, example: 3 })
  leadTimeDays?: number | null;

  /** What one unit costs to buy. */
  @UnitCost({ optional: true, example: '2.50' })
  costPrice?: string;

  /** What one unit is sold for, without tax. */
  @Money({ optional: true, example: '3.25' })
  sellingPrice?: string;

  /** Code of a tax category (GET /v1/tax-categories); absent: the tenant's default. */
  @Code(40, { optional: true, example: 'exempt' })
  taxCategory?: string;

  /** Whether its stock may fall below zero; null: the store's, else the tenant's rule. */
  @Flag({ optional: true, nullable: true })
  allowNegativeStock?: boolean | null;

  /** Fields of your own. */
  @OpenData({ optional: true })
  settings?: object;
}

export class UpdateProductDto extends PartialType(CreateProductDto) {
  /** true brings a deactivated product back. */
  @Flag({ optional: true })
  isActive?: boolean;
}

export class ProductBarcodeDto {
  /** @example '7591234567894' */
  @Code(60)
  barcode: string;

  /** valid or invalid: the EAN or UPC check digit; unchecked: the code has none. */
  @Choice(BARCODE_STATUSES, { enumName: 'BarcodeStatus' })
  status: BarcodeStatus;

  @Quantity({ example: '1.0000' })
  quantity: string;
}

export class ProductDto {
  @Uuid()
  id: string;

  /** @example 'LAC001' */
  @Code(60)
  sku: string;

  /** @example 'Leche Entera Santa Bárbara 1L' */
  @Text(300)
  name: string;

  @Text(5000, { nullable: true })
  description: string | null;

  /** The main label. */
  @Code(60, { nullable: true })
  barcode: string | null;

  /** valid or invalid: the EAN or UPC check digit of the main label; unchecked: none, or a code without one. */
  @Choice(BARCODE_STATUSES, { enumName: 'BarcodeStatus' })
  barcodeStatus: BarcodeStatus;

  /** Further labels. */
  @ListOf(ProductBarcodeDto, 50)
  barcodes: ProductBarcodeDto[];

  @Uuid({ nullable: true })
  categoryId: string | null;

  @Uuid({ nullable: true })
  supplierId: string | null;

  @Choice(UNIT_TYPES, { enumName: 'UnitType' })
  unitType: UnitType;

  @Quantity()
  minStockLevel: string;

  @Quantity({ nullable: true })
  maxStockLevel: string | null;

  @Quantity()
  reorderPoint: string;

  @Count(0, 730, { nullable: true })
  leadTimeDays: number | null;

  @UnitCost()
  costPrice: string;

  @Money()
  sellingPrice: string;

  /** @example 'general' */
  @Code(40)
  taxCategory: string;

  /** Percent in force today. */
  @Decimal({ integer: 5, scale: 4 }, { example: '16.0000' })
  taxRate: string;

  @Flag({ nullable: true })
  allowNegativeStock: boolean | null;

  @OpenData()
  settings: object;

  @Flag()
  isActive: boolean;

  @Instant()
  createdAt: Date;

  @Instant()
  updatedAt: Date;
}

export class ProductsQuery extends PageQuery {
  /** Words of the name in any form and order, or part of a SKU or barcode, without regard to case or accents; best match first. */
  @Text(100, { optional: true, example: 'leche entera' })
  q?: string;

  /** Exactly this SKU. */
  @Code(60, { optional: true })
  sku?: string;

  /** Exactly this barcode, the main label or a further one. */
  @Code(60, { optional: true })
  barcode?: string;

  /** Products of this category or of one below it. */
  @Uuid({ optional: true })
  categoryId?: string;

  /** Products that this supplier usually delivers. */
  @Uuid({ optional: true })
  supplierId?: string;

  /** Only active or only deactivated products. */
  @Flag({ optional: true })
  isActive?: boolean;
}
