import type { Assessment } from './assessment.js';
import { orderQuantity, round4, type OrderNote } from './reorder-policy.js';
import { isInPieces, isWarehouse, type SupplyItem } from './supply-item.js';
import { allocateTransfers, excessOf, type Transfer } from './transfer-allocation.js';

export const SUGGESTION_KINDS = ['purchase', 'transfer'] as const;
export type SuggestionKind = (typeof SUGGESTION_KINDS)[number];

export const SUGGESTION_REASONS = [
  'out_of_stock',
  'stock_out_before_arrival',
  'below_reorder_point',
  'below_fixed_point',
  'excess_elsewhere',
] as const;
/** Why something is suggested; a code that is put into words when it is read. */
export type SuggestionReason = (typeof SUGGESTION_REASONS)[number];

/** The numbers that a suggestion stands on; quantities are decimal strings. */
export interface SuggestionData {
  available: string;
  onOrder: string;
  inDrafts: string;
  transfersIn: string;
  transfersOut: string;
  position: string;
  orderUpTo: string;
  /** missing to the order-up-to level */
  need: string;
  /** of the need, what transfers from other stores bring */
  byTransfer: string;
  /** mean demand until an order that waits for one review has come */
  meanDemand: string;
  reviewDays: number;
  coverDays: number;
  serviceLevel: number | null;
  serviceLevelSource: string | null;
  leadTimeSource: string;
  packSize: string;
  minOrderQuantity: string;
  /** the reorder point that alerts go by */
  alertPoint: string;
  /** what moved the levels, and why the quantity is not the need in whole packs */
  notes: string[];
  /** of a transfer: what the other store has free, and what it keeps for itself */
  fromAvailable?: string;
  fromKeeps?: string;
}

/** Something to do, as the policy says it. */
export interface PlannedSuggestion {
  kind: SuggestionKind;
  productId: string;
  storeId: string;
  fromStoreId: string | null;
  supplierId: string | null;
  runId: string | null;
  quantity: number;
  unitCost: number | null;
  reorderPoint: number;
  safetyStock: number;
  daysOfCover: number | null;
  leadTimeDays: number;
  stockOutDate: string | null;
  reason: SuggestionReason;
  data: SuggestionData;
}

/**
 * What to do about one product in all its stores: first transfers from stores that have more than they need themselves, then purchases of
 * what is still missing where the position stays at or below the reorder point.
 */
export function planProduct(assessments: readonly Assessment[], suggestTransfers: boolean): PlannedSuggestion[] {
  const short = assessments.filter(({ isShort, levels, position }) => isShort && levels!.orderUpTo > position);
  const transfers = suggestTransfers ? transfersOf(assessments, short) : [];
  return short.flatMap((needy) => {
    const coming = transfers.filter(({ toStoreId }) => toStoreId === needy.item.storeId);
    const brought = round4(coming.reduce((sum, { quantity }) => sum + quantity, 0));
    const moves = coming.map((transfer) =>
      transferSuggestion(
        needy,
        transfer,
        assessments.find(({ item }) => item.storeId === transfer.fromStoreId)!,
        brought,
      ),
    );
    const purchase = purchaseOf(needy, brought);
    return purchase === null ? moves : [...moves, purchase];
  });
}

function transfersOf(assessments: readonly Assessment[], short: readonly Assessment[]): Transfer[] {
  const [any] = assessments;
  if (any === undefined) return [];
  // a warehouse is filled by purchases; a number that people have guessed moves no other store's stock
  const needs = short
    .filter(({ item, basis }) => basis === 'forecast' && !isWarehouse(item))
    .map(({ item, levels, position, stockOutDate }) => ({
      storeId: item.storeId,
      quantity: round4(levels!.orderUpTo - position),
      stockOutDate,
      notFrom: item.heldOff.filter((from) => from !== null),
    }));
  const excesses = assessments
    .filter(({ isShort, keeps }) => !isShort && keeps !== null)
    .map(({ item, available, keeps }) => ({
      storeId: item.storeId,
      quantity: excessOf(available - item.transfersOut, keeps!),
      isWarehouse: isWarehouse(item),
    }))
    .filter(({ quantity }) => quantity > 0);
  return allocateTransfers(needs, excesses, isInPieces(any.item));
}

function transferSuggestion(
  needy: Assessment,
  { quantity, fromStoreId }: Transfer,
  giver: Assessment,
  brought: number,
): PlannedSuggestion {
  const { data, ...common } = commonOf(needy, brought, []);
  return {
    ...common,
    kind: 'transfer',
    fromStoreId,
    supplierId: null,
    unitCost: null,
    quantity,
    reason: 'excess_elsewhere',
    data: {
      ...data,
      fromAvailable: fixed(giver.available - giver.item.transfersOut),
      fromKeeps: fixed(giver.keeps!),
    },
  };
}

function purchaseOf(needy: Assessment, brought: number): PlannedSuggestion | null {
  const { item, levels, position } = needy;
  const { reorderPoint, orderUpTo } = levels!;
  if (item.heldOff.includes(null)) return null;
  const then = round4(position + brought);
  if (brought > 0 && then > reorderPoint) return null;
  const { quantity, notes } = orderQuantity(then, orderUpTo, {
    packSize: item.packSize,
    minOrder: item.minOrderQuantity,
    maxStock: item.maxStock,
  });
  if (quantity === 0) return null;
  return {
    ...commonOf(needy, brought, notes),
    kind: 'purchase',
    fromStoreId: null,
    supplierId: item.supplierId,
    unitCost: item.unitCost,
    quantity,
    reason: reasonOf(needy),
  };
}

function reasonOf({ basis, available, levels, stockOutDate, arrivalDate }: Assessment): SuggestionReason {
  if (basis === 'fixed_point') return 'below_fixed_point';
  if (available <= 0 && levels!.meanDemand > 0) return 'out_of_stock';
  return stockOutDate !== null && stockOutDate < arrivalDate ? 'stock_out_before_arrival' : 'below_reorder_point';
}

function commonOf(needy: Assessment, brought: number, notes: readonly OrderNote[]) {
  const { item, levels, parameters, daysOfCover, stockOutDate } = needy;
  const { productId, storeId, demand } = item;
  const { reorderPoint, safetyStock } = levels!;
  return {
    productId,
    storeId,
    runId: demand?.runId ?? null,
    reorderPoint,
    safetyStock,
    daysOfCover,
    leadTimeDays: Math.round(parameters.leadTime.value.mean),
    stockOutDate,
    data: dataOf(needy, item, brought, notes),
  };
}

function dataOf(
  { levels, available, position, basis, parameters, limits }: Assessment,
  item: SupplyItem,
  brought: number,
  notes: readonly OrderNote[],
): SuggestionData {
  const isForecast = basis === 'forecast';
  return {
    available: fixed(available),
    onOrder: fixed(item.onOrder),
    inDrafts: fixed(item.inDrafts),
    transfersIn: fixed(item.transfersIn),
    transfersOut: fixed(item.transfersOut),
    position: fixed(position),
    orderUpTo: fixed(levels!.orderUpTo),
    need: fixed(levels!.orderUpTo - position),
    byTransfer: fixed(brought),
    meanDemand: fixed(levels!.meanDemand),
    reviewDays: parameters.reviewDays.value,
    coverDays: parameters.coverDays.value,
    serviceLevel: isForecast ? parameters.serviceLevel.value : null,
    serviceLevelSource: isForecast ? parameters.serviceLevel.source : null,
    leadTimeSource: parameters.leadTime.source,
    packSize: fixed(item.packSize),
    minOrderQuantity: fixed(item.minOrderQuantity),
    alertPoint: fixed(item.alertPoint),
    notes: [...limits, ...notes],
  };
}

export const fixed = (value: number): string => value.toFixed(4);
