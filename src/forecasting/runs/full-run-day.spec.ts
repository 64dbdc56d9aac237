import { isFullRunDue } from './full-run-day.js';

describe('isFullRunDue', () => {
  // 2026-11-22 is a Sunday
  it('should be on the weekday of the tenant, by default Sunday', () => {
    expect(isFullRunDue('2026-11-22', undefined, '2026-11-14')).toBe(true);
    expect(isFullRunDue('2026-11-23', undefined, '2026-11-21')).toBe(false);
    expect(isFullRunDue('2026-11-23', 1, '2026-11-21')).toBe(true);
    expect(isFullRunDue('2026-11-22', 1, '2026-11-21')).toBe(false);
    expect(isFullRunDue('2026-11-22', 'monday', '2026-11-21')).toBe(true);
  });

  it('should be at once where there never was one, or the last is more than a week old', () => {
    expect(isFullRunDue('2026-11-24', 7, null)).toBe(true);
    // the run of Sunday the 15th saw history up to the 14th; the next Sunday was missed
    expect(isFullRunDue('2026-11-23', 7, '2026-11-14')).toBe(true);
    expect(isFullRunDue('2026-11-21', 7, '2026-11-14')).toBe(false);
  });
});
