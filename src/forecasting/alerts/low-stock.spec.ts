import { assessLowStock, type LowLevel } from './low-stock.js';

const level = (changes: Partial<LowLevel>): LowLevel => ({
  available: 10,
  reorderPoint: 20,
  maxStock: null,
  leadTimeDays: 7,
  dailyDemand: 2,
  onOrder: 0,
  packSize: 1,
  ...changes,
});

describe('assessLowStock', () => {
  it('should rise with the days that are left', () => {
    const priority = (available: number) => assessLowStock(level({ available })).priority;
    expect([priority(0), priority(-3), priority(13), priority(14), priority(27), priority(28)]).toEqual([
      'critical',
      'critical',
      'high',
      'medium',
      'medium',
      'low',
    ]);
  });

  it('should tell the days of cover, and none without demand', () => {
    expect(assessLowStock(level({ available: 5 })).daysOfCover).toBe(2.5);
    expect(assessLowStock(level({ available: -5 })).daysOfCover).toBe(0);
    expect(assessLowStock(level({ dailyDemand: null }))).toMatchObject({ daysOfCover: null, priority: 'low' });
    expect(assessLowStock(level({ dailyDemand: 0, available: 9 }))).toMatchObject({ daysOfCover: null, priority: 'medium' });
  });

  it('should order up to reorder point and demand of lead time and review', () => {
    expect(assessLowStock(level({})).suggestedOrder).toBe(20 + 2 * 14 - 10);
    expect(assessLowStock(level({ maxStock: 50 })).suggestedOrder).toBe(40);
    expect(assessLowStock(level({ onOrder: 100 })).suggestedOrder).toBe(0);
  });

  it('should order whole packs', () => {
    expect(assessLowStock(level({ packSize: 12 })).suggestedOrder).toBe(48);
    expect(assessLowStock(level({ packSize: 38 })).suggestedOrder).toBe(38);
    expect(assessLowStock(level({ maxStock: 10.3, packSize: 0.1 })).suggestedOrder).toBeCloseTo(0.3);
  });
});
