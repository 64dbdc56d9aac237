import { STANDARD_PARAMETERS } from '../alert-rules/rule-parameters.js';
import { findSlowMoving, mayBeSlow } from './slow-moving.js';

const rule = STANDARD_PARAMETERS.slow_moving;
const level = (changes: Partial<Parameters<typeof findSlowMoving>[0]> = {}) => ({
  onHand: 20,
  sold: new Map<number, number>(),
  idle: { lastSoldOn: '2026-05-01', heldSince: '2026-01-01' },
  unitCost: 3,
  today: '2026-11-22',
  ...changes,
});
const find = (changes: Parameters<typeof level>[0] = {}, more: object = {}, isOpen = false) =>
  findSlowMoving(level(changes), { ...rule, ...more }, isOpen);

describe('findSlowMoving', () => {
  it('should count from the last sale and say what is tied up', () => {
    expect(find()).toEqual({
      priority: 'medium',
      reason: 'no_sales',
      idleDays: 205,
      lastSoldOn: '2026-05-01',
      heldSince: '2026-01-01',
      soldUnits: 0,
      daysOfCover: null,
      value: 60,
    });
  });

  it('should count from the day the stock came where that is later', () => {
    expect(find({ idle: { lastSoldOn: '2026-01-01', heldSince: '2026-09-01' } })).toBeNull();
    expect(find({ idle: { lastSoldOn: null, heldSince: '2026-08-24' } })).toMatchObject({ idleDays: 90, priority: 'low' });
    expect(find({ idle: { lastSoldOn: null, heldSince: '2025-11-22' } })!.priority).toBe('high');
  });

  it('should find what sells so little that it lasts for years, once it was there long enough', () => {
    const little = { sold: new Map([[90, 2]]), idle: { lastSoldOn: '2026-11-01', heldSince: '2026-01-01' } };
    expect(find(little)).toMatchObject({ reason: 'hardly_any_sales', daysOfCover: 900, soldUnits: 2, priority: 'medium' });
    expect(find({ ...little, sold: new Map([[90, 5]]) })).toBeNull();
    expect(find({ ...little, idle: { lastSoldOn: '2026-11-01', heldSince: '2026-10-20' } })).toBeNull();
  });

  it('should end below the hysteresis only', () => {
    const near = { onHand: 20, sold: new Map([[90, 5]]), idle: { lastSoldOn: '2026-11-01', heldSince: '2026-01-01' } };
    expect(find(near, {}, true)).not.toBeNull();
    expect(find({ ...near, onHand: 18 }, {}, true)).toBeNull();
  });

  it('should leave small sums and empty shelves alone', () => {
    expect(find({}, { minimumValue: '60.01' })).toBeNull();
    expect(find({ onHand: 0 })).toBeNull();
    expect(find({ unitCost: null }, { minimumValue: '60.01' })).toMatchObject({ value: null });
  });

  it('should be asked only of what hardly sells', () => {
    expect(mayBeSlow({ onHand: 5, sold: new Map() }, rule)).toBe(true);
    expect(mayBeSlow({ onHand: 5, sold: new Map([[90, 90]]) }, rule)).toBe(false);
    expect(mayBeSlow({ onHand: 0, sold: new Map() }, rule)).toBe(false);
  });
});
