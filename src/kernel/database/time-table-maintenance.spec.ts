import { rowsPerYear } from './time-table-maintenance.js';

const at = (text: string) => new Date(`${text}T00:00:00Z`);
const partition = (from: string | null, to: string | null, rows: number) => ({
  from: from ? at(from) : null,
  to: to ? at(to) : null,
  rows,
});

describe('rowsPerYear', () => {
  const now = at('2026-07-02');

  it('should count the partitions of the last year by the days they have lasted', () => {
    const year = [
      partition(null, '2025-01-01', 9e9),
      partition('2025-01-01', '2026-01-01', 1000),
      partition('2026-01-01', '2027-01-01', 1000),
    ];
    expect(rowsPerYear(year, now)).toBeCloseTo((2000 / (365 + 182)) * 365, 6);
  });

  it('should not make a year of the first busy day', () => {
    expect(rowsPerYear([partition('2026-07-01', '2026-08-01', 600)], now)).toBeCloseTo((600 / 30) * 365, 6);
  });

  it('should be nothing without a closed partition', () => {
    expect(rowsPerYear([partition(null, '2020-01-01', 7), partition('2027-01-01', '2028-01-01', 7)], now)).toBe(0);
  });
});
