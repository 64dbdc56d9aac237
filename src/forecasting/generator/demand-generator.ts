import { Random } from './random.js';

/** First and last day of a spell, as numbers of days since the start. */
export type Spell = [first: number, last: number];

/** What the stores have in common of a product. */
export interface GeneratedProduct {
  promotions: Spell[];
  /** factor on demand in a promotion */
  lift: number;
  /** factor on demand of each weekday, Sunday first; mean 1 */
  week: readonly number[];
  /** share by which demand rises and falls over the year, and where in the year (0 to 1) it is highest */
  year: { amplitude: number; peak: number };
  unitPrice: number;
  leadTimeDays: number;
}

/** Sales of a product in a store, day by day. */
export interface GeneratedSeries {
  intermittent: boolean;
  /** day on which it was sold for the first time; none before it */
  first: number;
  sold: Float64Array;
  /** spells without stock: nothing was sold, whatever the demand */
  stockouts: Spell[];
  /** stock at the end of the last day */
  onHand: number;
}

export const LONGEST_HISTORY = 1095;
const SHORTEST_HISTORY = 365;
const INTERMITTENT_SHARE = 0.6;
const DAY = 86_400_000;

/**
 * Simulated sales of a chain: 60 % of the series intermittent (sold on one day in three to one in thirty; sizes of one unit, or lumpy),
 * the rest Poisson around a level of 2 to 40 units a day; each with a week, a year, promotions (planned, of the product in every store)
 * and up to four stock-outs in its 365 to 1,095 days. A series depends on the seed, its store and its product alone.
 */
export class DemandGenerator {
  private readonly weekdays: Uint8Array;
  private readonly yearDays: Float64Array;

  /** @param start date of day 0, YYYY-MM-DD */
  constructor(
    private readonly seed: number,
    start: string,
    readonly days: number = LONGEST_HISTORY,
  ) {
    const from = Date.parse(`${start}T00:00:00Z`);
    const date = (day: number): Date => new Date(from + day * DAY);
    this.weekdays = Uint8Array.from({ length: days }, (_, day) => date(day).getUTCDay());
    this.yearDays = Float64Array.from(
      { length: days },
      (_, day) => (date(day).getTime() - Date.UTC(date(day).getUTCFullYear(), 0, 1)) / DAY / 365.25,
    );
  }

  product(product: number): GeneratedProduct {
    const random = Random.of(this.seed, 1, product);
    const shape = Array.from({ length: 7 }, (_, day) => (day === 0 || day === 6 ? 1.3 : 0.9) * random.between(0.8, 1.2));
    const mean = shape.reduce((sum, value) => sum + value, 0) / 7;
    const promotions: Spell[] = [];
    for (let day = random.whole(0, 90); day < this.days; day += random.whole(40, 120)) {
      const last = day + random.whole(4, 13);
      promotions.push([day, last]);
      day = last;
    }
    return {
      promotions,
      lift: random.between(1.3, 2.5),
      week: shape.map((value) => value / mean),
      year: { amplitude: random.between(0, 0.4), peak: random.uniform() },
      unitPrice: Math.round(random.between(50, 2_000)) / 100,
      leadTimeDays: random.whole(2, 14),
    };
  }

  series(store: number, product: number, traits: GeneratedProduct = this.product(product)): GeneratedSeries {
    const random = Random.of(this.seed, 2, store, product);
    const intermittent = random.uniform() < INTERMITTENT_SHARE;
    const first = this.days - Math.min(this.days, random.whole(SHORTEST_HISTORY, LONGEST_HISTORY));
    const factors = this.factors(traits, first);
    const sold = intermittent ? sparse(random, factors, first) : smooth(random, factors, first);
    // a history begins with a sale
    sold[first] ||= 1;
    const stockouts = spells(random, first, this.days);
    for (const [from, to] of stockouts) sold.fill(0, from, to + 1);
    const mean = sold.reduce((sum, value) => sum + value, 0) / (this.days - first);
    // one in twelve has run low
    const cover = random.uniform() < 1 / 12 ? random.between(0, 3) : random.between(10, 60);
    return { intermittent, first, sold, stockouts, onHand: Math.max(1, Math.round(mean * cover)) };
  }

  /** Demand of each day in parts of the mean. */
  private factors({ week, year, promotions, lift }: GeneratedProduct, first: number): Float64Array {
    const factors = new Float64Array(this.days);
    for (let day = first; day < this.days; day++)
      factors[day] =
        week[this.weekdays[day]!]! * (1 + year.amplitude * Math.cos(2 * Math.PI * (this.yearDays[day]! - year.peak)));
    for (const [from, to] of promotions)
      for (let day = Math.max(first, from); day <= Math.min(to, this.days - 1); day++) factors[day]! *= lift;
    return factors;
  }
}

/** A Poisson count around a level that drifts slowly. */
function smooth(random: Random, factors: Float64Array, first: number): Float64Array {
  const level = Math.exp(random.between(Math.log(2), Math.log(40)));
  const sold = new Float64Array(factors.length);
  let drift = 0;
  for (let day = first; day < sold.length; day++) {
    drift = 0.99 * drift + 0.02 * random.normal();
    sold[day] = random.poisson(level * Math.exp(drift) * factors[day]!);
  }
  return sold;
}

/** Arrivals of a chance each, with a size: one unit and few more, or (three in ten) a lump. */
function sparse(random: Random, factors: Float64Array, first: number): Float64Array {
  const chance = Math.exp(random.between(Math.log(1 / 30), Math.log(1 / 3)));
  const lumpy = random.uniform() < 0.3;
  const size = lumpy ? random.between(1, 2) : 0;
  const sold = new Float64Array(factors.length);
  for (let day = first; day < sold.length; day++) {
    if (random.uniform() >= chance * factors[day]!) continue;
    sold[day] = lumpy ? Math.max(1, Math.round(Math.exp(size + 0.8 * random.normal()))) : 1 + random.poisson(0.4);
  }
  return sold;
}

/** Up to four spells of 2 to 12 days, apart from each other, none in the first month or at the very end. */
function spells(random: Random, first: number, days: number): Spell[] {
  const found: Spell[] = [];
  const count = random.whole(0, 4);
  const step = Math.floor((days - first - 60) / Math.max(1, count));
  if (step <= 20) return found;
  for (let k = 0; k < count; k++) {
    const from = first + 30 + k * step + random.whole(0, step - 15);
    found.push([from, from + random.whole(1, 11)]);
  }
  return found;
}
