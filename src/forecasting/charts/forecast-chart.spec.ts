import { chartRow, TODAY } from '../../../test/support/forecast-chart.js';
import { addDays } from '../../kernel/time/zone.js';
import { chartOf, type ChartRow } from './forecast-chart.js';
import { forecastJson } from './forecast-json.js';

const chart = (changes: Partial<ChartRow> = {}, historyDays = 28) => chartOf(chartRow(changes), { today: TODAY, historyDays });
const ago = (days: number) => addDays(TODAY, -days);

describe('chartOf', () => {
  it('should have a day for every day, from the beginning of the history to the end of the forecast', () => {
    const { history, plan } = chart({}, 90);
    expect(history.map(({ date }) => date)).toEqual(Array.from({ length: 90 }, (_, i) => addDays(TODAY, i - 90)));
    expect(plan.map(({ date }) => date)).toEqual(Array.from({ length: 28 }, (_, i) => addDays(TODAY, i)));
    expect(history.slice(0, 30).every(({ quantity }) => quantity === 0)).toBe(true);
    expect(history.at(-1)).toMatchObject({ quantity: 13, price: 2.5, stockout: false, promotion: false });
    expect(plan[0]!.demand).toEqual({ mean: 10, q10: 5, q50: 10, q90: 16, q95: 19, q99: 24 });
  });

  it('should say nothing of days on which the store has not sent its sales, but not for ever', () => {
    const late = chart({ storeLastDay: ago(3), demand: [[ago(3), 4, 1, false]] });
    expect(late.history.slice(-4).map(({ quantity }) => quantity)).toEqual([0, 4, null, null]);
    const dead = chart({ storeLastDay: ago(40), demand: [[ago(40), 4, 1, false]] }, 60);
    expect(dead.history.at(-1)!.quantity).toBe(0);
  });

  it('should mark stock-outs only on days without a sale', () => {
    const { history } = chart({
      stockouts: [
        [ago(40), ago(26)],
        [ago(3), ago(1)],
      ],
      demand: [[ago(2), 1, 1, false]],
    });
    expect(history.map(({ stockout }) => Number(stockout)).join('')).toBe(`111${'0'.repeat(22)}101`);
  });

  it('should let the particular win over the general in the calendar', () => {
    const day = addDays(TODAY, 3);
    const { plan, history } = chart({
      calendar: [
        [day, 'promotion', 1, null],
        [day, 'price', 2, null],
        [day, 'promotion', 0, null],
        [day, 'price', 1.5, null],
        [addDays(TODAY, 4), 'closed', null, null],
        [addDays(TODAY, 400), 'closed', null, null],
        [ago(5), 'holiday', null, 'Fiesta'],
      ],
    });
    expect(plan[3]).toMatchObject({ promotion: false, price: 1.5, closed: false });
    expect(plan[4]).toMatchObject({ closed: true });
    expect(history.at(-5)).toMatchObject({ holiday: 'Fiesta' });
  });

  it('should project the stock with what arrives, and say when it runs out and when to order', () => {
    const { plan, summary, stockOutIndex } = chart({ arrivals: [[addDays(TODAY, 2), 20]] });
    // 42 and 20 against 10, 11, 12, 13, 14, ...
    expect(plan.slice(0, 7).map(({ stock }) => stock)).toEqual([32, 21, 29, 16, 2, 0, 0]);
    expect(stockOutIndex).toBe(5);
    expect(summary).toMatchObject({ stockOutDate: addDays(TODAY, 5), orderBy: TODAY, days: 28, expectedDemand: 28 * 13 });
    expect(summary.daysOfCover).toBeCloseTo(3.7, 1);
  });

  it('should carry the balance on from one movement to the next, and know none before the first', () => {
    const moved = chart({
      balances: [
        [ago(4), 50],
        [ago(2), 42],
      ],
    });
    expect(moved.history.slice(-5).map(({ stock }) => stock)).toEqual([null, 50, 50, 42, 42]);
    expect(chart().history[0]!.stock).toBe(42);
    expect(chart({ onHand: null, available: null }).history[0]!.stock).toBeNull();
  });

  it('should draw what is there where there is no forecast or no level', () => {
    const none = chart({ forecast: [], model: null });
    expect(none.plan).toHaveLength(28);
    expect(none.summary).toMatchObject({ days: 0, expectedDemand: null, daysOfCover: null, stockOutDate: null });
    expect(none.plan.every(({ demand, stock }) => demand === null && stock === null)).toBe(true);
    const unstocked = chart({ available: null, onHand: null });
    expect(unstocked).toMatchObject({ stock: null, stockOutIndex: null, summary: { days: 28, stockOutDate: null } });
  });
});

describe('forecastJson', () => {
  it('should answer the same days with quantities as decimal strings', () => {
    const json = forecastJson(chart({ arrivals: [[addDays(TODAY, 2), 20]], suggestedOrder: 12 }));
    expect(json.history.at(-1)).toEqual({
      ...{ date: ago(1), quantity: '13.0000', price: '2.5000', promotion: false, closed: false, stockout: false, holiday: null },
      stock: '42.0000',
    });
    expect(json.forecast[2]).toEqual({
      ...{
        date: addDays(TODAY, 2),
        mean: '12.0000',
        q10: '7.0000',
        q50: '12.0000',
        q90: '18.0000',
        q95: '21.0000',
        q99: '26.0000',
      },
      ...{ price: null, promotion: false, closed: false, holiday: null, stock: '29.0000' },
    });
    expect(json.arrivals).toEqual([{ date: addDays(TODAY, 2), quantity: '20.0000' }]);
    expect(json.stock).toEqual({ available: '42.0000', reorderPoint: '60.0000', leadTimeDays: 5 });
    expect(json.summary).toMatchObject({ expectedDemand: '364.0000', suggestedOrder: '12.0000', recentDemand: '364.0000' });
    expect(json.model).toMatchObject({ model: 'theta', modelVersion: 'ensemble-1', runMase: 0.8 });
    expect(forecastJson(chart({ forecast: [], model: null })).forecast[0]).toMatchObject({ mean: null, q99: null, stock: null });
  });
});
