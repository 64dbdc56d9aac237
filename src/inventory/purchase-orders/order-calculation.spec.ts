import * as fc from 'fast-check';
import { Big } from 'big.js';
import { isAllowed, ORDER_STATUSES, orderTotals, receivable, statusByQuantities } from './order-calculation.js';

describe('orderTotals', () => {
  it('should round each line and its tax half-up', () => {
    const lines = [
      { quantity: '3', unitCost: '1.333350', taxRate: '16' },
      { quantity: '0.5', unitCost: '2.000100', taxRate: '0' },
    ];
    expect(orderTotals(lines)).toEqual({ subtotal: '5.0002', taxAmount: '0.6400', totalAmount: '5.6402' });
  });

  it('should be zero for no line', () => {
    expect(orderTotals([])).toEqual({ subtotal: '0.0000', taxAmount: '0.0000', totalAmount: '0.0000' });
  });

  it('should always have total = subtotal + tax', () => {
    const decimal = fc.integer({ min: 1, max: 10_000_000 }).map((value) => new Big(value).div(10_000).toFixed());
    const line = fc.record({ quantity: decimal, unitCost: decimal, taxRate: fc.constantFrom('0', '8', '16', '31') });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
        const { subtotal, taxAmount, totalAmount } = orderTotals(lines);
        expect(new Big(subtotal).plus(taxAmount).toFixed(4)).toBe(totalAmount);
      }),
    );
  });
});

describe('receivable', () => {
  it.each([
    ['10', '0', '0', '10.0000'],
    ['10', '4', '0', '6.0000'],
    ['10', '10', '0', '0.0000'],
    ['10', '10', '5', '0.5000'],
    ['10', '12', '0', '0.0000'],
    ['3', '0', '0.0033', '3.0000'],
  ])('should allow of %s ordered and %s received with %s percent more: %s', (ordered, received, overReceiptPercent, most) => {
    expect(receivable({ ordered, received, overReceiptPercent })).toBe(most);
  });
});

describe('statusByQuantities', () => {
  it('should be received when every line is, tolerance or not', () => {
    expect(
      statusByQuantities([
        { ordered: '1', received: '1.0000' },
        { ordered: '2', received: '2.1' },
      ]),
    ).toBe('received');
    expect(
      statusByQuantities([
        { ordered: '1', received: '1' },
        { ordered: '2', received: '1.9999' },
      ]),
    ).toBe('partial');
  });
});

describe('isAllowed', () => {
  it('should never touch what is received or cancelled', () => {
    for (const action of ['edit', 'reschedule', 'send', 'confirm', 'receive', 'cancel'] as const) {
      expect(isAllowed(action, 'received')).toBe(false);
      expect(isAllowed(action, 'cancelled')).toBe(false);
    }
  });

  it('should let goods come in every open state', () => {
    expect(ORDER_STATUSES.filter((status) => isAllowed('receive', status))).toEqual(['draft', 'sent', 'confirmed', 'partial']);
  });
});
