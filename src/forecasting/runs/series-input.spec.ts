import type { SeriesPair } from './series-batches.js';
import { historySpan, horizonOf, seriesInputs, type SeriesRow } from './series-input.js';

const pair = (changes: Partial<SeriesPair> = {}): SeriesPair => ({
  productId: 'p',
  storeId: 's',
  categoryId: null,
  leadTimeDays: 2,
  storeLastDay: '2026-01-10',
  ...changes,
});
const row = (source: SeriesRow['source'], days: string, values: string, ids: Partial<SeriesRow> = {}): SeriesRow => ({
  source,
  productId: 'p',
  storeId: 's',
  days,
  values,
  ...ids,
});
const span = { from: '2026-01-01', asOf: '2026-01-10' };
const series = (rows: SeriesRow[], one: Partial<SeriesPair> = {}, horizon = 3) =>
  seriesInputs([pair(one)], rows, span, { horizonDays: horizon, spareDays: 0 })[0]!;

describe('seriesInputs', () => {
  it('should begin with the first sale and count days without one as no demand', () => {
    const { start, y, id, horizon, leadTime } = series([row('demand', '4,2,9', '5,3,-1')]);
    expect({ id, start, horizon, leadTime }).toEqual({ id: 's/p', start: '2026-01-03', horizon: 3, leadTime: 2 });
    expect([...y]).toEqual([3, 0, 5, 0, 0, 0, 0, -1]);
  });

  it('should mark days out of stock, but for those on which something was sold', () => {
    const { stockout } = series([row('demand', '0,4', '1,2'), row('stockout', '4,8', '6,9')]);
    expect([...stockout!]).toEqual([0, 0, 0, 0, 0, 1, 1, 0, 1, 1]);
  });

  it('should take the days after the last sale of a whole store for unknown', () => {
    const { y } = series([row('demand', '0', '4')], { storeLastDay: '2026-01-08' });
    expect([...y]).toEqual([4, 0, 0, 0, 0, 0, 0, 0, NaN, NaN]);
  });

  it('should lay the particular over the general, in history and plan', () => {
    const { promo, future } = series([
      row('demand', '0', '1'),
      row('promotion', '1,11', '0.3,0.3', { productId: null, storeId: null }),
      row('promotion', '1,10', '0.5,', { storeId: null }),
    ]);
    expect([...promo!]).toEqual([0, 0.5, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect([...future!.promo!]).toEqual([1, 0.3, 0]);
  });

  it('should know closed days of every store and prices only where there are any', () => {
    const one = series([row('demand', '0', '1'), row('closed', '3,12', ',', { productId: null, storeId: null })]);
    expect([...one.closed!]).toEqual([0, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
    expect([...one.future!.closed!]).toEqual([0, 0, 1]);
    expect([one.price, one.future!.price]).toEqual([undefined, undefined]);
    const priced = series([row('demand', '0', '1'), row('price', '2,10', '1.5,2', { storeId: null })]);
    expect([priced.price![2], priced.price![3], priced.future!.price![0]]).toEqual([1.5, NaN, 2]);
  });

  it('should name the holidays of history and plan, the particular before the general', () => {
    const { events, future } = series([
      row('demand', '1', '1'),
      row('holiday', '0,2,4,11', 'Año Nuevo,Reyes,,Carnaval', { productId: null, storeId: null }),
      row('holiday', '2,12', 'Feria,Patrona', { productId: null }),
    ]);
    expect(events).toEqual([null, 'Feria', null, 'holiday', null, null, null, null, null]);
    expect(future!.events).toEqual([null, 'Carnaval', 'Patrona']);
    const without = series([row('demand', '1', '1')]);
    expect([without.events, without.future!.events]).toEqual([undefined, undefined]);
  });

  it('should look at three years and ahead as far as the lead time, and the spare days more', () => {
    expect(historySpan('2026-11-20')).toEqual({ from: '2023-11-22', asOf: '2026-11-20' });
    expect([
      horizonOf({ leadTimeDays: 40 }, { horizonDays: 28, spareDays: 0 }),
      horizonOf({ leadTimeDays: 7 }, { horizonDays: 28, spareDays: 7 }),
      horizonOf({ leadTimeDays: 730 }, { horizonDays: 28, spareDays: 0 }),
    ]).toEqual([40, 35, 366]);
  });
});
