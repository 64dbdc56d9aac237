import { InsufficientStockError } from './insufficient-stock.js';

const shortage = { productId: 'p', storeId: 's', requested: '3.0000', available: '2.0000' };
const raised = { code: '23514', constraint: 'inventory_quantity_available_check', detail: JSON.stringify([shortage]) };

describe('InsufficientStockError', () => {
  it('should read what the trigger tells', () => {
    const error = InsufficientStockError.from(raised);
    expect(error).toBeInstanceOf(InsufficientStockError);
    expect((error as InsufficientStockError).shortages).toEqual([shortage]);
  });

  it('should leave every other error as it is', () => {
    const other = { code: '23514', constraint: 'inventory_movements_quantity_check' };
    expect(InsufficientStockError.from(other)).toBe(other);
  });

  it('should name every field that asked for the product', () => {
    const problem = new InsufficientStockError([shortage], null).toProblem(() => ['/items/0/quantity', '/items/4/quantity']);
    expect(problem.status).toBe(409);
    expect(problem.errors).toEqual([
      { pointer: '/items/0/quantity', code: 'field.insufficient_stock', ...shortage },
      { pointer: '/items/4/quantity', code: 'field.insufficient_stock', ...shortage },
    ]);
  });
});
