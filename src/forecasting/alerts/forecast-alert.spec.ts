import { findStockOut } from './forecast-alert.js';
import { stockOutText } from './alert-text.js';

const level = (changes: Partial<Parameters<typeof findStockOut>[0]> = {}) => ({
  available: '10.0000',
  leadTimeDays: 5,
  firstDay: '2026-11-21',
  mean: new Float64Array(28).fill(3),
  arrivals: [],
  ...changes,
});

describe('findStockOut', () => {
  it('should find stock that ends before an order placed today arrives', () => {
    expect(findStockOut(level())).toEqual({
      priority: 'medium',
      stockOutDate: '2026-11-24',
      daysOfCover: 3.3,
      expectedDemand: 15,
      arrivalDate: '2026-11-26',
    });
    expect(findStockOut(level({ leadTimeDays: 3 }))).toBeNull();
    expect(findStockOut(level({ available: '15' }))).toBeNull();
    expect(findStockOut(level({ available: '14.9' }))).toMatchObject({ stockOutDate: '2026-11-25' });
  });

  it('should count what is on order when it comes in time', () => {
    expect(findStockOut(level({ arrivals: [{ day: '2026-11-23', quantity: 5 }] }))).toBeNull();
    expect(findStockOut(level({ arrivals: [{ day: '2026-11-26', quantity: 50 }] }))).not.toBeNull();
  });

  it('should rank by how soon it ends', () => {
    expect(findStockOut(level({ available: '4' }))!.priority).toBe('high');
    expect(findStockOut(level({ available: '0' }))!.priority).toBe('critical');
  });

  it('should stay silent where next to nothing is expected to sell, and without a lead time', () => {
    expect(findStockOut(level({ available: '0', mean: new Float64Array(28).fill(0.01) }))).toBeNull();
    expect(findStockOut(level({ available: '0', leadTimeDays: 0 }))).toBeNull();
  });
});

describe('stockOutText', () => {
  const text = (locale: 'es' | 'en', available = 10) =>
    stockOutText(
      { productName: 'Harina PAN 1kg', storeName: 'Tienda Centro', available, leadTimeDays: 5, onOrder: 2.5 },
      findStockOut(level())!,
      locale,
    );

  it('should say when it runs out and when an order would arrive', () => {
    expect(text('es')).toEqual({
      title: 'Harina PAN 1kg: se agota en Tienda Centro el 24 de noviembre de 2026',
      description: 'Quedan 10 y vienen 2,5; se espera vender 15 en 5 días. Un pedido hecho hoy llega el 26 de noviembre de 2026.',
    });
    expect(text('en').title).toBe('Harina PAN 1kg: runs out in Tienda Centro on November 24, 2026');
    expect([text('es', 0).title, text('en', -1).title]).toEqual([
      'Harina PAN 1kg: agotado en Tienda Centro',
      'Harina PAN 1kg: out of stock in Tienda Centro',
    ]);
  });
});
