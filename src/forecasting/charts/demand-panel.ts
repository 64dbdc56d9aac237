import { dayLines, label, panelTitle, runsOf, shadedDays, valueAxis } from './chart-axes.js';
import { holidayMark, promotionMark } from './chart-legend.js';
import { centerOf, xOf, yOf, type ChartLayout } from './chart-layout.js';
import type { ChartWords } from './chart-words.js';
import type { DayDemand, ForecastChart, HistoryDay } from './forecast-chart.js';
import { element, pathThrough, rounded, type Markup, type Point } from './markup.js';
import { textWidth } from './text-fit.js';

/** Where less than this share of the days has sales, a line would only jump: each day with sales is a stem. */
const SPARSE_SHARE = 0.35;

/** History, expected demand with its ranges, promotions, holidays and shaded days. */
export function demandPanel(chart: ForecastChart, layout: ChartLayout, words: ChartWords, prefix: string): Markup[] {
  const { demand: panel, font } = layout;
  const clip = { 'clip-path': `url(#${prefix}demand)` };
  return [
    ...shadedDays(chart, layout, panel, prefix),
    ...valueAxis(panel, words, font.small),
    ...dayLines(chart, layout, panel),
    element('g', clip, [...ranges(chart, layout), ...historyMarks(chart, layout), ...meanLine(chart, layout)]),
    ...dayMarks(chart, layout),
    ...panelWords(chart, layout, words),
  ];
}

function panelWords(chart: ForecastChart, layout: ChartLayout, words: ChartWords): Markup[] {
  const { demand: panel, font } = layout;
  const { texts } = words;
  const half = textWidth(texts.today, font.small) / 2;
  const today = Math.min(xOf(layout, layout.historyDays), panel.x + panel.width - half);
  const title = panelTitle(panel, texts.demandPanel, words.unit(chart.unitType), font.small, today - half - 10);
  const isEmpty = chart.history.every(({ quantity }) => !quantity);
  const middle = panel.y + panel.height / 2;
  const note = (text: string, from: number, to: number): Markup[] => {
    const width = textWidth(text, font.text);
    // the line above the chart says it too
    if (width > to - from) return [];
    return [label(text, { x: (from + to) / 2, y: middle, anchor: 'middle', size: font.text, name: 'muted halo' })];
  };
  const isForecast = chart.model !== null;
  return [
    ...(title === null ? [] : [title]),
    label(texts.today, { x: today, y: panel.titleY, anchor: 'middle', size: font.small, name: 'muted' }),
    ...(isEmpty ? note(texts.noSales, panel.x, xOf(layout, layout.historyDays)) : []),
    ...(isForecast || isEmpty ? [] : note(texts.noForecast, xOf(layout, layout.historyDays), panel.x + panel.width)),
  ];
}

/** Whether a day says nothing of demand: nobody could buy, or nobody has told yet. */
const isSilent = ({ quantity, closed, stockout }: HistoryDay): boolean =>
  quantity === null || ((closed || stockout) && quantity === 0);

/** What was sold: a line that breaks where days say nothing, or stems where sales are rare. */
export function historyMarks({ history }: ForecastChart, layout: ChartLayout): Markup[] {
  const { demand: panel, step } = layout;
  const telling = history.filter((day) => !isSilent(day));
  const sold = telling.filter(({ quantity }) => quantity !== 0);
  if (sold.length > 0 && sold.length < telling.length * SPARSE_SHARE) {
    const radius = Math.min(2.75, Math.max(1.5, step * 0.4));
    return history.flatMap(({ quantity }, i) => {
      if (!quantity) return [];
      const [x, y] = [centerOf(layout, i), yOf(panel, quantity)];
      return [
        element('path', { class: 'stem', d: `M${rounded(x)} ${rounded(yOf(panel, 0))}V${rounded(y)}` }),
        element('circle', { class: 'dot', cx: x, cy: y, r: radius }),
      ];
    });
  }
  const parts = runsOf(history, (day) => !isSilent(day)).map(([first, last]) =>
    pathThrough(history.slice(first, last + 1).map(({ quantity }, i) => [centerOf(layout, first + i), yOf(panel, quantity!)])),
  );
  return parts.length === 0 ? [] : [element('path', { class: 'demand', d: parts.join('') })];
}

type Quantile = keyof DayDemand;

interface ForecastRun {
  /** index of its first day on the whole axis */
  first: number;
  days: DayDemand[];
}

function forecastRuns({ plan }: ForecastChart, { historyDays }: ChartLayout): ForecastRun[] {
  return runsOf(plan, ({ demand, closed }) => demand !== null && !(closed && demand.q99 === 0)).map(([first, last]) => ({
    first: historyDays + first,
    days: plan.slice(first, last + 1).map(({ demand }) => demand!),
  }));
}

/** The line of a quantile from the first day's left edge to the last one's right edge. */
function quantileLine({ first, days }: ForecastRun, layout: ChartLayout, quantile: Quantile): Point[] {
  const y = (day: DayDemand): number => yOf(layout.demand, day[quantile]);
  const points = days.map((day, i): Point => [centerOf(layout, first + i), y(day)]);
  return [[xOf(layout, first), y(days[0]!)], ...points, [xOf(layout, first + days.length), y(days.at(-1)!)]];
}

/** The area between two quantiles. */
export function areaBetween(run: ForecastRun, layout: ChartLayout, lower: Quantile, upper: Quantile): string {
  return pathThrough([...quantileLine(run, layout, upper), ...quantileLine(run, layout, lower).toReversed()], true);
}

function ranges(chart: ForecastChart, layout: ChartLayout): Markup[] {
  return forecastRuns(chart, layout).flatMap((run) => [
    element('path', { class: 'highest', d: areaBetween(run, layout, 'q95', 'q99') }),
    element('path', { class: 'upper', d: areaBetween(run, layout, 'q90', 'q95') }),
    element('path', { class: 'band', d: areaBetween(run, layout, 'q10', 'q90') }),
    element('path', { class: 'edge', d: pathThrough(quantileLine(run, layout, 'q95')) }),
    element('path', { class: 'edge', d: pathThrough(quantileLine(run, layout, 'q99')) }),
  ]);
}

function meanLine(chart: ForecastChart, layout: ChartLayout): Markup[] {
  return forecastRuns(chart, layout).map((run) =>
    element('path', { class: 'expected', d: pathThrough(quantileLine(run, layout, 'mean').slice(1, -1)) }),
  );
}

/** Promotions and holidays at the upper edge, each kind in a row of its own. */
function dayMarks(chart: ForecastChart, layout: ChartLayout): Markup[] {
  const { y } = layout.demand;
  const days = [...chart.history, ...chart.plan];
  const promotions = runsOf(days, ({ promotion }) => promotion);
  const holidayY = promotions.length > 0 ? y + 14 : y + 5;
  return [
    ...promotions.map(([first, last]) => promotionMark(xOf(layout, first) + 0.5, xOf(layout, last + 1) - 0.5, y + 4)),
    ...days.flatMap(({ holiday }, i) => (holiday === null ? [] : [holidayMark(centerOf(layout, i), holidayY)])),
  ];
}
