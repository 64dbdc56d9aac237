import { addDays, daysBetween, instantOf, isTimeZone, localDateOf, localMinutesOf } from './zone.js';

const of = (date: string, minutes: number, zone: string) => instantOf(date, minutes, zone).toISOString();

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

  it('should find the instant of a local time', () => {
    expect(of('2026-03-01', 150, 'America/Caracas')).toBe('2026-03-01T06:30:00.000Z');
    expect(of('2026-03-01', 0, 'Asia/Kathmandu')).toBe('2026-02-28T18:15:00.000Z');
    // around the change to summer time on 8 March: before, skipped, after
    expect(of('2026-03-08', 90, 'America/New_York')).toBe('2026-03-08T06:30:00.000Z');
    expect(of('2026-03-08', 150, 'America/New_York')).toBe('2026-03-08T07:30:00.000Z');
    expect(of('2026-03-08', 210, 'America/New_York')).toBe('2026-03-08T07:30:00.000Z');
    // 01:30 comes twice: the first
    expect(of('2026-11-01', 90, 'America/New_York')).toBe('2026-11-01T05:30:00.000Z');
    // the day that this zone left out before it
    expect(of('2011-12-31', 180, 'Pacific/Apia')).toBe('2011-12-30T13:00:00.000Z');
  });
});
