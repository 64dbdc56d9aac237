import { criticalRatio, serviceLevelOf, type ServiceLevelTerms } from './service-level.js';

const level = (terms: Partial<ServiceLevelTerms> = {}) =>
  serviceLevelOf({
    explicit: null,
    price: 3.25,
    cost: 2,
    holdingCostPercent: 25,
    cycleDays: 7,
    shelfLifeDays: null,
    demandClass: 'smooth',
    byClass: { smooth: 0.95, erratic: 0.94, intermittent: 0.92, lumpy: 0.9 },
    ...terms,
  });

describe('serviceLevelOf', () => {
  it('should weigh the margin against waiting a cycle in stock', () => {
    // 1.25 / (1.25 + 2 * 25 % * 7 / 365)
    expect(level()).toEqual({ value: 0.9924, source: 'newsvendor' });
    expect(level({ price: 2.1 }).value).toBeCloseTo(0.1 / (0.1 + (2 * 0.25 * 7) / 365), 4);
    expect(level({ cycleDays: 60 }).value).toBeLessThan(level().value);
  });

  it('should count the whole unit as lost when it does not keep for a cycle', () => {
    expect(level({ price: 12, shelfLifeDays: 7 })).toEqual({ value: 0.8327, source: 'newsvendor' });
    expect(level({ price: 12, shelfLifeDays: 8 }).value).toBeGreaterThan(0.99);
  });

  it('should believe no ratio too near to all or nothing', () => {
    expect([level({ price: 90 }).value, level({ price: 2.001 }).value]).toEqual([0.995, 0.8]);
  });

  it('should take what people decided before everything', () => {
    expect(level({ explicit: 0.6 })).toEqual({ value: 0.6, source: 'explicit' });
  });

  it.each([
    ['no price', { price: null }],
    ['no cost', { cost: null }],
    ['no holding rate', { holdingCostPercent: null }],
    ['no margin', { price: 2 }],
    ['nothing to hold', { cost: 0 }],
  ])('should take the class where there is %s', (_, terms) => {
    expect(level({ ...terms, demandClass: 'erratic' })).toEqual({ value: 0.94, source: 'class' });
    expect(level({ ...terms, demandClass: 'dead' }).value).toBe(0.9);
  });

  it('should be the newsvendor ratio', () => expect(criticalRatio(3, 1)).toBe(0.75));
});
