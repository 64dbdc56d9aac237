import {
  Choice,
  Code,
  Count,
  Currency,
  Flag,
  Instant,
  ListOf,
  LocalDate,
  Money,
  Part,
  Quantity,
  Rate,
  Text,
  Uuid,
} from '../../kernel/http/fields.js';
import { PageQuery } from '../../kernel/http/page.dto.js';
import { PAYMENT_METHODS, type PaymentMethod } from './sale-pricing.js';

export const SALE_STATUSES = ['draft', 'completed', 'voided', 'returned'] as const;
export const PAYMENT_STATUSES = ['paid', 'pending', 'partial', 'cancelled'] as const;

export class SaleItemInputDto {
  /** The product; or give `sku` or `barcode`. */
  @Uuid({ optional: true })
  productId?: string;

  /** @example LAC001 */
  @Code(60, { optional: true })
  sku?: string;

  /** As scanned. A code that stands for several units (a case) multiplies the quantity. */
  @Code(60, { optional: true })
  barcode?: string;

  /** Units sold, in the product's unit. @example 2 */
  @Quantity({ sign: 'positive', example: '2' })
  quantity: string;

  /** Price of one unit without tax; absent: the product's selling price. */
  @Money({ optional: true })
  unitPrice?: string;

  /** Amount off the line, without tax. */
  @Money({ optional: true, example: '0.5000' })
  discount?: string;

  /** Sold under a promotion. */
  @Flag({ optional: true })
  promotion?: boolean;
}

export class SalePaymentInputDto {
  @Choice(PAYMENT_METHODS, { enumName: 'PaymentMethod' })
  method: PaymentMethod;

  /** Amount handed over, in the payment's currency. Cash above the total is change. */
  @Money({ sign: 'positive', example: '7.5400' })
  amount: string;

  /** Absent: the tenant's currency. Another one is converted at the rate in force. */
  @Currency({ optional: true })
  currency?: string;

  /** How it came: pago_movil, zelle, biopago, a terminal. @example pago_movil */
  @Code(40, { optional: true })
  channel?: string;

  /** Number of the transfer, card slip or cheque. */
  @Code(100, { optional: true })
  reference?: string;
}

export class SaleClientDto {
  /** A registered client. */
  @Uuid({ optional: true, nullable: true })
  id?: string | null;

  /** Name for the invoice of a walk-in client. */
  @Text(200, { optional: true, nullable: true })
  name?: string | null;

  /** RIF or other tax number for the invoice. @example J-30105123-8 */
  @Code(30, { optional: true, nullable: true })
  taxId?: string | null;
}

export class CreateSaleDto {
  @Uuid()
  storeId: string;

  @ListOf(SaleItemInputDto, 500, { min: 1 })
  items: SaleItemInputDto[];

  /** Together they cover the total; `credit` is what the client owes. */
  @ListOf(SalePaymentInputDto, 20)
  payments: SalePaymentInputDto[];

  @Part(SaleClientDto, { optional: true })
  client?: SaleClientDto;

  /** The till's own number: a second sale of the store with it is refused with the first one's id. @example T01-000123 */
  @Code(100, { optional: true })
  posTransactionId?: string;

  /** When it was sold; absent: now. At most 400 days ago, never in the future. */
  @Instant({ optional: true })
  occurredAt?: string;

  @Text(2000, { optional: true })
  notes?: string;
}

export class SaleItemDto {
  @Uuid()
  id: string;

  @Count(1, 500)
  lineNumber: number;

  @Uuid()
  productId: string;

  @Code(60)
  sku: string;

  @Text(300)
  name: string;

  @Quantity({ sign: 'signed' })
  quantity: string;

  @Money()
  unitPrice: string;

  /** quantity x unitPrice. */
  @Money({ sign: 'signed' })
  lineTotal: string;

  @Money({ sign: 'signed' })
  discountAmount: string;

  /** Percent. */
  @Rate({ example: '16.0000' })
  taxRate: string;

  @Money({ sign: 'signed' })
  taxAmount: string;
}

export class SalePaymentDto {
  @Choice(PAYMENT_METHODS, { enumName: 'PaymentMethod' })
  method: PaymentMethod;

  @Code(40, { nullable: true })
  channel: string | null;

  @Currency()
  currency: string;

  /** In the payment's currency, less the change. */
  @Money({ sign: 'signed' })
  amount: string;

  /** Payment currency for one unit of the sale's. */
  @Rate()
  exchangeRate: string;

  @Money({ sign: 'signed' })
  amountInSaleCurrency: string;

  @Code(100, { nullable: true })
  reference: string | null;
}

export class SaleSummaryDto {
  @Uuid()
  id: string;

  @Uuid()
  storeId: string;

  /** Gap-free for each store and series; null for imported history. */
  @Text(80, { nullable: true, example: 'CCS-01-A-00000001' })
  invoiceNumber: string | null;

  @Choice(SALE_STATUSES, { enumName: 'SaleStatus' })
  status: (typeof SALE_STATUSES)[number];

  /** Local date in the tenant's time zone. */
  @LocalDate()
  businessDate: string;

  @Instant()
  occurredAt: Date;

  @Part(SaleClientDto)
  client: SaleClientDto;

  @Currency()
  currency: string;

  @Money({ sign: 'signed' })
  subtotal: string;

  @Money({ sign: 'signed' })
  discountAmount: string;

  @Money({ sign: 'signed' })
  taxAmount: string;

  /** subtotal - discountAmount + taxAmount. */
  @Money({ sign: 'signed' })
  totalAmount: string;

  /** Method of the largest payment. */
  @Choice(PAYMENT_METHODS, { enumName: 'PaymentMethod', nullable: true })
  paymentMethod: PaymentMethod | null;

  @Choice(PAYMENT_STATUSES, { enumName: 'PaymentStatus' })
  paymentStatus: (typeof PAYMENT_STATUSES)[number];

  @Code(100, { nullable: true })
  posTransactionId: string | null;

  @Uuid({ nullable: true })
  createdBy: string | null;

  @Instant()
  updatedAt: Date;
}

export class SaleDto extends SaleSummaryDto {
  @ListOf(SaleItemDto, 500)
  items: SaleItemDto[];

  @ListOf(SalePaymentDto, 20)
  payments: SalePaymentDto[];

  /** Cash to hand back, in the sale's currency; only in the answer that created the sale. */
  @Money({ optional: true, example: '0.4600' })
  changeAmount?: string;

  @Text(2000, { nullable: true })
  notes: string | null;

  @Text(500, { nullable: true })
  voidReason: string | null;
}

export class SalesQuery extends PageQuery {
  @Uuid({ optional: true })
  storeId?: string;

  @Uuid({ optional: true })
  clientId?: string;

  @Choice(SALE_STATUSES, { optional: true, enumName: 'SaleStatus' })
  status?: (typeof SALE_STATUSES)[number];

  /** First local date; absent: 30 days ago. */
  @LocalDate({ optional: true })
  from?: string;

  /** Last local date; absent: today. */
  @LocalDate({ optional: true })
  to?: string;
}

export class VoidSaleDto {
  /** Why, for the audit. @example Cobro duplicado */
  @Text(500, { example: 'Cobro duplicado' })
  reason: string;
}
