import {
  Choice,
  Code,
  Count,
  Currency,
  Decimal,
  Instant,
  ListOf,
  LocalDate,
  Money,
  Quantity,
  Text,
  UnitCost,
  Uuid,
} from '../../kernel/http/fields.js';
import { PageQuery } from '../../kernel/http/page.dto.js';
import { ORDER_STATUSES, type OrderStatus } from './order-calculation.js';

export class OrderItemInputDto {
  @Uuid()
  productId: string;

  @Quantity({ sign: 'positive', example: '24' })
  quantity: string;

  /** Cost of one unit, without tax. Absent: what the supplier usually asks, else the product's cost. */
  @UnitCost({ optional: true, example: '2.50' })
  unitCost?: string;
}

export class CreatePurchaseOrderDto {
  /** Where the goods are to come. */
  @Uuid()
  storeId: string;

  @Uuid()
  supplierId: string;

  @ListOf(OrderItemInputDto, 500, { min: 1 })
  items: OrderItemInputDto[];

  /** Absent: today. */
  @LocalDate({ optional: true })
  orderDate?: string;

  /** Absent: orderDate and the supplier's lead time. */
  @LocalDate({ optional: true, nullable: true })
  expectedDate?: string | null;

  /** Currency of the costs; absent: the tenant's. */
  @Currency({ optional: true })
  currency?: string;

  /** @example 'Entregar por la mañana' */
  @Text(2000, { optional: true, nullable: true })
  notes?: string | null;
}

export class UpdatePurchaseOrderDto {
  /** Replaces all lines; only of a draft. */
  @ListOf(OrderItemInputDto, 500, { min: 1, optional: true })
  items?: OrderItemInputDto[];

  @LocalDate({ optional: true, nullable: true })
  expectedDate?: string | null;

  /** @example 'Entregar por la mañana' */
  @Text(2000, { optional: true, nullable: true })
  notes?: string | null;
}

export class ReceiptLineInputDto {
  /** Line of the order. */
  @Uuid()
  itemId: string;

  @Quantity({ sign: 'positive', example: '12' })
  quantity: string;
}

export class ReceivePurchaseOrderDto {
  /** What has come; lines that are absent have not. */
  @ListOf(ReceiptLineInputDto, 500, { min: 1 })
  lines: ReceiptLineInputDto[];

  /** Number of the supplier's delivery note. */
  @Text(100, { optional: true, nullable: true, example: 'NE-00123' })
  deliveryNote?: string | null;

  /** @example 'Dos cajas golpeadas' */
  @Text(2000, { optional: true, nullable: true })
  notes?: string | null;
}

export class OrderItemDto {
  @Uuid()
  id: string;

  @Count(1, 500)
  lineNumber: number;

  @Uuid()
  productId: string;

  /** @example 'LAC001' */
  @Code(60)
  sku: string;

  /** @example 'Leche Entera Santa Bárbara 1L' */
  @Text(300)
  name: string;

  @Quantity()
  quantityOrdered: string;

  @Quantity()
  quantityReceived: string;

  /** How much more than ordered may come, in percent. */
  @Decimal({ integer: 5, scale: 4 }, { example: '0.0000' })
  overReceiptPercent: string;

  @UnitCost()
  unitCost: string;

  /** Percent. */
  @Decimal({ integer: 5, scale: 4 }, { example: '16.0000' })
  taxRate: string;

  @Money()
  lineTotal: string;
}

export class GoodsReceiptItemDto {
  /** Line of the order. */
  @Uuid()
  itemId: string;

  @Uuid()
  productId: string;

  @Quantity()
  quantity: string;

  @UnitCost()
  unitCost: string;
}

export class GoodsReceiptDto {
  @Uuid()
  id: string;

  /** @example 'REC-00000001' */
  @Code(40)
  receiptNumber: string;

  @Text(100, { nullable: true })
  deliveryNote: string | null;

  @Text(2000, { nullable: true })
  notes: string | null;

  @Uuid({ nullable: true })
  createdBy: string | null;

  @Instant()
  receivedAt: Date;

  @ListOf(GoodsReceiptItemDto, 500)
  items: GoodsReceiptItemDto[];
}

export class PurchaseOrderSummaryDto {
  @Uuid()
  id: string;

  /** @example 'OC-00000001' */
  @Code(40)
  orderNumber: string;

  /** partial and received follow from the quantities that have come. */
  @Choice(ORDER_STATUSES, { enumName: 'PurchaseOrderStatus' })
  status: OrderStatus;

  @Uuid()
  storeId: string;

  @Uuid()
  supplierId: string;

  /** @example 'Empresas Polar, S.A.' */
  @Text(200)
  supplierName: string;

  @LocalDate()
  orderDate: string;

  @LocalDate({ nullable: true })
  expectedDate: string | null;

  /** Day on which the last of it came. */
  @LocalDate({ nullable: true })
  receivedDate: string | null;

  @Currency()
  currency: string;

  @Money()
  subtotal: string;

  @Money()
  taxAmount: string;

  @Money()
  totalAmount: string;

  @Text(2000, { nullable: true })
  notes: string | null;

  @Uuid({ nullable: true })
  createdBy: string | null;

  @Instant()
  createdAt: Date;

  @Instant()
  updatedAt: Date;
}

export class PurchaseOrderDto extends PurchaseOrderSummaryDto {
  @ListOf(OrderItemDto, 500)
  items: OrderItemDto[];

  /** What has come, first delivery first. */
  @ListOf(GoodsReceiptDto, 1000)
  receipts: GoodsReceiptDto[];
}

export class PurchaseOrdersQuery extends PageQuery {
  @Choice(ORDER_STATUSES, { optional: true, enumName: 'PurchaseOrderStatus' })
  status?: OrderStatus;

  @Uuid({ optional: true })
  storeId?: string;

  @Uuid({ optional: true })
  supplierId?: string;

  /** Orders that have this product. */
  @Uuid({ optional: true })
  productId?: string;
}
