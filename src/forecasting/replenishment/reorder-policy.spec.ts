import { SUM_LENGTHS, SUM_PROBABILITIES, type DemandSums } from '../engine/demand-sums.js';
import { normalQuantile } from '../models/normal.js';
import {
  cycleDaysOf,
  decideOrder,
  leastOrder,
  orderQuantity,
  positionOf,
  quantityFault,
  reorderLevels,
  type OrderTerms,
  type PolicyTerms,
} from './reorder-policy.js';

/** Independent normal days: mean 10, standard deviation 3. */
const sums: DemandSums = {
  lengths: [...SUM_LENGTHS],
  probabilities: [...SUM_PROBABILITIES],
  values: SUM_LENGTHS.map((n) => SUM_PROBABILITIES.map((p) => 10 * n + 3 * Math.sqrt(n) * normalQuantile(p))),
  means: SUM_LENGTHS.map((n) => 10 * n),
};
const exactly = (days: number) => [{ length: days, probability: 1 }];
const levels = (terms: Partial<PolicyTerms> = {}) =>
  reorderLevels(sums, {
    leadTime: exactly(6),
    reviewDays: 1,
    cycleDays: 7,
    serviceLevel: 0.95,
    minStock: 0,
    maxStock: null,
    shelfLifeDays: null,
    wholeUnits: true,
    ...terms,
  });

describe('reorderLevels', () => {
  it('should be quantiles of the demand over lead time and review, and over a cycle more', () => {
    // 70 + 1.645 * 3 * sqrt(7) = 83.06; 140 + 1.645 * 3 * sqrt(14) = 158.46
    expect(levels()).toEqual({ reorderPoint: 84, orderUpTo: 159, safetyStock: 14, meanDemand: 70, limits: [] });
    expect(levels({ wholeUnits: false })).toMatchObject({ reorderPoint: 83.06, orderUpTo: 158.47 });
  });

  it('should rise with service level, lead time, its uncertainty, and review', () => {
    const point = (terms: Partial<PolicyTerms>) => levels({ wholeUnits: false, ...terms }).reorderPoint;
    expect(point({ serviceLevel: 0.99 })).toBeGreaterThan(point({}));
    expect(point({ leadTime: exactly(9) })).toBeGreaterThan(point({}));
    expect(point({ reviewDays: 3 })).toBeGreaterThan(point({}));
    const uncertain = [2, 6, 10].map((length, i) => ({ length, probability: [0.25, 0.5, 0.25][i]! }));
    expect(point({ leadTime: uncertain })).toBeGreaterThan(point({}) + 20);
    expect(levels({ leadTime: uncertain }).meanDemand).toBe(70);
  });

  it('should never order up to less than the reorder point', () => {
    expect(levels({ cycleDays: 0 })).toMatchObject({ reorderPoint: 84, orderUpTo: 84 });
  });

  it('should respect minimum, maximum and shelf life, and say so', () => {
    expect(levels({ minStock: 100 })).toMatchObject({
      reorderPoint: 100,
      orderUpTo: 159,
      safetyStock: 30,
      limits: ['minimum_stock'],
    });
    expect(levels({ minStock: 200 })).toMatchObject({ reorderPoint: 200, orderUpTo: 200 });
    expect(levels({ maxStock: 120 })).toMatchObject({ reorderPoint: 84, orderUpTo: 120, limits: ['maximum_stock'] });
    expect(levels({ maxStock: 60 })).toMatchObject({ reorderPoint: 60, orderUpTo: 60, safetyStock: -10 });
    // what sells in lead time and three days of life
    expect(levels({ shelfLifeDays: 3 })).toMatchObject({ reorderPoint: 84, orderUpTo: 90, limits: ['shelf_life'] });
    expect(levels({ shelfLifeDays: 300 }).limits).toEqual([]);
  });

  it('should want nothing where nothing sells', () => {
    const dead: DemandSums = { lengths: [28], probabilities: [0.5, 0.95], values: [[0, 0]], means: [0] };
    const none = {
      leadTime: exactly(6),
      reviewDays: 1,
      cycleDays: 7,
      serviceLevel: 0.95,
      minStock: 0,
      maxStock: null,
      shelfLifeDays: null,
    };
    expect(reorderLevels(dead, { ...none, wholeUnits: true })).toEqual({
      reorderPoint: 0,
      orderUpTo: 0,
      safetyStock: 0,
      meanDemand: 0,
      limits: [],
    });
  });
});

describe('orderQuantity', () => {
  const order = (position: number, terms: Partial<OrderTerms> = {}) =>
    orderQuantity(position, 100, { packSize: 1, minOrder: 1, maxStock: null, ...terms });

  it('should be what is missing, in whole packs', () => {
    expect(order(40)).toEqual({ quantity: 60, need: 60, notes: [] });
    expect(order(40, { packSize: 24 })).toEqual({ quantity: 72, need: 60, notes: [] });
    expect(order(28, { packSize: 24 }).quantity).toBe(72);
    expect(order(99.5, { packSize: 0.25, minOrder: 0.25 }).quantity).toBe(0.5);
    expect(order(99.9, { packSize: 0.1, minOrder: 0.1 }).quantity).toBe(0.1);
    expect(order(-20).quantity).toBe(120);
  });

  it('should be nothing when nothing is missing', () => {
    expect(order(100)).toEqual({ quantity: 0, need: 0, notes: [] });
    expect(order(130, { minOrder: 50 }).quantity).toBe(0);
  });

  it('should be the minimum at least, in whole packs too', () => {
    expect(order(90, { minOrder: 30 })).toEqual({ quantity: 30, need: 10, notes: ['minimum_order'] });
    expect(order(90, { minOrder: 30, packSize: 12 })).toEqual({ quantity: 36, need: 10, notes: ['minimum_order'] });
    expect(order(40, { minOrder: 30 }).notes).toEqual([]);
  });

  it('should stay below the maximum as long as a pack is left, and say when it cannot', () => {
    expect(order(40, { packSize: 24, maxStock: 100 })).toEqual({ quantity: 48, need: 60, notes: [] });
    expect(order(90, { packSize: 24, maxStock: 100 })).toEqual({ quantity: 24, need: 10, notes: ['pack_above_maximum'] });
    expect(order(90, { minOrder: 50, maxStock: 100 })).toEqual({
      quantity: 50,
      need: 10,
      notes: ['minimum_order', 'minimum_order_above_maximum'],
    });
  });

  it.each([
    [36, null],
    [24, null],
    [12, 'minimum'],
    [30, 'pack'],
    [0, 'minimum'],
  ])('should say what is wrong with ordering %d in packs of 12, 20 at least', (quantity, fault) => {
    expect(quantityFault(quantity, { packSize: 12, minOrder: 20 })).toBe(fault);
  });

  it('should make orders that it would take', () => {
    for (const packSize of [1, 0.1, 0.25, 7, 12])
      for (const minOrder of [0.1, 1, 10, 25])
        for (const position of [-3, 0, 33.3, 99.99]) {
          const { quantity } = order(position, { packSize, minOrder });
          expect(quantityFault(quantity, { packSize, minOrder })).toBeNull();
          expect(quantity).toBeGreaterThanOrEqual(Math.max(100 - position, leastOrder({ packSize, minOrder })) - 1e-6);
          expect(quantity).toBeLessThan(Math.max(100 - position, minOrder) + packSize);
        }
  });
});

describe('decideOrder', () => {
  const terms = { packSize: 6, minOrder: 6, maxStock: null };
  const at = (onHand: number, onOrder = 0, reserved = 0) => decideOrder({ onHand, onOrder, reserved }, levels(), terms);

  it('should wait until the position is down to the reorder point', () => {
    expect([at(85), at(84), at(0)]).toEqual([0, 78, 162]);
  });

  it('should count what is on order and not what is reserved', () => {
    expect([at(50, 40), at(90, 0, 10), positionOf({ onHand: 50, onOrder: 40, reserved: 5 })]).toEqual([0, 84, 85]);
  });
});

describe('cycleDaysOf', () => {
  const cycle = (changes = {}) =>
    cycleDaysOf({ coverDays: 7, reviewDays: 1, dailyDemand: 10, unitCost: 2, holdingCostPercent: 25, orderCost: 5, ...changes });

  it('should be the economic batch in days of demand', () => {
    // sqrt(2 * 5 / (2 * 0.25 / 365 * 10))
    expect(cycle()).toBe(27);
    expect([cycle({ orderCost: 500 }), cycle({ orderCost: 0.0001 }), cycle({ reviewDays: 30 })]).toEqual([90, 1, 30]);
  });

  it.each([{ orderCost: null }, { holdingCostPercent: null }, { unitCost: null }, { unitCost: 0 }, { dailyDemand: 0 }])(
    'should be what people set for %j',
    (changes) => expect(cycle(changes)).toBe(7),
  );
});
