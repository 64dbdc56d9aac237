/** A product in a store that a run forecasts. */
export interface SeriesPair {
  productId: string;
  storeId: string;
  categoryId: string | null;
  leadTimeDays: number;
  /** last local day on which the store sold anything, YYYY-MM-DD */
  storeLastDay: string;
}

export const BATCH = { least: 200, most: 500 } as const;

/**
 * Cuts pairs, ordered by store and product, into batches: series of one batch learn from each other, so whole stores stay together. Small
 * stores share a batch until it holds `least`; a store with more than `most` is cut into equal parts. The same pairs give the same
 * batches.
 */
export function batchesOf(pairs: readonly SeriesPair[], { least, most } = BATCH): SeriesPair[][] {
  const batches: SeriesPair[][] = [];
  let open: SeriesPair[] = [];
  const close = (): void => {
    if (open.length > 0) batches.push(open);
    open = [];
  };
  for (const store of byStore(pairs)) {
    if (open.length + store.length > most) close();
    if (store.length > most) batches.push(...equalParts(store, most));
    else open.push(...store);
    if (open.length >= least) close();
  }
  close();
  return batches;
}

function byStore(pairs: readonly SeriesPair[]): SeriesPair[][] {
  const stores: SeriesPair[][] = [];
  for (const pair of pairs) {
    const last = stores.at(-1);
    if (last?.[0]?.storeId === pair.storeId) last.push(pair);
    else stores.push([pair]);
  }
  return stores;
}

/** Cuts a list into parts of nearly one size, none longer than `most`. */
export function equalParts<T>(list: readonly T[], most: number): T[][] {
  const size = Math.ceil(list.length / Math.ceil(list.length / most));
  const parts: T[][] = [];
  for (let from = 0; from < list.length; from += size) parts.push(list.slice(from, from + size));
  return parts;
}
