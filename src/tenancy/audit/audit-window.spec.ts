import { auditWindow } from './audit-window.js';

const now = new Date('2026-05-31T12:00:00Z');

describe('auditWindow', () => {
  it('should cover the last 30 days, and what clocks ahead of ours write', () => {
    expect(auditWindow(undefined, undefined, now)).toEqual({ from: '2026-05-01T12:00:00.000Z', to: '2026-06-01T12:00:00.000Z' });
  });

  it('should cover the 30 days before an end', () => {
    expect(auditWindow(undefined, '2026-02-01T00:00:00Z', now)?.from).toBe('2026-01-02T00:00:00.000Z');
  });

  it('should stop after 366 days where only the start is given', () => {
    expect(auditWindow('2020-01-01T00:00:00Z', undefined, now)?.to).toBe('2021-01-01T00:00:00.000Z');
  });

  it.each([
    ['2026-02-01T00:00:00Z', '2026-02-01T00:00:00Z'],
    ['2026-02-02T00:00:00Z', '2026-02-01T00:00:00Z'],
    ['2025-01-01T00:00:00Z', '2026-02-01T00:00:00Z'],
  ])('should refuse %s to %s', (from, to) => expect(auditWindow(from, to, now)).toBeUndefined());
});
