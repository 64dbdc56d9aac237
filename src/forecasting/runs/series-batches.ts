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
 * Cuts pairs into batches, store by store: series of one batch learn from each other, so whole stores stay together. Small stores share
 * a batch until it holds `least`; a store with more than `most` is cut into equal parts. The same stores give the same batches.
 */
export class BatchCutter {
  private open: SeriesPair[] = [];

  constructor(private readonly size: { least: number; most: number } = BATCH) {}

  /** @param store the pairs of one store @returns the batches that are full now */
  add(store: readonly SeriesPair[]): SeriesPair[][] {
    const { least, most } = this.size;
    const full: SeriesPair[][] = [];
    if (this.open.length + store.length > most) full.push(...this.rest());
    if (store.length > most) full.push(...equalParts(store, most));
    else this.open.push(...store);
    if (this.open.length >= least) full.push(...this.rest());
    return full;
  }

  /** What is left when there are no more stores: one batch or none. */
  rest(): SeriesPair[][] {
    const { open } = this;
    this.open = [];
    return open.length > 0 ? [open] : [];
  }
}

/** Cuts pairs that are ordered by store. */
export function batchesOf(pairs: readonly SeriesPair[]): SeriesPair[][] {
  const cutter = new BatchCutter();
  return [...byStore(pairs).flatMap((store) => cutter.add(store)), ...cutter.rest()];
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
