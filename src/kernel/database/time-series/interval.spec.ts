import { addIntervals, intervalFor, startOf } from './interval.js';
import { spanOfId, windowCondition } from './window.js';

const day = (text: string) => new Date(`${text}T00:00:00Z`);

describe('intervals', () => {
  it.each([
    [0, '1 year'],
    [199_999, '1 year'],
    [200_000, '3 months'],
    [5_000_000, '1 month'],
    [50_000_000, '1 week'],
  ] as const)('should give %d rows a year the width %s', (rows, width) => {
    expect(intervalFor(rows)).toBe(width);
  });

  it.each([
    ['1 year', '2026-01-01', '2027-01-01'],
    ['3 months', '2026-10-01', '2027-01-01'],
    ['1 month', '2026-12-01', '2027-01-01'],
    ['1 week', '2026-12-28', '2027-01-04'],
  ] as const)('should begin %s on the calendar and follow it', (width, start, next) => {
    const found = startOf(new Date('2026-12-31T23:59:59.999Z'), width);
    expect(found).toEqual(day(start));
    expect(addIntervals(found, 1, width)).toEqual(day(next));
    expect(addIntervals(addIntervals(found, 1, width), -1, width)).toEqual(day(start));
    expect(startOf(found, width)).toEqual(found);
  });

  it('should begin weeks before the epoch on a Monday too', () => {
    expect(startOf(day('1969-12-31'), '1 week')).toEqual(day('1969-12-29'));
  });
});

describe('windows', () => {
  it('should number their parameters from where the caller is', () => {
    const span = { from: day('2026-01-01'), to: day('2026-02-01') };
    expect(windowCondition('m.created_at', span, 3)).toEqual({
      sql: 'm.created_at >= $3 AND m.created_at < $4',
      values: [span.from, span.to],
    });
    expect(() => windowCondition('created_at', { from: span.to, to: span.from }, 1)).toThrow(RangeError);
  });

  it('should hold the instant of a version 7 id', () => {
    const at = Date.UTC(2026, 4, 17, 10);
    const span = spanOfId(
      `${at
        .toString(16)
        .padStart(12, '0')
        .replace(/^(.{8})/, '$1-')}-7abc-8def-0123456789ab`,
    );
    expect(span!.from.getTime()).toBeLessThan(at);
    expect(span!.to.getTime()).toBeGreaterThan(at);
    expect(spanOfId('6f1b7e0c-52a4-4b0e-9d6e-0d8a3f1c2b4a')).toBeUndefined();
  });
});
