import type { SeriesPair } from './series-batches.js';

/** A pair, and on how many lines of sales it was sold within the history. */
export interface SoldPair extends SeriesPair {
  lines: number;
}

/** Strata by how much was sold: each holds four times the lines of the one before it. */
const WIDTH = 4;

/**
 * A stratified sample: half of it in equal parts from every stratum, so that the rare kinds of series are there too, half in proportion.
 * Which pairs are taken depends on their ids alone, not on their order. The answer keeps the order of the input.
 */
export function sampleOf(pairs: readonly SoldPair[], size: number): SeriesPair[] {
  if (pairs.length <= size) return [...pairs];
  const strata = new Map<number, SoldPair[]>();
  for (const pair of pairs) {
    const stratum = Math.floor(Math.log(Math.max(1, pair.lines)) / Math.log(WIDTH));
    const members = strata.get(stratum);
    if (members) members.push(pair);
    else strata.set(stratum, [pair]);
  }
  const members = [...strata].toSorted(([a], [b]) => a - b).map(([, list]) => list);
  const quotas = quotasOf(
    members.map((list) => list.length),
    size,
  );
  const taken = new Set(members.flatMap((list, k) => firstByHash(list, quotas[k]!)));
  return pairs.filter((pair) => taken.has(pair));
}

/** Places for each stratum; they sum to `size`, and none has more places than members. */
function quotasOf(counts: readonly number[], size: number): number[] {
  const even = Math.floor(size / 2 / counts.length);
  const quotas = counts.map((count) => Math.min(count, even));
  const left = counts.map((count, k) => count - quotas[k]!);
  const total = left.reduce((sum, count) => sum + count, 0);
  const free = size - quotas.reduce((sum, quota) => sum + quota, 0);
  const exact = left.map((count) => (free * count) / total);
  const given = exact.map(Math.floor);
  // the rest by largest remainder
  const missing = free - given.reduce((sum, places) => sum + places, 0);
  const order = exact.map((_, k) => k).toSorted((a, b) => exact[b]! - given[b]! - (exact[a]! - given[a]!) || a - b);
  for (const k of order.slice(0, missing)) given[k]!++;
  return quotas.map((quota, k) => quota + given[k]!);
}

function firstByHash(pairs: readonly SoldPair[], count: number): SoldPair[] {
  return pairs
    .map((pair) => ({ pair, hash: hashOf(`${pair.storeId}/${pair.productId}`) }))
    .toSorted((a, b) => a.hash - b.hash)
    .slice(0, count)
    .map(({ pair }) => pair);
}

/** FNV-1a, 32 bits, finished as MurmurHash3 does: texts that differ in one character are far apart. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
