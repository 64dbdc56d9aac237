import { centerOf, xOf, yOf, type ChartLayout, type Panel } from './chart-layout.js';
import { dateTicks } from './chart-scales.js';
import type { ChartWords } from './chart-words.js';
import type { ForecastChart } from './forecast-chart.js';
import { element, rounded, type Markup } from './markup.js';
import { firstFitting, textWidth } from './text-fit.js';

/** Lines and labels of a panel's values. */
export function valueAxis(panel: Panel, words: ChartWords, fontSize: number): Markup[] {
  const { x, width, scale } = panel;
  const each = Math.ceil((scale.ticks.length * fontSize * 1.35) / Math.max(1, panel.height));
  return scale.ticks
    .filter((tick, i) => tick === 0 || i % each === 0)
    .flatMap((tick) => {
      const y = yOf(panel, tick);
      return [
        element('path', { class: tick === 0 ? 'axis' : 'grid', d: `M${rounded(x)} ${rounded(y)}h${rounded(width)}` }),
        label(words.tick(tick, scale.max), {
          x: x - 6,
          y: y + fontSize * 0.35,
          anchor: 'end',
          size: fontSize,
          name: 'muted num',
        }),
      ];
    });
}

/** Labels of days under the lower panel, and a small stroke for each. */
export function dateAxis(chart: ForecastChart, layout: ChartLayout, words: ChartWords): Markup[] {
  const { demand, stock, font, axisY, totalDays } = layout;
  const from = chart.history[0]?.date ?? chart.today;
  const widest = textWidth(words.dateOfYear('2026-12-28'), font.small) * 0.78;
  const ticks = dateTicks(from, totalDays, Math.max(2, Math.floor(demand.width / (widest + 14))));
  const isMonths = ticks.length > 1 && ticks[1]!.index - ticks[0]!.index > 14;
  const lowest = stock ?? demand;
  const bottom = lowest.y + lowest.height;
  return ticks.flatMap(({ index, date }) => {
    const text = isMonths ? words.month(date) : words.date(date);
    const half = textWidth(text, font.small) / 2;
    const center = Math.min(Math.max(centerOf(layout, index), demand.x + half - 10), demand.x + demand.width - half);
    return [
      element('path', { class: 'axis', d: `M${rounded(centerOf(layout, index))} ${rounded(bottom)}v4` }),
      label(text, { x: center, y: axisY, anchor: 'middle', size: font.small, name: 'muted num' }),
    ];
  });
}

interface LabelPlace {
  x: number;
  y: number;
  anchor?: 'start' | 'middle' | 'end';
  size: number;
  name?: string;
}

export function label(text: string, { x, y, anchor = 'start', size, name }: LabelPlace): Markup {
  return element('text', { class: name, x, y, 'text-anchor': anchor === 'start' ? undefined : anchor, 'font-size': size }, [
    text,
  ]);
}

/** The name of a panel above its left corner, with its unit where there is room left of `limit`. */
export function panelTitle(panel: Panel, name: string, unit: string, fontSize: number, limit: number): Markup | null {
  const text = firstFitting([`${name} (${unit})`, name], fontSize, limit - panel.x, true);
  return text === null ? null : label(text, { x: panel.x, y: panel.titleY, size: fontSize, name: 'strong' });
}

/** First and last index of each run of days that are so. */
export function runsOf<T>(days: readonly T[], isSo: (day: T) => boolean): [first: number, last: number][] {
  const runs: [number, number][] = [];
  days.forEach((day, i) => {
    if (!isSo(day)) return;
    const last = runs.at(-1);
    if (last && last[1] === i - 1) last[1] = i;
    else runs.push([i, i]);
  });
  return runs;
}

/** Hatched days on which the store was or will be closed, and tinted ones without stock, over one panel. */
export function shadedDays(chart: ForecastChart, layout: ChartLayout, panel: Panel, prefix: string): Markup[] {
  const over = ([first, last]: [number, number], attributes: Record<string, string>): Markup =>
    element('rect', {
      ...attributes,
      x: xOf(layout, first),
      y: panel.y,
      width: (last - first + 1) * layout.step,
      height: panel.height,
    });
  const lacking = runsOf(chart.history, ({ stockout }) => stockout);
  return [
    ...runsOf([...chart.history, ...chart.plan], ({ closed }) => closed).map((run) =>
      over(run, { fill: `url(#${prefix}closed)` }),
    ),
    ...lacking.flatMap((run) => [over(run, { class: 'lack' }), over(run, { fill: `url(#${prefix}lack)` })]),
  ];
}

/** The line between what was and what is expected, and that of the day on which stock runs out. */
export function dayLines(chart: ForecastChart, layout: ChartLayout, panel: Panel): Markup[] {
  const line = (name: string, x: number): Markup =>
    element('path', { class: name, d: `M${rounded(x)} ${rounded(panel.y)}v${rounded(panel.height)}` });
  const { stockOutIndex } = chart;
  return [
    line('today', xOf(layout, layout.historyDays)),
    ...(stockOutIndex === null ? [] : [line('out', centerOf(layout, layout.historyDays + stockOutIndex))]),
  ];
}
