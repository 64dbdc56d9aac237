import { classifyDemand, isSparse } from '../models/demand-class.js';
import { DemandGenerator, LONGEST_HISTORY } from './demand-generator.js';

const START = '2023-11-21';
const sut = new DemandGenerator(7, START);
const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
const all = Array.from({ length: 600 }, (_, k) => sut.series(k % 3, Math.floor(k / 3)));

describe('DemandGenerator', () => {
  it('should give the same for the same seed, in any order, and something else for another', () => {
    const again = new DemandGenerator(7, START);
    expect([again.series(2, 9), again.series(0, 0)]).toEqual([sut.series(2, 9), sut.series(0, 0)]);
    expect(new DemandGenerator(8, START).series(2, 9)).not.toEqual(sut.series(2, 9));
    expect(sut.series(2, 9)).not.toEqual(sut.series(1, 9));
  });

  it('should have histories of one to three years that begin with a sale', () => {
    for (const { first, sold } of all) {
      expect(sold).toHaveLength(LONGEST_HISTORY);
      expect(LONGEST_HISTORY - first).toBeGreaterThanOrEqual(365);
      expect([mean(sold.subarray(0, first + 1)) > 0, mean(sold.subarray(0, Math.max(1, first))) > 0]).toEqual([
        true,
        first === 0,
      ]);
    }
    expect(Math.min(...all.map(({ first }) => first))).toBeLessThan(30);
    expect(Math.max(...all.map(({ first }) => first))).toBeGreaterThan(700);
  });

  it('should be intermittent for six series of ten, as the engine sees it too', () => {
    const sparse = all.filter(({ first, sold }) => isSparse(classifyDemand(sold.slice(first)).class));
    expect(mean(all.map(({ intermittent }) => Number(intermittent)))).toBeCloseTo(0.6, 1);
    expect(sparse.length / all.length).toBeCloseTo(0.6, 1);
    const lumps = all.filter(({ intermittent, sold }) => intermittent && Math.max(...sold) >= 10);
    expect(lumps.length).toBeGreaterThan(50);
  });

  it('should sell nothing while there is no stock', () => {
    const spells = all.flatMap(({ sold, stockouts }) => stockouts.map(([from, to]) => sold.subarray(from, to + 1)));
    expect(spells.length).toBeGreaterThan(600);
    expect(spells.every((spell) => spell.length > 1 && spell.every((value) => value === 0))).toBe(true);
  });

  it('should have a week, a year and promotions that lift demand', () => {
    const product = sut.product(5);
    expect(mean(product.week)).toBeCloseTo(1, 10);
    expect(product.promotions.length).toBeGreaterThan(5);
    const stores = Array.from({ length: 60 }, (_, store) => sut.series(store, 5, product)).filter((one) => !one.intermittent);
    const total = new Float64Array(LONGEST_HISTORY);
    for (const { sold } of stores) for (let day = 0; day < total.length; day++) total[day]! += sold[day]!;
    const promoted = new Set(
      product.promotions.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => from + i)),
    );
    // of the last year, in which every store sells: with and without a promotion
    const days = Array.from({ length: 365 }, (_, i) => LONGEST_HISTORY - 365 + i);
    const of = (wanted: boolean) => mean(days.filter((day) => promoted.has(day) === wanted).map((day) => total[day]!));
    expect(of(true) / of(false)).toBeGreaterThan(1 + (product.lift - 1) / 2);
  });
});
