import { Choice, Code, Instant, ListOf, Quantity, Text, Uuid } from '../../kernel/http/fields.js';
import { PageQuery } from '../../kernel/http/page.dto.js';

export const TRANSFER_STATUSES = ['draft', 'ready', 'in_transit', 'partially_received', 'received', 'cancelled'] as const;
export type TransferStatus = (typeof TRANSFER_STATUSES)[number];

export class TransferItemInputDto {
  @Uuid()
  productId: string;

  @Quantity({ sign: 'positive', example: '6' })
  quantity: string;
}

export class CreateTransferDto {
  /** Where the goods are. */
  @Uuid()
  fromStoreId: string;

  /** Where they are to come. */
  @Uuid()
  toStoreId: string;

  /** Each product once. */
  @ListOf(TransferItemInputDto, 500, { min: 1 })
  items: TransferItemInputDto[];

  /** @example 'Con el camión del lunes' */
  @Text(2000, { optional: true, nullable: true })
  notes?: string | null;
}

export class TransfersQuery extends PageQuery {
  @Choice(TRANSFER_STATUSES, { optional: true, enumName: 'TransferStatus' })
  status?: TransferStatus;

  /** Transfers from or to this store. */
  @Uuid({ optional: true })
  storeId?: string;
}

export class TransferItemDto {
  @Uuid()
  productId: string;

  /** @example 'LAC001' */
  @Code(60)
  sku: string;

  /** @example 'Leche Entera Santa Bárbara 1L' */
  @Text(300)
  name: string;

  @Quantity()
  quantity: string;

  @Quantity()
  quantityReceived: string;
}

/** Goods to be moved from one store to another. Nothing moves before it is completed. */
export class TransferDto {
  @Uuid()
  id: string;

  /** @example 'TR-00000001' */
  @Code(40)
  transferNumber: string;

  @Choice(TRANSFER_STATUSES, { enumName: 'TransferStatus' })
  status: TransferStatus;

  @Uuid()
  fromStoreId: string;

  @Uuid()
  toStoreId: string;

  @Text(2000, { nullable: true })
  notes: string | null;

  @ListOf(TransferItemDto, 500)
  items: TransferItemDto[];

  @Uuid({ nullable: true })
  createdBy: string | null;

  /** When the goods arrived. */
  @Instant({ nullable: true })
  receivedAt: Date | null;

  @Instant()
  createdAt: Date;

  @Instant()
  updatedAt: Date;
}
