import { allocateTransfers, excessOf, type StoreExcess, type StoreNeed } from './transfer-allocation.js';

const need = (storeId: string, quantity: number, stockOutDate: string | null = null): StoreNeed => ({
  storeId,
  quantity,
  stockOutDate,
});
const excess = (storeId: string, quantity: number, isWarehouse = false): StoreExcess => ({ storeId, quantity, isWarehouse });
const said = (needs: StoreNeed[], excesses: StoreExcess[], whole = true) =>
  allocateTransfers(needs, excesses, whole).map(
    ({ fromStoreId, toStoreId, quantity }) => `${fromStoreId}>${toStoreId} ${quantity}`,
  );

describe('allocateTransfers', () => {
  it('should serve the store whose stock ends first', () => {
    const needs = [need('a', 10), need('b', 10, '2026-12-05'), need('c', 10, '2026-12-01')];
    expect(said(needs, [excess('x', 15)])).toEqual(['x>c 10', 'x>b 5']);
  });

  it('should take from warehouses first, then from the greatest excess', () => {
    expect(said([need('a', 30)], [excess('x', 8), excess('y', 20), excess('w', 5, true)])).toEqual(['w>a 5', 'y>a 20', 'x>a 5']);
  });

  it('should send whole pieces only, and parts of what is weighed', () => {
    expect(said([need('a', 2.5)], [excess('x', 1.9), excess('y', 0.9)])).toEqual(['x>a 1']);
    expect(said([need('a', 2.5)], [excess('x', 1.9), excess('y', 0.9)], false)).toEqual(['x>a 1.9', 'y>a 0.6']);
  });

  it('should send nothing to itself, without need or without excess', () => {
    expect([said([need('a', 5)], [excess('a', 9)]), said([], [excess('a', 9)]), said([need('a', 5)], [])]).toEqual([[], [], []]);
  });

  it('should give the same whatever the order of the stores, never more than there is or than is needed', () => {
    let state = 7;
    const random = (most: number) => (state = (state * 48_271) % 2_147_483_647) % most;
    for (let round = 0; round < 200; round++) {
      const needs = Array.from({ length: random(5) }, (_, i) =>
        need(`n${i}`, 1 + random(20), random(2) ? `2026-12-0${1 + random(9)}` : null),
      );
      const excesses = Array.from({ length: random(5) }, (_, i) => excess(`e${i}`, random(25), random(3) === 0));
      const transfers = allocateTransfers(needs, excesses, true);
      expect(allocateTransfers(needs.toReversed(), excesses.toReversed(), true)).toEqual(transfers);
      const total = (of: 'fromStoreId' | 'toStoreId', id: string) =>
        transfers.filter((one) => one[of] === id).reduce((sum, { quantity }) => sum + quantity, 0);
      for (const { storeId, quantity } of excesses) expect(total('fromStoreId', storeId)).toBeLessThanOrEqual(quantity);
      for (const { storeId, quantity } of needs) expect(total('toStoreId', storeId)).toBeLessThanOrEqual(quantity);
      const [given, wanted] = [excesses, needs].map((list) => list.reduce((sum, { quantity }) => sum + quantity, 0));
      expect(transfers.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(Math.min(given!, wanted!));
    }
  });
});

it('should keep what a store needs itself', () => {
  expect([excessOf(30, 12.5), excessOf(10, 12), excessOf(-3, 0)]).toEqual([17.5, 0, 0]);
});
