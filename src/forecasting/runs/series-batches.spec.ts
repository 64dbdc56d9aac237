import { batchesOf, type SeriesPair } from './series-batches.js';

const store = (storeId: string, products: number): SeriesPair[] =>
  Array.from({ length: products }, (_, i) => ({
    productId: `p${String(i).padStart(4, '0')}`,
    storeId,
    categoryId: null,
    leadTimeDays: 7,
    storeLastDay: '2026-11-20',
  }));

const shape = (pairs: SeriesPair[]): string[] =>
  batchesOf(pairs).map((batch) => `${[...new Set(batch.map((pair) => pair.storeId))].join('+')}:${batch.length}`);

describe('batchesOf', () => {
  it('should put small stores together until there is enough to learn from', () => {
    expect(shape([...store('a', 90), ...store('b', 90), ...store('c', 90), ...store('d', 10)])).toEqual(['a+b+c:270', 'd:10']);
  });

  it('should never hold more than the most, and cut a large store into equal parts', () => {
    expect(shape([...store('a', 150), ...store('b', 400), ...store('c', 1200)])).toEqual([
      'a:150',
      'b:400',
      'c:400',
      'c:400',
      'c:400',
    ]);
  });

  it('should make nothing of nothing', () => {
    expect(batchesOf([])).toEqual([]);
  });
});
