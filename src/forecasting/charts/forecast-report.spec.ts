import { chartRow, TODAY } from '../../../test/support/forecast-chart.js';
import { everyElement, ofClass, readXml } from '../../../test/support/xml.js';
import { addDays } from '../../kernel/time/zone.js';
import { projectStock } from '../forecasts/stock-projection.js';
import { styleSource } from './chart-theme.js';
import { chartOf } from './forecast-chart.js';
import { forecastReport, type ForecastReport, reportStyle } from './forecast-report.js';
import { byStockOut, isUrgent, reportLine, type LineFacts } from './report-lines.js';

const facts = (changes: Partial<LineFacts> = {}): LineFacts => ({
  ...{ sku: 'HARINA', productName: 'Harina 1kg', storeName: 'Centro', unitType: 'unit', supplierName: 'Polar' },
  ...{ available: 42, onOrder: 0, leadTimeDays: 5, suggestedOrder: null, firstDay: TODAY, arrivals: [] },
  mean: new Float64Array(40).fill(10),
  ...changes,
});
const line = (changes: Partial<LineFacts> = {}) => reportLine(facts(changes), projectStock(facts(changes)), TODAY);

describe('reportLine', () => {
  it('should sum up 28 days and say what to do, by the lead time', () => {
    expect(line()).toMatchObject({ expectedDemand: 280, daysOfCover: 4.2, stockOutDate: addDays(TODAY, 4) });
    expect(line().action).toEqual({ kind: 'now', date: TODAY, quantity: null });
    expect(line({ suggestedOrder: 48 }).action).toEqual({ kind: 'now', date: TODAY, quantity: 48 });
    expect(line({ leadTimeDays: 2 }).action).toEqual({ kind: 'by', date: addDays(TODAY, 2), quantity: null });
    expect(line({ available: 1_000 }).action).toEqual({ kind: 'none' });
    expect(line({ available: 1_000, onOrder: 5 }).action).toEqual({ kind: 'covered' });
    expect(line({ available: 1_000, suggestedOrder: 6 }).action).toEqual({ kind: 'suggested', quantity: 6 });
  });

  it('should hurry what is on its way where a new order would come later still, and order where it would not last', () => {
    const arriving = (quantity: number) =>
      line({ available: 5, onOrder: quantity, arrivals: [{ day: addDays(TODAY, 2), quantity }] });
    expect(arriving(100).action).toEqual({ kind: 'hurry', date: addDays(TODAY, 2) });
    expect(arriving(20).action).toEqual({ kind: 'now', date: TODAY, quantity: null });
    const tooLate = line({ available: 5, onOrder: 100, arrivals: [{ day: addDays(TODAY, 9), quantity: 100 }] });
    expect(tooLate.action).toMatchObject({ kind: 'now' });
  });

  it('should count as urgent what ends before an order could come', () => {
    const urgent = (leadTimeDays: number) => isUrgent(projectStock(facts()), { leadTimeDays }, TODAY);
    expect([urgent(3), urgent(4), urgent(5)]).toEqual([false, true, true]);
  });
});

describe('byStockOut', () => {
  it('should put first what runs out first, and last what is not expected to sell', () => {
    const ranked = [
      { stockOutDate: null, daysOfCover: null },
      { stockOutDate: null, daysOfCover: 60 },
      { stockOutDate: '2026-12-02', daysOfCover: 1 },
      { stockOutDate: '2026-12-01', daysOfCover: 9 },
      { stockOutDate: '2026-12-01', daysOfCover: 8 },
    ];
    expect(ranked.toSorted(byStockOut).map(({ daysOfCover }) => daysOfCover)).toEqual([8, 9, 1, 60, null]);
  });
});

const report = (changes: Partial<ForecastReport> = {}): ForecastReport => ({
  ...{ companyName: 'Bodegón', storeName: null, supplierName: null, today: TODAY, lines: [line()], total: 1, urgent: 1 },
  charts: [],
  ...changes,
});
const page = (changes: Partial<ForecastReport> = {}, locale: 'es' | 'en' = 'es') =>
  readXml(forecastReport(report(changes), { locale, paper: 'a4' }));
const wordsOf = (changes: Partial<ForecastReport> = {}, locale: 'es' | 'en' = 'es'): string =>
  everyElement(page(changes, locale).children[1]!)
    .map(({ text }) => text.replace(/[\u2068\u2069]/g, ''))
    .join('|');

describe('forecastReport', () => {
  it('should have a line for each product with what to do', () => {
    expect(wordsOf()).toContain('Harina 1kg|HARINA|Centro|Polar|42|0|280|4,2|26 nov|Pedir hoy');
    expect(wordsOf({}, 'en')).toContain('Harina 1kg|HARINA|Centro|Polar|42|0|280|4.2|Nov 26|Order today');
    expect(wordsOf()).toContain('En 1 caso se agota antes de que llegue un pedido hecho hoy.');
    expect(wordsOf({ lines: [line({ suggestedOrder: 48, leadTimeDays: 1 })] }, 'en')).toContain('Order 48 units by Nov 25');
    expect(wordsOf({ total: 90 }, 'en')).toContain('1 of 90 are shown.');
  });

  it('should leave out the column that its scope says already', () => {
    const columns = (changes: Partial<ForecastReport>) => everyElement(page(changes)).filter(({ name }) => name === 'th').length;
    expect([columns({}), columns({ storeName: 'Centro' }), columns({ storeName: '', supplierName: 'Polar' })]).toEqual([9, 8, 7]);
    expect(wordsOf({ storeName: 'Centro', supplierName: 'Polar' })).toContain(
      'Bodegón · Centro · Proveedor: Polar · 22 nov 2026',
    );
  });

  it('should hold only what its policy allows, whatever is in the names', () => {
    const hostile = `</td><script>alert(1)</script>" onload='x' \u202e${'W'.repeat(200)}`;
    const chart = chartOf(chartRow({ productName: hostile, sku: hostile, storeName: hostile }), {
      today: TODAY,
      historyDays: 56,
    });
    const changes = { companyName: hostile, storeName: hostile, supplierName: hostile, charts: [chart, chart] };
    const lines = [line({ productName: hostile, sku: hostile, supplierName: hostile, storeName: hostile })];
    const all = everyElement(page({ ...changes, lines }));
    expect(all.some(({ name }) => /^(script|img|link|iframe|form|a)$/.test(name))).toBe(false);
    for (const { attributes } of all)
      expect(Object.keys(attributes).filter((name) => /^on|^(href|src|style)$/.test(name))).toEqual([]);
    const ids = all.flatMap(({ attributes }) => attributes['id'] ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    const policy = all.find(({ attributes }) => attributes['http-equiv'] === 'Content-Security-Policy')!.attributes['content'];
    expect(policy).toContain(`default-src 'none'; style-src ${styleSource(reportStyle('a4'))};`);
    expect(all.find(({ name }) => name === 'style')!.text).toBe(reportStyle('a4'));
  });

  it('should inline charts, and say so where there is nothing to show', () => {
    const chart = chartOf(chartRow(), { today: TODAY, historyDays: 56 });
    expect(ofClass(page({ charts: [chart, chart, chart] }), 'fx')).toHaveLength(3);
    expect(wordsOf({ lines: [], total: 0, urgent: 0 })).toContain('Nada que mostrar');
  });

  it('should be made for the paper that was asked for', () => {
    expect(reportStyle('a4')).toContain('@page{size:a4;');
    expect(reportStyle('letter')).toContain('@page{size:letter;');
    expect(reportStyle('printer')).toContain('@page{margin');
  });
});
