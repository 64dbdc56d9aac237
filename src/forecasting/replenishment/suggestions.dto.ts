import {
  Choice,
  Code,
  Count,
  Instant,
  ListOf,
  LocalDate,
  Measure,
  Money,
  OpenData,
  Part,
  Quantity,
  Text,
  UnitCost,
  Uuid,
  Uuids,
} from '../../kernel/http/fields.js';
import { PageQuery } from '../../kernel/http/page.dto.js';
import {
  SUGGESTION_KINDS,
  SUGGESTION_REASONS,
  type SuggestionData,
  type SuggestionKind,
  type SuggestionReason,
} from './replenishment-plan.js';
import { SUGGESTION_STATUSES, type SuggestionStatus } from './suggestions.repository.js';

export class SuggestionsQuery extends PageQuery {
  /** Absent: open. */
  @Choice(SUGGESTION_STATUSES, { optional: true, enumName: 'SuggestionStatus', example: 'open' })
  status?: SuggestionStatus;

  @Choice(SUGGESTION_KINDS, { optional: true, enumName: 'SuggestionKind' })
  kind?: SuggestionKind;

  /** Where stock is needed. */
  @Uuid({ optional: true })
  storeId?: string;

  @Uuid({ optional: true })
  supplierId?: string;

  @Uuid({ optional: true })
  productId?: string;
}

/** Why it is suggested. */
export class SuggestionReasonDto {
  @Choice(SUGGESTION_REASONS, { enumName: 'SuggestionReason' })
  code: SuggestionReason;

  /** In the caller's language, with the numbers. */
  @Text(2000, { example: 'La existencia llegó a su punto de reorden: disponible: 30, en camino: 0 ...' })
  text: string;
}

/** What to order from a supplier, or to bring from another store. */
export class SuggestionDto {
  @Uuid()
  id: string;

  @Choice(SUGGESTION_KINDS, { enumName: 'SuggestionKind' })
  kind: SuggestionKind;

  @Choice(SUGGESTION_STATUSES, { enumName: 'SuggestionStatus' })
  status: SuggestionStatus;

  @Uuid()
  productId: string;

  /** @example 'LAC001' */
  @Code(60)
  sku: string;

  /** @example 'Leche Entera Santa Bárbara 1L' */
  @Text(300)
  productName: string;

  /** Where stock is needed. */
  @Uuid()
  storeId: string;

  /** @example 'Caracas - Chacao' */
  @Text(200)
  storeName: string;

  /** Of a transfer: the store that has more than it needs. */
  @Uuid({ nullable: true })
  fromStoreId: string | null;

  @Text(200, { nullable: true })
  fromStoreName: string | null;

  /** Of a purchase; null: the product has no supplier yet. */
  @Uuid({ nullable: true })
  supplierId: string | null;

  @Text(200, { nullable: true })
  supplierName: string | null;

  /** In whole packs, at least the supplier's minimum; of a transfer: what the other store can spare. */
  @Quantity()
  quantity: string;

  /** What the supplier usually asks; of a transfer null. */
  @UnitCost({ nullable: true })
  unitCost: string | null;

  /** quantity times unitCost. */
  @Money({ nullable: true })
  amount: string | null;

  /** Computed: order when stock and what is coming is down to it. */
  @Quantity({ nullable: true })
  reorderPoint: string | null;

  /** What the reorder point has above the expected demand; below zero: a limit forbids more. */
  @Quantity({ nullable: true, sign: 'signed' })
  safetyStock: string | null;

  /** Days that the stock on hand lasts at the expected demand; null: not known. */
  @Measure(0, 1_000_000_000, { nullable: true, example: 3.5 })
  daysOfCover: number | null;

  @Count(0, 730, { nullable: true })
  leadTimeDays: number | null;

  /** First day that is not met by stock and orders; null: not foreseen. */
  @LocalDate({ nullable: true })
  stockOutDate: string | null;

  @Part(SuggestionReasonDto)
  reason: SuggestionReasonDto;

  /**
   * The numbers: available, onOrder, inDrafts, transfersIn, transfersOut, position, orderUpTo, need, byTransfer, meanDemand, packSize,
   * minOrderQuantity, alertPoint (decimal strings), reviewDays, coverDays, serviceLevel and where it comes from, leadTimeSource, notes.
   */
  @OpenData()
  data: SuggestionData;

  /** The draft it went on with. */
  @Uuid({ nullable: true })
  purchaseOrderId: string | null;

  @Uuid({ nullable: true })
  stockTransferId: string | null;

  @Uuid({ nullable: true })
  decidedBy: string | null;

  @Instant({ nullable: true })
  decidedAt: Date | null;

  @Instant()
  createdAt: Date;

  @Instant()
  updatedAt: Date;
}

export class SupplierGroupsQuery extends PageQuery {
  @Uuid({ optional: true })
  storeId?: string;

  @Uuid({ optional: true })
  supplierId?: string;
}

/** What would be ordered for one store. */
export class StoreOrderDto {
  @Uuid()
  storeId: string;

  @Text(200)
  storeName: string;

  @Count(0, 2_147_483_647)
  lines: number;

  @Money()
  amount: string;

  /** What is missing to the supplier's least amount of an order; null: it asks none. */
  @Money({ nullable: true })
  shortfall: string | null;
}

/** Open suggestions of purchases from one supplier. */
export class SupplierGroupDto {
  /** Null: of products without a supplier. */
  @Uuid({ nullable: true })
  supplierId: string | null;

  @Text(200, { nullable: true })
  supplierName: string | null;

  /** Least amount of one order; null: none. */
  @Money({ nullable: true })
  minOrderAmount: string | null;

  @Count(0, 2_147_483_647)
  lines: number;

  @Quantity()
  units: string;

  @Money()
  amount: string;

  /** Lines whose cost is not known: the amounts leave them out. */
  @Count(0, 2_147_483_647)
  linesWithoutCost: number;

  /** The first day on which one of them runs out. */
  @LocalDate({ nullable: true })
  stockOutDate: string | null;

  /** One order a store. */
  @ListOf(StoreOrderDto, 10_000)
  orders: StoreOrderDto[];
}

export class StartedSuggestionsDto {
  /** Shown by GET /v1/jobs/{id}. */
  @Uuid()
  jobId: string;
}

/** Another quantity than the suggested one. */
export class SuggestedQuantityDto {
  /** One of suggestionIds. */
  @Uuid()
  suggestionId: string;

  /** Whole packs and at least the supplier's minimum; of a transfer at most what was suggested. */
  @Quantity({ sign: 'positive', example: '24' })
  quantity: string;
}

export class AcceptSuggestionsDto {
  @Uuids(200, { min: 1 })
  suggestionIds: string[];

  /** Where something else is wanted than what was suggested. */
  @ListOf(SuggestedQuantityDto, 200, { optional: true })
  quantities?: SuggestedQuantityDto[];
}

export class DraftedOrderDto {
  @Uuid()
  id: string;

  /** @example 'OC-00000012' */
  @Code(40)
  orderNumber: string;

  @Uuid()
  supplierId: string;

  @Uuid()
  storeId: string;

  @Uuids(200)
  suggestionIds: string[];
}

export class DraftedTransferDto {
  @Uuid()
  id: string;

  /** @example 'TR-00000003' */
  @Code(40)
  transferNumber: string;

  @Uuid()
  fromStoreId: string;

  @Uuid()
  toStoreId: string;

  @Uuids(200)
  suggestionIds: string[];
}

/** The drafts that were made: one order for each supplier and store, one transfer for each two stores. */
export class AcceptedSuggestionsDto {
  @ListOf(DraftedOrderDto, 200)
  purchaseOrders: DraftedOrderDto[];

  @ListOf(DraftedTransferDto, 200)
  transfers: DraftedTransferDto[];
}
