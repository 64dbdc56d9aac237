import { Choice, Code, Decimal, Instant, Part, Quantity, Text, UnitCost, Uuid } from '../../kernel/http/fields.js';
import { MONEY } from '../../kernel/http/decimal.js';
import { PageQuery } from '../../kernel/http/page.dto.js';
import { MOVEMENT_KINDS, MOVEMENT_TYPES, type MovementKind, type MovementType } from './movement-kind.js';
import { REFERENCE_TYPES, type ReferenceType } from './movements.repository.js';

export class CreateMovementDto {
  /** Where the stock is; of a transfer: where it leaves. */
  @Uuid()
  storeId: string;

  @Uuid()
  productId: string;

  /** in and out change the stock of the store; transfer moves it to toStoreId; adjustment corrects it by a signed quantity. */
  @Choice(MOVEMENT_TYPES, { enumName: 'MovementType', example: 'in' })
  type: MovementType;

  /** More than zero; of an adjustment signed and not zero. */
  @Quantity({ sign: 'nonzero', example: '12' })
  quantity: string;

  /**
   * A code of GET /v1/inventory/reasons, or words of your own.
   * @example 'Reposición semanal'
   */
  @Text(500)
  reason: string;

  /** Cost of one unit. Absent: what leaves takes the store's average cost. Not for a transfer, which keeps its cost. */
  @UnitCost({ optional: true, example: '2.50' })
  unitCost?: string;

  /** Only of a transfer: where the stock goes. */
  @Uuid({ optional: true })
  toStoreId?: string;

  /** When it happened, not in the future and at most 400 days ago; absent: now. */
  @Instant({ optional: true })
  occurredAt?: string;
}

export class MovementDto {
  @Uuid()
  id: string;

  @Uuid()
  productId: string;

  @Uuid()
  storeId: string;

  @Choice(MOVEMENT_TYPES, { enumName: 'MovementType' })
  type: MovementType;

  /** What it was; type says only which way it went. */
  @Choice(MOVEMENT_KINDS, { enumName: 'MovementKind' })
  kind: MovementKind;

  /** Signed: below zero it left the store. */
  @Quantity({ sign: 'signed', example: '-2.0000' })
  quantity: string;

  /** Cost of one unit; null: not known. */
  @UnitCost({ nullable: true })
  unitCost: string | null;

  /** quantity times unitCost, signed. */
  @Decimal(MONEY, { nullable: true, sign: 'signed', example: '-5.0000' })
  totalCost: string | null;

  /** Stock on hand of the product in the store after it, in the order of occurredAt. */
  @Quantity({ sign: 'signed', example: '22.0000' })
  balance: string;

  /** Words given with it. */
  @Text(500, { nullable: true })
  reason: string | null;

  /** @example 'damage' */
  @Code(40, { nullable: true })
  reasonCode: string | null;

  /** What kind of document caused it. */
  @Choice(REFERENCE_TYPES, { nullable: true, enumName: 'MovementReference' })
  referenceType: ReferenceType | null;

  /** The document that caused it; of a transfer: an id that both its rows share. */
  @Uuid({ nullable: true })
  referenceId: string | null;

  /** User who recorded it; null: a job. */
  @Uuid({ nullable: true })
  createdBy: string | null;

  @Instant()
  occurredAt: Date;

  @Instant()
  recordedAt: Date;
}

export class RecordedMovementDto extends MovementDto {
  /** Of a transfer: what arrived in the other store. */
  @Part(MovementDto, { nullable: true })
  counterpart: MovementDto | null;
}

export class MovementsQuery extends PageQuery {
  @Uuid({ optional: true })
  productId?: string;

  @Uuid({ optional: true })
  storeId?: string;

  @Choice(MOVEMENT_TYPES, { optional: true, enumName: 'MovementType' })
  type?: MovementType;

  /** Movements at or after this instant; absent: 30 days before `to`. */
  @Instant({ optional: true })
  from?: string;

  /** Movements before this instant; absent: up to now. */
  @Instant({ optional: true })
  to?: string;
}
