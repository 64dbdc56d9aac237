import type { ForecastChart } from './forecast-chart.js';
import { element, type Markup } from './markup.js';
import type { ChartWords } from './chart-words.js';

/** Width of a sign of the legend. */
export const SWATCH = 22;

export type LegendSign =
  'demand' | 'expected' | 'band' | 'upper' | 'promotion' | 'holiday' | 'closed' | 'lack' | 'path' | 'arrival' | 'reorder';

export interface LegendItem {
  sign: LegendSign;
  text: string;
}

/** Signs that this chart has and that no title or label names, in the order in which the eye meets them. */
export function legendItems(chart: ForecastChart, { texts }: ChartWords, withStock: boolean): LegendItem[] {
  const { history, plan, arrivals, stock, model } = chart;
  const days = [...history, ...plan];
  const isForecast = model !== null;
  const shown: [LegendSign, boolean][] = [
    ['demand', true],
    ['expected', isForecast],
    ['band', isForecast],
    ['upper', isForecast],
    ['promotion', days.some(({ promotion }) => promotion)],
    ['holiday', days.some(({ holiday }) => holiday !== null)],
    ['closed', days.some(({ closed }) => closed)],
    ['lack', history.some(({ stockout }) => stockout)],
    ['path', withStock && isForecast],
    ['arrival', withStock && isForecast && arrivals.length > 0],
    ['reorder', withStock && stock?.reorderPoint !== null],
  ];
  const items = shown.filter(([, isShown]) => isShown).map(([sign]) => ({ sign, text: texts[sign] }));
  // a line alone is what the panel's title says
  return items.length === 1 ? [] : items;
}

/** The sign of a legend's item, its left end at x and its middle at y. @param prefix of the ids of this chart's patterns */
export function signOf(sign: LegendSign, x: number, y: number, prefix: string): Markup[] {
  const middle = x + SWATCH / 2;
  const line = (name: string): Markup => element('path', { class: name, d: `M${x} ${y}h${SWATCH}` });
  const box = (attributes: Record<string, string>): Markup =>
    element('rect', { x, y: y - 5, width: SWATCH, height: 10, rx: 1.5, ...attributes });
  const signs: Record<LegendSign, () => Markup[]> = {
    demand: () => [line('demand')],
    expected: () => [line('expected')],
    band: () => [box({ class: 'band' })],
    upper: () => [
      element('rect', { class: 'upper', x, y: y - 5, width: SWATCH / 2, height: 10 }),
      element('rect', { class: 'highest', x: middle, y: y - 5, width: SWATCH / 2, height: 10 }),
      element('path', { class: 'edge', d: `M${x} ${y - 5}h${SWATCH}` }),
    ],
    promotion: () => [promotionMark(x + 2, x + SWATCH - 2, y)],
    holiday: () => [holidayMark(middle, y)],
    closed: () => [box({ fill: `url(#${prefix}closed)` })],
    lack: () => [box({ class: 'lack' }), box({ fill: `url(#${prefix}lack)` })],
    path: () => [line('path')],
    arrival: () => [arrivalMark(middle, y + 5)],
    reorder: () => [line('reorder')],
  };
  return signs[sign]();
}

/** A bar over the days of a promotion. */
export function promotionMark(from: number, to: number, y: number): Markup {
  return element('rect', { class: 'promotion', x: from, y: y - 2.5, width: Math.max(2, to - from), height: 5, rx: 2.5 });
}

/** A diamond over a holiday. */
export function holidayMark(x: number, y: number): Markup {
  return element('path', { class: 'holiday', d: `M${x} ${y - 4.5}l4.5 4.5l-4.5 4.5l-4.5 -4.5Z` });
}

/** A triangle that stands on y where an order arrives. */
export function arrivalMark(x: number, y: number): Markup {
  return element('path', { class: 'arrival', d: `M${x - 5} ${y}h10l-5 -9Z` });
}

/** A cross where stock runs out. */
export function stockOutMark(x: number, y: number): Markup {
  return element('path', { class: 'mark', d: `M${x - 4.5} ${y - 4.5}l9 9M${x + 4.5} ${y - 4.5}l-9 9` });
}
