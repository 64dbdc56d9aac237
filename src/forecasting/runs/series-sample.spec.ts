import { sampleOf, type SoldPair } from './series-sample.js';

const pairs = (count: number, lines: number, storeId: string): SoldPair[] =>
  Array.from({ length: count }, (_, i) => ({
    productId: `p${String(i).padStart(5, '0')}`,
    storeId,
    categoryId: null,
    leadTimeDays: 7,
    storeLastDay: '2026-11-20',
    lines,
  }));

const rare = pairs(60, 2, 'a');
const usual = pairs(3_000, 50, 'b');
const fast = pairs(940, 700, 'c');
const of = (storeId: string, sample: readonly { storeId: string }[]) => sample.filter((pair) => pair.storeId === storeId).length;

describe('sampleOf', () => {
  it('should take all when there are not more', () => {
    expect(sampleOf(rare, 60)).toEqual(rare);
  });

  it('should have the size asked for, with every stratum well in it and the largest the most', () => {
    const sample = sampleOf([...rare, ...usual, ...fast], 400);
    expect(sample).toHaveLength(400);
    expect(of('a', sample)).toBeGreaterThanOrEqual(60);
    expect(of('c', sample)).toBeGreaterThan(66);
    expect(of('b', sample)).toBeGreaterThan(of('c', sample));
  });

  it('should take the same pairs whatever their order, and answer them in the order given', () => {
    const all = [...rare, ...usual, ...fast];
    const sample = sampleOf(all, 100);
    const other = sampleOf(all.toReversed(), 100);
    expect(other.toReversed()).toEqual(sample);
  });

  it('should not take neighbours only', () => {
    const numbers = sampleOf(usual, 300).map((pair) => Number(pair.productId.slice(1)));
    const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
    expect(Math.abs(mean - 1_500)).toBeLessThan(200);
  });
});
