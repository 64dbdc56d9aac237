const FIRST_SIZE = 1024;

/**
 * The keys of a file's rows with the line each was first seen on, in 12 to 24 bytes a key whatever its length: a file of a million rows
 * must not take the worker's memory. Keys are known by 64 bits of hash; two different ones of a million rows meet with a chance below 1 in
 * 30 million.
 */
export class SeenKeys {
  private low = new Uint32Array(FIRST_SIZE);
  private high = new Uint32Array(FIRST_SIZE);
  private lines = new Uint32Array(FIRST_SIZE);
  private count = 0;

  /** Notes a key. @returns the line on which it was seen before, null when it is new */
  add(key: string, line: number): number | null {
    if (this.count * 2 > this.lines.length) this.grow();
    const low = hash(key, 0x811c9dc5);
    const high = hash(key, 0x9747b28c);
    const at = this.place(low, high);
    const first = this.lines[at] ?? 0;
    if (first > 0) return first;
    this.put(at, low, high, line);
    this.count++;
    return null;
  }

  /** The place where the hash is, or the free one where it belongs; lines start at 1, so 0 is free. */
  private place(low: number, high: number): number {
    const mask = this.lines.length - 1;
    let at = low & mask;
    while (this.lines[at] && (this.low[at] !== low || this.high[at] !== high)) at = (at + 1) & mask;
    return at;
  }

  private put(at: number, low: number, high: number, line: number): void {
    this.low[at] = low;
    this.high[at] = high;
    this.lines[at] = line;
  }

  private grow(): void {
    const { low, high, lines } = this;
    this.low = new Uint32Array(lines.length * 2);
    this.high = new Uint32Array(lines.length * 2);
    this.lines = new Uint32Array(lines.length * 2);
    for (let i = 0; i < lines.length; i++) {
      const line = lines[i] ?? 0;
      if (line > 0) this.put(this.place(low[i] ?? 0, high[i] ?? 0), low[i] ?? 0, high[i] ?? 0, line);
    }
  }
}

/** FNV-1a with the finish of MurmurHash3, so that both halves are spread over all bits. */
function hash(key: string, seed: number): number {
  let mixed = seed;
  for (let i = 0; i < key.length; i++) mixed = Math.imul(mixed ^ key.charCodeAt(i), 0x01000193);
  mixed ^= mixed >>> 16;
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
