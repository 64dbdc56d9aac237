import fc from 'fast-check';
import { Big } from 'big.js';
import { currencyDigits, priceSale, settle, type Settlement } from './sale-pricing.js';

const item = (quantity: string, unitPrice: string, taxRate = '16', discount = '0') => ({
  quantity,
  unitPrice,
  taxRate,
  discount,
});

describe('priceSale', () => {
  it('should price five of 3.25 with 16 percent at 18.85', () => {
    expect(priceSale([item('5', '3.25')], 2)).toMatchObject({ subtotal: '16.2500', tax: '2.6000', total: '18.8500' });
  });

  it('should tax each rate on the sum of its lines, rounded half-up', () => {
    const { tax, total } = priceSale([item('1', '0.03'), item('1', '0.06'), item('1', '10', '0')], 2);
    expect(tax).toBe('0.0100'); // 0.09 x 16 % = 0.0144; by line it would be 0.00 + 0.01
    expect(total).toBe('10.1000');
  });

  it('should weigh goods sold by the kilo', () => {
    expect(priceSale([item('1.275', '4.9999', '8')], 2)).toMatchObject({
      subtotal: '6.3700',
      tax: '0.5100',
      lines: [{ lineTotal: '6.3749', netTotal: '6.3749', taxAmount: '0.5100' }],
    });
  });

  it('should take discounts off before tax', () => {
    expect(priceSale([item('2', '10', '16', '5')], 2)).toMatchObject({
      subtotal: '20.0000',
      discount: '5.0000',
      tax: '2.4000',
      total: '17.4000',
    });
  });

  it('should always add up', () => {
    const money = fc.integer({ min: 0, max: 10_000_000 }).map((n) => new Big(n).div(10_000).toFixed(4));
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            quantity: money,
            unitPrice: money,
            taxRate: fc.constantFrom('0', '8', '16', '31'),
            discount: fc.constant('0'),
          }),
        ),
        (items) => {
          const { subtotal, discount, tax, total } = priceSale(items, 2);
          return new Big(subtotal).minus(discount).plus(tax).eq(total);
        },
      ),
    );
  });
});

describe('settle', () => {
  const cash = (amount: string, rate = '1') => ({ method: 'cash' as const, amount, rate });

  it('should hand back change of cash only', () => {
    expect(settle('18.85', [cash('20')], 2)).toEqual({
      payments: [{ amount: '18.8500', amountInSaleCurrency: '18.8500' }],
      change: '1.1500',
      status: 'paid',
      method: 'cash',
    });
    expect(settle('18.85', [{ method: 'card', amount: '20', rate: '1' }], 2)).toEqual({
      mismatch: 'over',
      paid: '20.0000',
      by: '1.1500',
    });
    // the cash goes back; what the card paid too much does not
    expect(settle('18.85', [{ method: 'card', amount: '20', rate: '1' }, cash('5')], 2)).toEqual({
      mismatch: 'over',
      paid: '25.0000',
      by: '1.1500',
    });
  });

  it('should refuse too little', () => {
    expect(settle('18.85', [cash('18.84')], 2)).toEqual({ mismatch: 'short', paid: '18.8400', by: '0.0100' });
    expect(settle('18.85', [], 2)).toEqual({ mismatch: 'short', paid: '0.0000', by: '18.8500' });
  });

  it('should take bolivars at their rate', () => {
    const result = settle('10.00', [cash('365', '36.5')], 2) as Settlement;
    expect(result).toMatchObject({
      change: '0.0000',
      status: 'paid',
      payments: [{ amount: '365.0000', amountInSaleCurrency: '10.0000' }],
    });
  });

  it('should count credit as covered and unpaid', () => {
    expect(settle('10', [{ method: 'credit', amount: '10', rate: '1' }], 2)).toMatchObject({
      status: 'pending',
      method: 'credit',
    });
    expect(settle('10', [cash('4'), { method: 'credit', amount: '6', rate: '1' }], 2)).toMatchObject({
      status: 'partial',
      method: 'credit',
    });
  });

  it('should accept a sale of nothing without payments', () => {
    expect(settle('0', [], 2)).toMatchObject({ status: 'paid', method: null, change: '0.0000' });
  });

  it('should keep exactly the total, whatever is handed over in cash', () => {
    const amount = fc.integer({ min: 0, max: 1_000_000 }).map((cents) => new Big(cents).div(100).toFixed(2));
    fc.assert(
      fc.property(amount, amount, amount, (total, first, second) => {
        const result = settle(total, [cash(first), cash(second)], 2);
        if ('mismatch' in result) return new Big(first).plus(second).lt(total);
        return result.payments.reduce((sum, payment) => sum.plus(payment.amountInSaleCurrency), new Big(0)).eq(total);
      }),
    );
  });
});

describe('currencyDigits', () => {
  it('should know that yen have none', () => {
    expect([currencyDigits('USD'), currencyDigits('VES'), currencyDigits('JPY')]).toEqual([2, 2, 0]);
  });
});
