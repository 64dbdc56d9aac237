const MAX_KEPT = 100_000;

/** Remembers what codes stand for while a file is read: the same few stores and products come again and again. */
export class Lookup<T> {
  private known = new Map<string, T | null>();

  /** @param load finds the codes that exist, in one statement */
  constructor(private readonly load: (codes: readonly string[]) => Promise<ReadonlyMap<string, T>>) {}

  /** Looks up the codes that are not known yet. */
  async learn(codes: Iterable<string | null>): Promise<void> {
    const wanted = new Set(codes);
    wanted.delete(null);
    const missing = [...wanted].filter((code): code is string => code !== null && !this.known.has(code));
    if (missing.length === 0) return;
    // a file of millions of products must not take the worker's memory
    if (this.known.size > MAX_KEPT) this.known = new Map([...this.known].filter(([code]) => wanted.has(code)));
    const found = await this.load(missing);
    for (const code of missing) this.known.set(code, found.get(code) ?? null);
  }

  /** What a code stands for; null when there is no such thing. Learn it first. */
  get(code: string): T | null {
    const value = this.known.get(code);
    if (value === undefined) throw new Error(`${code} was not looked up`);
    return value;
  }
}
