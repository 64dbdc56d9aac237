import { addDays, daysBetween } from '../kernel/time/zone.js';
import { holidaysBetween, payDayFactor, seasonFactor, weekShare, type Holiday } from './calendar.js';
import { PRODUCTS, STORES, SUPPLIERS, type DemoProduct, type DemoStore, type WeekProfile } from './catalog.js';
import { Random } from './random.js';

/** Days of history. */
export const DAYS = 730;
/** Days before the end at whose start the shelves were counted: three weeks of sales move stock. */
export const COUNTED_DAYS = 21;
/** Units of a quantity in the arrays: grams for kg. */
export const SCALE = 1000;

/** A product in a shop, day by day. Index 0 is the first day. */
export interface DemoSeries {
  readonly product: DemoProduct;
  readonly store: DemoStore;
  /** what was sold, in thousandths */
  readonly sold: Int32Array;
  /** what was brought back, in thousandths */
  readonly returned: Int32Array;
  /** found at the start of the day of the count, in thousandths */
  readonly counted: number;
}

export interface DemoHistory {
  readonly from: string;
  readonly to: string;
  readonly holidays: readonly Holiday[];
  readonly series: readonly DemoSeries[];
  /** by SKU: days on promotion, 1 or 0, past the end as planned */
  readonly promotions: ReadonlyMap<string, Uint8Array>;
  readonly reorderPoints: ReadonlyMap<string, number>;
}

/** Days past the end for which holidays and promotions are planned already. */
export const PLANNED_DAYS = 42;

/** The discount of a promotion. */
export const PROMOTION_PRICE = 0.85;

/**
 * Two years of simulated demand that end the day before `today`. Demand of a product in a shop on a day is negative binomial; its mean is
 * base x shop x weekday x pay day x season x trend x promotion. Shops order up to a level when they fall to their reorder point and wait
 * the supplier's lead time: when the shelf is empty nothing is sold, so history has real stock-outs in it.
 */
export function simulate(today: string, seed: string): DemoHistory {
  const to = addDays(today, -1);
  const from = addDays(to, 1 - DAYS);
  const dates = Array.from({ length: DAYS }, (_, i) => addDays(from, i));
  const holidays = holidaysBetween(from, addDays(to, PLANNED_DAYS));
  const dayFactors = dayCourse(from, holidays);
  // what all products share is worked out once: there are thirty thousand days of products
  const course = dates.map((date, i) => (dayFactors[i] ?? 0) * payDayFactor(date));
  const weekOf = (profile: WeekProfile): number[] => dates.map((date) => weekShare(profile, date));
  const weeks: Record<WeekProfile, number[]> = { staple: weekOf('staple'), fresh: weekOf('fresh'), weekend: weekOf('weekend') };
  const promotions = new Map(
    PRODUCTS.map((product) => [product.sku, planPromotions(new Random(`${seed} promotions ${product.sku}`))]),
  );
  const reorderPoints = new Map(PRODUCTS.map((product) => [product.sku, reorderPointOf(product)]));
  const series = PRODUCTS.flatMap((product) => {
    const shares = weeks[product.week];
    const shape = dates.map((date, i) => (course[i] ?? 0) * (shares[i] ?? 0) * seasonFactor(date, product.december));
    return STORES.filter((store) => isListed(product, store, seed)).map((store) =>
      simulateSeries({
        product,
        store,
        shape,
        promoted: promotions.get(product.sku) ?? new Uint8Array(DAYS),
        reorderPoint: (reorderPoints.get(product.sku) ?? 0) * SCALE,
        random: new Random(`${seed} ${product.sku} ${store.code}`),
      }),
    );
  });
  return { from, to, holidays, series, promotions, reorderPoints };
}

/** Caracas and the centre have every product, the others four out of five. */
function isListed(product: DemoProduct, store: DemoStore, seed: string): boolean {
  return store.factor === 0 || store.factor > 1.2 || new Random(`${seed} listed ${product.sku} ${store.code}`).uniform() < 0.8;
}

/** What holidays do to every shop: closed days sell nothing, the day before one sells more. */
function dayCourse(from: string, holidays: readonly Holiday[]): Float64Array {
  const factors = new Float64Array(DAYS).fill(1);
  for (const { date, closed } of holidays) {
    const day = daysBetween(from, date);
    if (day < DAYS) factors[day] = closed ? 0 : (factors[day] ?? 0) * 0.8;
    if (day > 0 && day <= DAYS) factors[day - 1] = (factors[day - 1] ?? 0) * 1.25;
  }
  return factors;
}

/** Six to nine promotions a year, a week or so each. */
function planPromotions(random: Random): Uint8Array {
  const days = new Uint8Array(DAYS + PLANNED_DAYS);
  for (let day = random.whole(5, 50); day < days.length; day += random.whole(28, 70)) {
    const length = random.whole(5, 9);
    days.fill(1, day, day + length);
    day += length;
  }
  return days;
}

/** Mean demand of an average shop over lead time and three days between orders, with a margin: one figure for every shop. */
function reorderPointOf(product: DemoProduct): number {
  const lead = (SUPPLIERS.find((supplier) => supplier.code === product.supplier)?.leadTimeDays ?? 5) + 3;
  const mean = product.mean * (product.unit === 'kg' ? PORTION_KG : 1);
  return Math.max(2, Math.ceil(mean * lead + 1.3 * Math.sqrt(lead * (mean + (mean * mean) / DISPERSION))));
}

const DISPERSION = 6;
const PORTION_KG = 0.5;

interface SeriesInput {
  readonly product: DemoProduct;
  readonly store: DemoStore;
  readonly shape: readonly number[];
  readonly promoted: Uint8Array;
  readonly reorderPoint: number;
  readonly random: Random;
}

function simulateSeries(input: SeriesInput): DemoSeries {
  const { product, store, reorderPoint, random } = input;
  const sold = demandOf(input);
  const returned = new Int32Array(DAYS);
  if (store.factor === 0) return { product, store, sold, returned, counted: reorderPoint * 10 };
  sellFromShelf(sold.subarray(0, DAYS - COUNTED_DAYS), input);
  const recent = sold.subarray(DAYS - COUNTED_DAYS);
  const counted = countShelf(recent, input);
  for (let day = 1; day < DAYS; day++) {
    if ((sold[day - 1] ?? 0) >= 2 * SCALE && (sold[day] ?? 0) > 0 && random.uniform() < 0.004) returned[day] = SCALE;
  }
  return { product, store, sold, returned, counted };
}

/** What customers want, in thousandths. */
function demandOf({ product, store, shape, promoted, random }: SeriesInput): Int32Array {
  const demand = new Int32Array(DAYS);
  if (store.factor === 0) return demand;
  const base = product.mean * store.factor * random.between(0.85, 1.15);
  const growth = random.between(-0.06, 0.15) / 365;
  const lift = random.between(1.5, 2.3);
  for (let day = 0; day < DAYS; day++) {
    const promotion = promoted[day] ? lift : promoted[day - 1] || promoted[day - 2] ? 0.85 : 1;
    const mean = base * (shape[day] ?? 0) * promotion * (1 + growth * (day - DAYS / 2));
    const units = random.negativeBinomial(mean, DISPERSION);
    // portions are weighed: to the nearest five grams
    const size = product.unit === 'kg' ? Math.round((PORTION_KG * random.between(0.8, 1.2) * SCALE) / 5) * 5 : SCALE;
    demand[day] = units * size;
  }
  return demand;
}

/** Cuts demand down to what was on the shelf. */
function sellFromShelf(demand: Int32Array, { product, store, reorderPoint, random }: SeriesInput): void {
  const lead = SUPPLIERS.find((supplier) => supplier.code === product.supplier)?.leadTimeDays ?? 5;
  const trigger = reorderPoint * Math.max(store.factor, 0.5);
  const upTo = trigger * 2.2;
  let shelf = upTo;
  let arrives = -1;
  for (let day = 0; day < demand.length; day++) {
    if (day === arrives) shelf = Math.max(shelf, upTo);
    const sold = Math.min(demand[day] ?? 0, Math.floor(shelf / SCALE) * SCALE);
    demand[day] = sold;
    shelf -= sold;
    // now and then a lorry is a week late
    if (shelf < trigger && arrives <= day) arrives = day + lead + random.whole(0, 2) + (random.uniform() < 0.05 ? 7 : 0);
  }
}

/**
 * The count from which the last weeks' sales are subtracted. Nothing is delivered after it, so it decides what is low by now: about a fifth
 * of the shelves, a few of them empty, a few low on the day of the count already.
 */
function countShelf(recent: Int32Array, { product, store, reorderPoint, random }: SeriesInput): number {
  const wanted = recent.reduce((sum, quantity) => sum + quantity, 0);
  const fate = product.sku === 'LAC001' && store.code === 'CCS01' ? 0.1 : random.uniform();
  const level = (factor: number): number => Math.round((reorderPoint * factor) / SCALE) * SCALE;
  let counted = wanted + level(random.between(1.1, 2.6));
  if (fate < 0.025) counted = level(random.between(0.5, 0.9));
  else if (fate < 0.045) counted = Math.round((wanted * 0.8) / SCALE) * SCALE;
  else if (fate < 0.2) counted = wanted + level(random.between(0.1, 0.9));
  let shelf = counted;
  for (let day = 0; day < recent.length; day++) {
    const sold = Math.min(recent[day] ?? 0, shelf);
    recent[day] = sold;
    shelf -= sold;
  }
  return counted;
}
