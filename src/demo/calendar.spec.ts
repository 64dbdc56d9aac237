import { addDays } from '../kernel/time/zone.js';
import { holidaysBetween, payDayFactor, seasonFactor, weekShare } from './calendar.js';

describe('calendar of the demo', () => {
  it('should list the holidays of a span in order', () => {
    const holidays = holidaysBetween('2025-12-20', '2026-04-03');
    expect(holidays.map((holiday) => holiday.date)).toEqual([
      '2025-12-24',
      '2025-12-25',
      '2025-12-31',
      '2026-01-01',
      '2026-02-16',
      '2026-02-17',
      '2026-04-02',
      '2026-04-03',
    ]);
    expect(holidays.filter((holiday) => holiday.closed).map((holiday) => holiday.name)).toEqual([
      'Navidad',
      'Año Nuevo',
      'Viernes Santo',
    ]);
  });

  it('should keep the shops closed on Good Friday when another holiday falls on it', () => {
    const [, friday] = holidaysBetween('2019-04-18', '2019-04-30');
    expect(friday).toMatchObject({ date: '2019-04-19', closed: true });
  });

  it.each(['staple', 'fresh', 'weekend'] as const)('should share out exactly one week for %s', (profile) => {
    const sum = Array.from({ length: 7 }, (_, i) => weekShare(profile, addDays('2026-03-02', i))).reduce((a, b) => a + b, 0);
    expect(sum).toBeCloseTo(7, 10);
    expect(weekShare(profile, '2026-03-07')).toBeGreaterThan(weekShare(profile, '2026-03-03'));
  });

  it('should peak on the 15th and at the end of every month', () => {
    for (const date of ['2026-03-15', '2026-02-28', '2024-02-29', '2026-04-30', '2026-12-31'])
      expect(payDayFactor(date)).toBe(1.4);
    expect(payDayFactor('2026-03-10')).toBe(1);
  });

  it('should climb towards Christmas', () => {
    const peak = seasonFactor('2026-12-22', 1);
    expect(peak).toBe(2);
    expect(seasonFactor('2026-12-10', 1)).toBeLessThan(peak);
    expect(seasonFactor('2026-06-10', 1)).toBe(1);
    expect(seasonFactor('2026-01-10', 0)).toBeLessThan(1);
  });
});
