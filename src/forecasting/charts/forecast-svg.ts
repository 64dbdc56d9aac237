import type { Locale } from '../../kernel/database/tenant-context.js';
import { dateAxis, label } from './chart-axes.js';
import { signOf, SWATCH } from './chart-legend.js';
import { layoutOf, type ChartLayout, type LayoutOptions, type Panel } from './chart-layout.js';
import { STYLES, type ChartTheme } from './chart-theme.js';
import { chartDescription, chartTitle, chartWords } from './chart-words.js';
import { demandPanel } from './demand-panel.js';
import type { ForecastChart } from './forecast-chart.js';
import { element, isolated, Markup, type Child } from './markup.js';
import { stockPanel } from './stock-panel.js';
import { truncated } from './text-fit.js';

export interface DrawingOptions extends LayoutOptions {
  locale: Locale;
  /** absent: the document around it brings the style sheet */
  theme?: ChartTheme;
  /** begins every id of the drawing, so that several stand in one document; default `fx-` */
  prefix?: string;
}

/**
 * A forecast as an SVG drawing: history, expected demand with its ranges, promotions, holidays, closed days and stock-outs; below it the
 * level of the stock, its projection and the day on which it runs out. It holds neither scripts nor anything from elsewhere; whatever
 * people typed is escaped.
 */
export function forecastSvg(chart: ForecastChart, options: DrawingOptions): Markup {
  const { width, height, locale, theme, prefix = 'fx-' } = options;
  const words = chartWords(locale);
  const layout = layoutOf(chart, words, options);
  const [titleId, descriptionId] = [`${prefix}title`, `${prefix}description`];
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      class: 'fx',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'aria-labelledby': `${titleId} ${descriptionId}`,
      'xml:lang': locale,
      lang: locale,
    },
    [
      element('title', { id: titleId }, [chartTitle(chart, words)]),
      element('desc', { id: descriptionId }, [chartDescription(chart, words)]),
      theme === undefined ? null : element('style', {}, [new Markup(STYLES[theme])]),
      definitions(layout, prefix),
      element('rect', { class: 'back', width, height }),
      ...header(chart, layout),
      ...legend(layout, prefix),
      ...demandPanel(chart, layout, words, prefix),
      ...stockPanel(chart, layout, words, prefix),
      ...dateAxis(chart, layout, words),
    ],
  );
}

/** A drawing as a file of its own. */
export function forecastSvgFile(chart: ForecastChart, options: DrawingOptions): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${forecastSvg(chart, options).xml}\n`;
}

function definitions({ demand }: ChartLayout, prefix: string): Markup {
  const pattern = (id: string, name: string, d: string): Markup =>
    element('pattern', { id: `${prefix}${id}`, width: 6, height: 6, patternUnits: 'userSpaceOnUse' }, [
      element('path', { class: name, d, 'stroke-width': 1 }),
    ]);
  const inside = ({ x, y, width, height }: Panel): Markup =>
    element('rect', { x, y: y - 2, width: width + 2, height: height + 4 });
  return element('defs', {}, [
    pattern('closed', 'hatch', 'M-1 7L7 -1M-1 1L1 -1M5 7L7 5'),
    pattern('lack', 'cross', 'M-1 -1L7 7M-1 5L1 7M5 -1L7 1'),
    element('clipPath', { id: `${prefix}demand` }, [inside(demand)]),
  ]);
}

function header(chart: ForecastChart, { pad, width, font, titleY, subtitleY, summary }: ChartLayout): Child[] {
  const room = width - 2 * pad;
  // cut before it is set apart: the marks around a name must come in pairs
  const name = isolated(truncated(chart.productName.trim(), font.title, room, true));
  const sku = truncated(chart.sku, font.text, room * 0.5);
  const store = truncated(chart.storeName, font.text, room * 0.5 - font.text);
  return [
    label(name, { x: pad, y: titleY, size: font.title, name: 'strong' }),
    label(`${isolated(sku)} \u00b7 ${isolated(store)}`, { x: pad, y: subtitleY, size: font.text, name: 'muted' }),
    ...summary.map(({ item: { text, isAlarm }, x, y }) =>
      label(text, { x, y, size: font.text, name: isAlarm ? 'alarm strong' : 'num' }),
    ),
  ];
}

function legend({ legend: items, font }: ChartLayout, prefix: string): Markup[] {
  return items.flatMap(({ item: { sign, text }, x, y }) => [
    ...signOf(sign, x, y - font.small * 0.35, prefix),
    label(text, { x: x + SWATCH + 6, y, size: font.small, name: 'muted' }),
  ]);
}
