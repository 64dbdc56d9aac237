import { STANDARD_PARAMETERS } from '../alert-rules/rule-parameters.js';
import { findOverstock } from './overstock.js';

const level = (changes: Partial<Parameters<typeof findOverstock>[0]> = {}) => ({
  available: 100,
  onOrder: 20,
  maxStock: null,
  dailyDemand: 1,
  leadTimeDays: 7,
  unitCost: 2.5,
  ...changes,
});
const find = (changes: Parameters<typeof level>[0] = {}, rule: object = {}, isOpen = false) =>
  findOverstock(level(changes), { ...STANDARD_PARAMETERS.overstock, ...rule }, isOpen);

describe('findOverstock', () => {
  it('should count what is on order and say how much is too much, what it costs and how long it lasts', () => {
    expect(find()).toEqual({
      priority: 'low',
      reason: 'too_much_cover',
      limit: 90,
      position: 120,
      excess: 30,
      excessCost: 75,
      excessDays: 30,
      daysOfCover: 120,
    });
    expect(find({ onOrder: 0, available: 90 })).toBeNull();
  });

  it('should hold to the maximum where one is set, with or without demand', () => {
    expect(find({ maxStock: 50 })).toMatchObject({ reason: 'above_maximum', limit: 50, excess: 70, priority: 'medium' });
    expect(find({ maxStock: 100, dailyDemand: null })).toMatchObject({ excess: 20, excessDays: null, daysOfCover: null });
    expect(find({ maxStock: 120, dailyDemand: 5 })).toBeNull();
    expect(find({ dailyDemand: null })).toBeNull();
    expect(find({ maxStock: 0, available: 0, onOrder: 0 })).toBeNull();
  });

  it('should rise with how far beyond the limit it is', () => {
    const priority = (available: number) => find({ available, onOrder: 0 })?.priority;
    expect([priority(90), priority(91), priority(180), priority(359), priority(360)]).toEqual([
      undefined,
      'low',
      'medium',
      'medium',
      'high',
    ]);
  });

  it('should give a long lead time its stock', () => {
    expect(find({ leadTimeDays: 150 })).toBeNull();
  });

  it('should leave small sums alone', () => {
    expect(find({}, { minimumValue: '75.01' })).toBeNull();
    expect(find({}, { minimumValue: '75' })).not.toBeNull();
    expect(find({ unitCost: null }, { minimumValue: '75.01' })).toMatchObject({ excessCost: null });
  });

  it('should stay open within the hysteresis', () => {
    expect(find({ available: 85, onOrder: 0 })).toBeNull();
    expect(find({ available: 85, onOrder: 0 }, {}, true)).toMatchObject({ excess: 0, priority: 'low' });
    expect(find({ available: 81, onOrder: 0 }, {}, true)).toBeNull();
  });
});
