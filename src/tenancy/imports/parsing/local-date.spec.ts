import * as fc from 'fast-check';
import { addDays, daysBetween } from '../../../kernel/time/zone.js';
import { readLocalDate } from './local-date.js';

describe('readLocalDate', () => {
  it('should read every real day in both forms, to the same date', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: daysBetween('1990-01-01', '2099-12-31') }), (day) => {
        const iso = addDays('1990-01-01', day);
        const [year, month, date] = iso.split('-');
        expect(readLocalDate(iso)).toBe(iso);
        expect(readLocalDate(`${date}/${month}/${year}`)).toBe(iso);
        expect(readLocalDate(`${Number(date)}/${Number(month)}/${year}`)).toBe(iso);
      }),
    );
  });

  it.each([
    '29/02/2025',
    '31/04/2026',
    '2026-13-01',
    '12/31/2026',
    '00/01/2026',
    '1/1/26',
    '2026/01/02',
    '2026-1-2',
    '2026-01-02T10:00',
    '46000',
    '',
  ])('should refuse %j', (text) => expect(readLocalDate(text)).toBeNull());

  it.each([
    ['29/02/2024', '2024-02-29'],
    ['29/02/2000', '2000-02-29'],
  ])('should know the leap day %s', (text, date) => expect(readLocalDate(text)).toBe(date));
});
