import { round4 } from './reorder-policy.js';

/** A store that needs a product. */
export interface StoreNeed {
  storeId: string;
  /** units that lift its position to its order-up-to level */
  quantity: number;
  /** first day that its stock does not meet the expected demand, YYYY-MM-DD; null: not foreseen */
  stockOutDate: string | null;
  /** stores from which it is not to get any */
  notFrom?: readonly string[];
}

/** A store that has more of the product than it needs itself. */
export interface StoreExcess {
  storeId: string;
  /** units on its shelf, free of reservations and promises, beyond what it keeps for itself */
  quantity: number;
  /** a warehouse gives before a shop does */
  isWarehouse: boolean;
}

export interface Transfer {
  fromStoreId: string;
  toStoreId: string;
  quantity: number;
}

/** Units that a store can give: what is free on its shelf beyond what it has to keep. Stock that has not come yet is not counted. */
export function excessOf(free: number, keep: number): number {
  return Math.max(0, round4(free - keep));
}

/**
 * Which store sends how much to which: the store whose stock ends first is served first, from warehouses before shops and from the greatest
 * excess before smaller ones, so that few transfers do. No store gives more than its excess, none gets more than it needs. The same
 * stores give the same transfers, whatever their order.
 *
 * A greedy rule, not an optimum. Background: Silver, Pyke & Thomas (2017), Inventory and Production Management in Supply Chains, chapter 11
 * (items at several places; redistribution).
 *
 * @param wholeUnits pieces: nothing but whole numbers is sent
 */
export function allocateTransfers(
  needs: readonly StoreNeed[],
  excesses: readonly StoreExcess[],
  wholeUnits: boolean,
): Transfer[] {
  const left = new Map(excesses.map(({ storeId, quantity }) => [storeId, quantity]));
  const givers = excesses.toSorted(
    (a, b) => Number(b.isWarehouse) - Number(a.isWarehouse) || b.quantity - a.quantity || byText(a.storeId, b.storeId),
  );
  const transfers: Transfer[] = [];
  for (const need of needs.toSorted(byUrgency)) {
    let missing = need.quantity;
    for (const { storeId } of givers) {
      const quantity = sendable(Math.min(missing, left.get(storeId)!), wholeUnits);
      if (storeId === need.storeId || need.notFrom?.includes(storeId) || quantity <= 0) continue;
      transfers.push({ fromStoreId: storeId, toStoreId: need.storeId, quantity });
      left.set(storeId, round4(left.get(storeId)! - quantity));
      missing = round4(missing - quantity);
    }
  }
  return transfers;
}

const sendable = (quantity: number, wholeUnits: boolean): number => (wholeUnits ? Math.floor(quantity + 1e-6) : round4(quantity));

function byUrgency(a: StoreNeed, b: StoreNeed): number {
  return byText(a.stockOutDate ?? '9999', b.stockOutDate ?? '9999') || b.quantity - a.quantity || byText(a.storeId, b.storeId);
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
