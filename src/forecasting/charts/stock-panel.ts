import { arrivalsByDay } from '../forecasts/stock-projection.js';
import { dayLines, label, panelTitle, runsOf, shadedDays, valueAxis } from './chart-axes.js';
import { arrivalMark, stockOutMark } from './chart-legend.js';
import { centerOf, xOf, yOf, type ChartLayout, type Panel } from './chart-layout.js';
import type { ChartWords } from './chart-words.js';
import type { ForecastChart } from './forecast-chart.js';
import { element, pathThrough, rounded, type Markup, type Point } from './markup.js';
import { textWidth } from './text-fit.js';

/** The level by the ledger, its projection with what arrives, the reorder point, and the day on which it runs out. */
export function stockPanel(chart: ForecastChart, layout: ChartLayout, words: ChartWords, prefix: string): Markup[] {
  const { stock: panel, font } = layout;
  if (panel === null || chart.stock === null) return [];
  const { reorderPoint } = chart.stock;
  const reorderY = yOf(panel, reorderPoint ?? 0);
  const alarm = stockOutLabel(chart, layout, panel, words);
  const limit = alarm === null ? panel.x + panel.width : alarm.from - 10;
  const title = panelTitle(panel, words.texts.stock, words.unit(chart.unitType), font.small, limit);
  const out = chart.stockOutIndex === null ? null : centerOf(layout, layout.historyDays + chart.stockOutIndex);
  return [
    ...shadedDays(chart, layout, panel, prefix),
    ...valueAxis(panel, words, font.small),
    ...dayLines(chart, layout, panel),
    ...(reorderPoint === null
      ? []
      : [element('path', { class: 'reorder', d: `M${rounded(panel.x)} ${rounded(reorderY)}h${rounded(panel.width)}` })]),
    ...levelLine(chart, layout, panel),
    ...projection(chart, layout, panel),
    ...(out === null ? [] : [stockOutMark(out, yOf(panel, 0))]),
    ...(title === null ? [] : [title]),
    ...(alarm === null ? [] : [alarm.markup]),
  ];
}

/** Steps from the end of one day to the next: it was that much all day long, but for when it moved. */
function levelLine({ history }: ForecastChart, layout: ChartLayout, panel: Panel): Markup[] {
  const parts = runsOf(history, ({ stock }) => stock !== null).map(([first, last]) =>
    pathThrough([
      ...history.slice(first, last + 1).flatMap(({ stock }, i): Point[] => {
        const y = yOf(panel, stock!);
        return [
          [xOf(layout, first + i), y],
          [xOf(layout, first + i + 1), y],
        ];
      }),
    ]),
  );
  return parts.length === 0 ? [] : [element('path', { class: 'stock', d: parts.join('') })];
}

/** The level from now on: up by what arrives in the morning of a day, then down by the day's demand. */
export function projection({ plan, stock, arrivals, today }: ForecastChart, layout: ChartLayout, panel: Panel): Markup[] {
  const from = layout.historyDays;
  let level = Math.max(0, stock?.available ?? 0);
  const points: Point[] = [[xOf(layout, from), yOf(panel, level)]];
  const mean = Float64Array.from(plan, ({ demand }) => demand?.mean ?? 0);
  const incoming = arrivalsByDay({ firstDay: today, mean, arrivals });
  const marks: Markup[] = [];
  plan.forEach((day, i) => {
    if (day.stock === null) return;
    if (incoming[i]! > 0) {
      points.push([xOf(layout, from + i), yOf(panel, level + incoming[i]!)]);
      marks.push(arrivalMark(xOf(layout, from + i), panel.y + panel.height));
    }
    level = day.stock;
    points.push([xOf(layout, from + i + 1), yOf(panel, level)]);
  });
  return [...(points.length === 1 ? [] : [element('path', { class: 'path', d: pathThrough(points) })]), ...marks];
}

/** The date beside its line, on the side where there is room. */
function stockOutLabel(
  { stockOutIndex, summary, stock }: ForecastChart,
  layout: ChartLayout,
  panel: Panel,
  words: ChartWords,
): { markup: Markup; from: number } | null {
  if (stockOutIndex === null || summary.stockOutDate === null) return null;
  const { texts } = words;
  const size = layout.font.small;
  const isOut = (stock?.available ?? 0) <= 0;
  const text = isOut ? texts.outNow : `${texts.runsOut}: ${words.date(summary.stockOutDate)}`;
  const width = textWidth(text, size, true);
  const x = centerOf(layout, layout.historyDays + stockOutIndex);
  const right = Math.min(x + width / 2, panel.x + panel.width);
  return {
    markup: label(text, { x: right, y: panel.titleY, anchor: 'end', size, name: 'strong alarm' }),
    from: right - width,
  };
}
