/** Numbers that depend on the seed alone. mulberry32: 32 bits of state, each value drawn once in a period. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** A generator for one of many things, independent of those of the others: the order in which they are asked does not matter. */
  static of(seed: number, ...path: number[]): Random {
    let state = seed >>> 0;
    for (const step of path) {
      state = Math.imul(state ^ (step + 0x9e3779b9 + (state << 6) + (state >>> 2)), 0x85ebca6b);
      state = Math.imul(state ^ (state >>> 15), 0xc2b2ae35);
      state ^= state >>> 16;
    }
    return new Random(state);
  }

  /** From 0 to 1, without 1. */
  uniform(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** A whole number from low to high, both included. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.uniform() * (high - low + 1));
  }

  /** Box & Muller (1958). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Knuth's product of uniforms up to a mean of 30, a rounded normal above. */
  poisson(mean: number): number {
    if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * this.normal()));
    const limit = Math.exp(-mean);
    let k = -1;
    for (let product = 1; product > limit; k++) product *= this.uniform();
    return Math.max(0, k);
  }
}
