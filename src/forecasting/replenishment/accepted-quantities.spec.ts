import { chosenFaults, quantityFaults, type Chosen } from './accepted-quantities.js';

const chosen = (quantity: string, row: Partial<Chosen['row']> = {}): Chosen => ({
  row: {
    id: 's',
    kind: 'purchase',
    status: 'open',
    productId: 'p',
    storeId: 'a',
    fromStoreId: null,
    supplierId: 'x',
    quantity: '36.0000',
    packSize: '12.0000',
    minOrderQuantity: '20.0000',
    unitType: 'unit',
    ...row,
  },
  index: 0,
  quantity,
  pointer: '/q',
});
const faults = (quantity: string, row: Partial<Chosen['row']> = {}) => quantityFaults([chosen(quantity, row)]);

describe('quantities of accepted suggestions', () => {
  it('should be whole packs and the minimum at least', () => {
    expect([faults('24'), faults('36.0000'), faults('1200')]).toEqual([[], [], []]);
    expect(faults('12')).toEqual([{ pointer: '/q', code: 'field.min', min: '24.0000' }]);
    expect(faults('30')).toEqual([{ pointer: '/q', code: 'field.multiple', multiple: '12.0000' }]);
    expect(faults('0.3', { packSize: '0.1', minOrderQuantity: '0.1' })).toEqual([]);
  });

  it('should be no more than the other store can spare, in pieces', () => {
    const transfer = { kind: 'transfer', fromStoreId: 'b', supplierId: null } as const;
    expect([faults('36', transfer), faults('1', transfer), faults('1.5', { ...transfer, unitType: 'kg' })]).toEqual([[], [], []]);
    expect(faults('37', transfer)).toEqual([{ pointer: '/q', code: 'field.max', max: '36.0000' }]);
    expect(faults('1.5', transfer)).toEqual([{ pointer: '/q', code: 'field.multiple', multiple: '1.0000' }]);
  });

  it('should belong to one of the suggestions, once', () => {
    const quantities = ['a', 'b', 'a', 'c'].map((suggestionId) => ({ suggestionId }));
    expect(chosenFaults({ suggestionIds: ['a', 'c'], quantities })).toEqual([
      { pointer: '/quantities/1/suggestionId', code: 'field.not_allowed' },
      { pointer: '/quantities/2/suggestionId', code: 'field.duplicate' },
    ]);
    expect(chosenFaults({ suggestionIds: ['a'] })).toEqual([]);
  });
});
