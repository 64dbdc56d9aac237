import { demandSpikeText, overstockText, slowMovingText } from './stock-text.js';

const level = { productName: 'Harina PAN 1kg', storeName: 'Tienda Centro', available: 120, onHand: 125, onOrder: 12.5 };

describe('the sentences of stock alerts', () => {
  it('should say how much is too much, in both languages', () => {
    const finding = {
      priority: 'low' as const,
      reason: 'too_much_cover' as const,
      limit: 90,
      position: 132.5,
      excess: 42.5,
      excessCost: 106.25,
      excessDays: 42.5,
      daysOfCover: 132.5,
    };
    expect(overstockText(level, finding, 'USD', 'es')).toEqual({
      title: 'Harina PAN 1kg: sobran 42,5 en Tienda Centro',
      description:
        'Hay 120 y vienen 12,5; bastarían 90. Juntos alcanzan para 132,5 días. Exceso: 42,5, 42,5 días de venta, 106,25 USD al costo.',
    });
    expect(
      overstockText(
        level,
        { ...finding, reason: 'above_maximum', excessCost: null, excessDays: null, daysOfCover: null },
        'USD',
        'en',
      ),
    ).toEqual({
      title: 'Harina PAN 1kg: 42.5 too many in Tienda Centro',
      description: '120 on hand and 12.5 on order; the maximum is 90. Excess: 42.5.',
    });
  });

  it('should say since when nothing sells and what is tied up', () => {
    const finding = {
      priority: 'low' as const,
      reason: 'no_sales' as const,
      idleDays: 95,
      lastSoldOn: null,
      heldSince: '2026-08-19',
      soldUnits: 0,
      daysOfCover: null,
      value: null,
    };
    expect(slowMovingText(level, finding, 'USD', 'es')).toEqual({
      title: 'Harina PAN 1kg: 95 días sin venderse en Tienda Centro',
      description: 'Hay 125 desde el 19 de agosto de 2026 o antes. No se conoce ninguna venta.',
    });
    const little = {
      ...finding,
      reason: 'hardly_any_sales' as const,
      lastSoldOn: '2026-11-01',
      soldUnits: 2,
      daysOfCover: 5625,
      value: 250,
    };
    expect(slowMovingText(level, little, 'USD', 'en')).toEqual({
      title: 'Harina PAN 1kg: hardly sells in Tienda Centro, lasts 5,625 days',
      description:
        '125 on hand since August 19, 2026 or longer. The last sale was on November 1, 2026. At the present pace it lasts 5,625 days. ' +
        '250 USD are tied up in it.',
    });
  });

  it('should say how unusual sales are, and which days the calendar explains', () => {
    const finding = {
      priority: 'low' as const,
      from: '2026-11-18',
      to: '2026-11-20',
      days: 3,
      sold: 90,
      expected: 30,
      quantile: 36.58,
      quantilePercent: 99,
      ratio: 3,
      daysAtThisPace: 4,
      explained: [],
    };
    expect(demandSpikeText(level, finding, 'es')).toEqual({
      title: 'Harina PAN 1kg: 90 vendidos en Tienda Centro, 3 veces lo previsto',
      description:
        'Se vendieron 90 en 3 días entre el 18 de noviembre de 2026 y el 20 de noviembre de 2026; se esperaban 30, y con 99 % a lo sumo ' +
        '36,58. Nada en el calendario lo explica. A este ritmo los 120 que quedan alcanzan para 4 días.',
    });
    const explained = [{ day: '2026-11-19', kind: 'promotion' as const, name: 'Dos por uno' }];
    const text = demandSpikeText(level, { ...finding, ratio: null, explained }, 'en');
    expect(text.title).toBe('Harina PAN 1kg: 90 sold in Tienda Centro');
    expect(text.description).toContain('Days left out: promotion Dos por uno (November 19, 2026).');
  });

  it('should keep titles within what the database holds', () => {
    const long = { ...level, productName: 'x'.repeat(300), storeName: 'y'.repeat(200) };
    const finding = {
      priority: 'low' as const,
      reason: 'hardly_any_sales' as const,
      idleDays: 1,
      lastSoldOn: null,
      heldSince: '2026-08-19',
      soldUnits: 1,
      daysOfCover: 99_999_999,
      value: null,
    };
    const spike = {
      priority: 'low' as const,
      from: '2026-11-18',
      to: '2026-11-20',
      days: 3,
      sold: 99_999_999_999_999,
      expected: 30,
      quantile: 36,
      quantilePercent: 99,
      ratio: 3_333_333_333,
      daysAtThisPace: 4,
      explained: [],
    };
    for (const locale of ['es', 'en'] as const)
      for (const { title } of [slowMovingText(long, finding, 'USD', locale), demandSpikeText(long, spike, locale)])
        expect(title.length).toBeLessThanOrEqual(300);
  });
});
