import { dueDates, minutesOf } from './daily-times.js';

const at = (iso: string) => Date.parse(iso);

describe('dueDates', () => {
  const zone = 'America/Caracas';

  it('should exclude the start and include the end', () => {
    const due = at('2026-05-02T06:30:00Z');
    expect(dueDates(zone, '02:30', due, due + 300_000)).toEqual([]);
    expect(dueDates(zone, '02:30', due - 1, due)).toEqual(['2026-05-02']);
  });

  it('should name every day of a gap without a worker', () => {
    expect(dueDates(zone, '02:30', at('2026-05-01T06:30:00Z'), at('2026-05-04T06:29:59Z'))).toEqual(['2026-05-02', '2026-05-03']);
  });

  it('should name each day of a year once, in any steps and any zone', () => {
    for (const place of ['America/New_York', 'Asia/Kolkata', 'America/Caracas', 'Australia/Lord_Howe']) {
      const seen: string[] = [];
      const step = 7 * 3_600_000 + 11 * 60_000;
      const end = at('2027-01-01T12:00:00Z');
      for (let from = at('2026-01-01T12:00:00Z'); from < end; from += step)
        seen.push(...dueDates(place, '02:15', from, Math.min(from + step, end)));
      expect(seen).toHaveLength(365);
      expect(new Set(seen).size).toBe(365);
    }
  });

  it('should refuse what is no time of day', () => {
    expect(() => minutesOf('24:00')).toThrow('"24:00" is no time of day');
    expect(minutesOf('23:59')).toBe(1439);
  });
});
