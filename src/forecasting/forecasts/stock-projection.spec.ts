import { projectStock, type StockOutlook } from './stock-projection.js';

const project = (changes: Partial<StockOutlook>) =>
  projectStock({ available: 10, firstDay: '2026-11-21', mean: Float64Array.of(3, 3, 3, 3, 3), arrivals: [], ...changes });

describe('projectStock', () => {
  it('should say how long stock lasts and on which day it does not meet the demand', () => {
    expect(project({})).toEqual({ daysOfCover: 3.3, stockOutDate: '2026-11-24', stockOutIndex: 3 });
    expect(project({ available: 15 })).toEqual({ daysOfCover: 5, stockOutDate: null, stockOutIndex: null });
    expect(project({ available: 30 })).toEqual({ daysOfCover: 10, stockOutDate: null, stockOutIndex: null });
    expect(project({ available: -2 })).toEqual({ daysOfCover: 0, stockOutDate: '2026-11-21', stockOutIndex: 0 });
  });

  it('should count arrivals on their day for the date, not for the cover', () => {
    expect(project({ arrivals: [{ day: '2026-11-24', quantity: 2 }] })).toMatchObject({
      stockOutDate: '2026-11-25',
      daysOfCover: 3.3,
    });
    expect(project({ arrivals: [{ day: '2026-11-25', quantity: 99 }] }).stockOutDate).toBe('2026-11-24');
    expect(project({ arrivals: [{ day: '2027-01-01', quantity: 99 }] }).stockOutDate).toBe('2026-11-24');
  });

  it('should expect a late arrival tomorrow', () => {
    const arrivals = [{ day: '2026-11-10', quantity: 5 }];
    expect(project({ arrivals }).stockOutDate).toBeNull();
    expect(project({ available: 2, arrivals }).stockOutDate).toBe('2026-11-21');
  });

  it('should say nothing where nothing is expected to sell', () => {
    expect(project({ mean: new Float64Array(5), available: 0 })).toEqual({
      daysOfCover: null,
      stockOutDate: null,
      stockOutIndex: null,
    });
  });
});
