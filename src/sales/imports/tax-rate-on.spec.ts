import { taxRateOn } from './tax-rate-on.js';

const rates = [
  { taxCategoryId: 'g', validFrom: '2000-01-01', rate: '12' },
  { taxCategoryId: 'e', validFrom: '2000-01-01', rate: '0' },
  { taxCategoryId: 'g', validFrom: '2018-09-01', rate: '16' },
];

describe('taxRateOn', () => {
  it.each([
    ['g', '2018-08-31', '12'],
    ['g', '2018-09-01', '16'],
    ['g', '1999-12-31', '0'],
    ['e', '2026-01-01', '0'],
  ])('should find the rate of %s on %s', (category, date, rate) => expect(taxRateOn(rates, category, date)).toBe(rate));
});
