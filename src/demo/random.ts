/** A seeded source of random numbers: the same seed gives the same demo on every machine. */
export class Random {
  private state: number;

  /** @param seed any text; similar texts give unrelated sequences */
  constructor(seed: string) {
    // FNV-1a, so that each product and store has a sequence of its own
    let hash = 0x811c9dc5;
    for (let i = 0; i < seed.length; i++) hash = Math.imul(hash ^ seed.charCodeAt(i), 0x01000193);
    this.state = hash >>> 0;
    for (let i = 0; i < 4; i++) this.uniform();
  }

  /** Uniform in [0, 1): mulberry32. */
  uniform(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** Uniform in [min, max). */
  between(min: number, max: number): number {
    return min + (max - min) * this.uniform();
  }

  /** Whole number in [min, max]. */
  whole(min: number, max: number): number {
    return min + Math.floor((max - min + 1) * this.uniform());
  }

  /** Standard normal (Box-Muller, one of the pair). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Gamma with mean shape * scale (Marsaglia and Tsang, 2000). */
  gamma(shape: number, scale: number): number {
    if (shape < 1) return this.gamma(shape + 1, scale) * (1 - this.uniform()) ** (1 / shape);
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = this.normal();
      const v = (1 + c * x) ** 3;
      if (v > 0 && Math.log(1 - this.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v * scale;
    }
  }

  /** Poisson: inversion for small means, rounded normal above 60, where the two are not told apart. */
  poisson(mean: number): number {
    if (mean > 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * this.normal()));
    let product = 1 - this.uniform();
    const limit = Math.exp(-mean);
    let count = 0;
    while (product > limit) {
      product *= 1 - this.uniform();
      count++;
    }
    return count;
  }

  /** Negative binomial as a Poisson with a gamma mean: mean, and variance mean + mean² / dispersion. */
  negativeBinomial(mean: number, dispersion: number): number {
    return mean <= 0 ? 0 : this.poisson(this.gamma(dispersion, mean / dispersion));
  }
}
