import { addDays, daysBetween, isTimeZone, localDateOf, localMinutesOf } from './zone.js';

describe('time zones', () => {
  it('should keep the evening of Caracas on its own day', () => {
    expect(localDateOf(new Date('2026-03-01T03:59:00Z'), 'America/Caracas')).toBe('2026-02-28');
    expect(localDateOf(new Date('2026-03-01T04:00:00Z'), 'America/Caracas')).toBe('2026-03-01');
  });

  it('should tell the minutes of a local day', () => {
    expect(localMinutesOf(new Date('2026-03-01T04:05:00Z'), 'America/Caracas')).toBe(5);
    expect(localMinutesOf(new Date('2026-03-01T00:00:00Z'), 'UTC')).toBe(0);
  });

  it('should know a time zone from a word', () => {
    expect(isTimeZone('America/Caracas')).toBe(true);
    expect(isTimeZone('Caracas')).toBe(false);
  });

  it('should count days over month, leap day and clock change', () => {
    expect(addDays('2024-02-28', 1)).toBe('2024-02-29');
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
    expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2);
    expect(daysBetween('2026-03-30', '2026-03-28')).toBe(-2);
  });
});
