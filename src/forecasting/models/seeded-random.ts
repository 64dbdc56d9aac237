/**
 * Uniform numbers in [0, 1) from a 32-bit seed: the same sequence on every machine, since it is integer arithmetic alone.
 *
 * Source: mulberry32 of Tommy Ettinger (public domain): a Weyl sequence (step 0x6D2B79F5) through a multiply-xorshift hash.
 */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let hash = Math.imul(state ^ (state >>> 15), 1 | state);
    hash = (hash + Math.imul(hash ^ (hash >>> 7), 61 | hash)) ^ hash;
    return ((hash ^ (hash >>> 14)) >>> 0) / 4294967296;
  };
}
