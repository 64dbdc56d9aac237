import { STANDARD_PARAMETERS } from '../alert-rules/rule-parameters.js';
import { stockOutText } from './alert-text.js';
import { findStockOut } from './forecast-alert.js';

type Level = Parameters<typeof findStockOut>[0];

/** A day that is expected to sell `mean`, and hardly ever more than twice that. */
const day = (mean: number) => ({ mean, q10: 0, q50: mean, q90: 1.6 * mean, q95: 1.8 * mean, q99: 2 * mean });
const level = (changes: Partial<Level> = {}): Level => ({
  available: 10,
  leadTimeDays: 5,
  firstDay: '2026-11-21',
  forecast: Array.from({ length: 28 }, () => day(3)),
  arrivals: [],
  ...changes,
});
const find = (changes: Partial<Level> = {}, rule: object = {}, isOpen = false) =>
  findStockOut(level(changes), { ...STANDARD_PARAMETERS.stockout_before_lead_time, ...rule }, isOpen);

describe('findStockOut', () => {
  it('should find stock that ends before an order placed today arrives', () => {
    expect(find()).toMatchObject({
      priority: 'medium',
      stockOutDate: '2026-11-24',
      daysOfCover: 3.3,
      expectedDemand: 15,
      supply: 10,
      nextArrival: null,
      arrivalDate: '2026-11-26',
    });
    expect(find({ leadTimeDays: 3 })).toBeNull();
    expect(find({ available: 15 })).toBeNull();
    expect(find({ available: 14.9 })).toMatchObject({ stockOutDate: '2026-11-25' });
  });

  it('should count what is on order when it comes in time, and name what comes next', () => {
    expect(find({ arrivals: [{ day: '2026-11-23', quantity: 5 }] })).toBeNull();
    const late = [
      { day: '2026-12-09', quantity: 7 },
      { day: '2026-11-26', quantity: 50 },
    ];
    expect(find({ arrivals: late })).toMatchObject({ supply: 10, nextArrival: { day: '2026-11-26', quantity: 50 } });
    expect(find({ available: 2, arrivals: [{ day: '2026-11-23', quantity: 99 }] })).toMatchObject({ supply: 101 });
  });

  it('should say how probable it is, by the quantiles of the days', () => {
    const probability = (available: number) => find({ available })!.probability;
    expect(probability(0)).toBe(0.9);
    expect(probability(14.9)).toBeCloseTo(0.5, 1);
    expect(probability(10)).toBeGreaterThan(probability(14));
  });

  it('should rank by how soon it ends', () => {
    expect(find({ available: 4 })!.priority).toBe('high');
    expect(find({ available: 0 })!.priority).toBe('critical');
  });

  it('should look beyond the lead time where a rule asks for it, and stay open within the hysteresis', () => {
    expect(find({ available: 15 }, { extraDays: 1 })).toMatchObject({ stockOutDate: '2026-11-26', arrivalDate: '2026-11-26' });
    expect(find({ available: 16 }, {}, true)).toMatchObject({ stockOutDate: '2026-11-25' });
    expect(find({ available: 16.5 }, {}, true)).toBeNull();
  });

  it('should stay silent where next to nothing is expected to sell, and without a lead time or a forecast', () => {
    const rare = Array.from({ length: 28 }, () => day(0.01));
    expect(find({ available: 0, forecast: rare })).toBeNull();
    expect(find({ available: 0, forecast: rare }, { minimumDemand: '0.05' })).not.toBeNull();
    expect(find({ available: 0, leadTimeDays: 0 })).toBeNull();
    expect(find({ firstDay: null, forecast: [] })).toBeNull();
  });
});

describe('stockOutText', () => {
  const text = (locale: 'es' | 'en', available = 10, probability = 0.87) =>
    stockOutText(
      { productName: 'Harina PAN 1kg', storeName: 'Tienda Centro', available, leadTimeDays: 5, onOrder: 2.5 },
      { ...find()!, probability, nextArrival: { day: '2026-12-01', quantity: 2.5 } },
      locale,
    );

  it('should say when it runs out, when an order would arrive and what comes next', () => {
    expect(text('es')).toEqual({
      title: 'Harina PAN 1kg: se agota en Tienda Centro el 24 de noviembre de 2026',
      description:
        'Quedan 10 y vienen 2,5; se espera vender 15 en 5 días. Un pedido hecho hoy llega el 26 de noviembre de 2026. ' +
        'Los próximos 2,5 se esperan el 1 de diciembre de 2026. Probabilidad de agotarse antes: 87 %.',
    });
    expect(text('en').title).toBe('Harina PAN 1kg: runs out in Tienda Centro on November 24, 2026');
    expect(text('en', 10, 0.9).description).toContain('Probability of a stock-out until then: at least 90 %.');
    expect([text('es', 0).title, text('en', -1).title]).toEqual([
      'Harina PAN 1kg: agotado en Tienda Centro',
      'Harina PAN 1kg: out of stock in Tienda Centro',
    ]);
  });
});
