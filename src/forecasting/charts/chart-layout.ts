import type { ForecastChart } from './forecast-chart.js';
import { valueScale, type ValueScale } from './chart-scales.js';
import { summaryParts, type ChartWords, type SummaryPart } from './chart-words.js';
import { legendItems, SWATCH, type LegendItem } from './chart-legend.js';
import { firstFitting, inRows, textWidth, truncated } from './text-fit.js';

export interface ChartSize {
  width: number;
  height: number;
}

export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A panel with its scale: where a value is drawn. */
export interface Panel extends Rect {
  scale: ValueScale;
  /** where its title's line is */
  titleY: number;
}

export interface FontSizes {
  title: number;
  text: number;
  small: number;
}

export interface Placed<T> {
  item: T;
  x: number;
  y: number;
}

/** Where everything of a chart is drawn. Days are slots of equal width; `x(n)` is the left edge of the slot of today. */
export interface ChartLayout extends ChartSize {
  font: FontSizes;
  pad: number;
  titleY: number;
  subtitleY: number;
  summary: Placed<SummaryPart>[];
  legend: Placed<LegendItem>[];
  demand: Panel;
  stock: Panel | null;
  /** where the labels of days are */
  axisY: number;
  /** width of a day */
  step: number;
  historyDays: number;
  totalDays: number;
}

export interface LayoutOptions extends ChartSize {
  /** a small chart among others: with neither legend nor summary */
  isSmall?: boolean;
}

/** Narrower charts have smaller type and less around them: a phone held upright. */
const COMPACT_WIDTH = 480;
/** Below it two panels cannot be read. */
const LEAST_OF_TWO = 170;
const STOCK_SHARE = 0.34;
/** What lies beyond is cut off: a rare extreme would press everything else flat. */
const HIGHEST_QUANTILE = 1.5;
/** Promotions and holidays are marked above what is drawn. */
const MARKS_ROOM = 1.1;

function fontSizes(width: number, isSmall: boolean): FontSizes {
  if (isSmall) return { title: 14, text: 11.5, small: 10.5 };
  return width < COMPACT_WIDTH ? { title: 16, text: 12.5, small: 11 } : { title: 20, text: 14, small: 12 };
}

/** Units that are counted have no half on an axis. */
const isCounted = (unitType: string): boolean => unitType === 'unit' || unitType === 'box' || unitType === 'case';

/** Where a value of the panel is. */
export function yOf({ y, height, scale }: Panel, value: number): number {
  return y + height - ((value - scale.min) / (scale.max - scale.min)) * height;
}

/** The left edge of a day's slot; the right edge of the day before. */
export function xOf({ demand, step }: ChartLayout, index: number): number {
  return demand.x + index * step;
}

/** The middle of a day's slot. */
export function centerOf(layout: ChartLayout, index: number): number {
  return xOf(layout, index + 0.5);
}

export function layoutOf(chart: ForecastChart, words: ChartWords, options: LayoutOptions): ChartLayout {
  const whole = arranged(chart, words, options, { legend: options.isSmall !== true, stock: chart.stock !== null });
  if (whole.stock === null || whole.demand.height + whole.stock.height >= LEAST_OF_TWO) return whole;
  const bare = arranged(chart, words, options, { legend: false, stock: true });
  if (bare.demand.height + bare.stock!.height >= LEAST_OF_TWO) return bare;
  return arranged(chart, words, options, { legend: false, stock: false });
}

interface Shown {
  legend: boolean;
  stock: boolean;
}

function arranged(chart: ForecastChart, words: ChartWords, options: LayoutOptions, shown: Shown): ChartLayout {
  const { width, height, isSmall = false } = options;
  const font = fontSizes(width, isSmall);
  const pad = isSmall ? 8 : width < COMPACT_WIDTH ? 12 : 24;
  const titleY = pad + font.title;
  const subtitleY = titleY + font.text * 1.5;
  const inner = width - 2 * pad;
  const summary = isSmall ? [] : summaryParts(chart, words).map((part) => fitted(part, font.text, inner));
  const lines = placed(summary, ({ text, isAlarm }) => textWidth(text, font.text, isAlarm), { x: pad, width: inner, gap: 20 });
  const summaryEnd = subtitleY + lines.rows * font.text * 1.55;
  const legend = shown.legend ? legendItems(chart, words, shown.stock) : [];
  const items = placed(legend, ({ text }) => SWATCH + 6 + textWidth(text, font.small), { x: pad, width: inner, gap: 16 });
  const legendStart = summaryEnd + (items.rows > 0 ? font.small * 0.9 : 0);
  const top = legendStart + items.rows * font.small * 1.75 + font.small * 2.9;
  const axisY = height - pad;
  const scales = scalesOf(chart, shown.stock);
  const label = Math.max(...scales.map((scale) => axisWidth(scale, words, font.small)));
  const x = pad + label + 8;
  const bottom = axisY - font.small * 1.6;
  const gap = font.small * 2.8;
  const room = Math.max(1, bottom - top - (shown.stock ? gap : 0));
  const share = shown.stock ? STOCK_SHARE : 0;
  const demand = {
    x,
    y: top,
    width: width - pad - x,
    height: room * (1 - share),
    scale: scales[0]!,
    titleY: top - font.small * 0.8,
  };
  const stockY = top + demand.height + gap;
  const stock = { ...demand, y: stockY, height: room * share, scale: scales.at(-1)!, titleY: stockY - font.small * 0.8 };
  const totalDays = chart.history.length + chart.plan.length;
  return {
    ...{ width, height, font, pad, titleY, subtitleY, demand, axisY, totalDays },
    stock: shown.stock ? stock : null,
    summary: lines.place(subtitleY + font.text * 1.55, font.text * 1.55),
    legend: items.place(legendStart + font.small * 1.75, font.small * 1.75),
    step: demand.width / totalDays,
    historyDays: chart.history.length,
  };
}

function fitted(part: SummaryPart, fontSize: number, width: number): SummaryPart {
  const { text, short, isAlarm } = part;
  const fitting = firstFitting([text, short], fontSize, width, isAlarm);
  return { ...part, text: fitting ?? truncated(short, fontSize, width, isAlarm) };
}

/** Pieces side by side, in as many rows as they need. */
function placed<T>(
  items: readonly T[],
  widthOf: (item: T) => number,
  { x: left, width, gap }: { x: number; width: number; gap: number },
) {
  const { rows, places } = inRows(items.map(widthOf), width, gap);
  const place = (firstY: number, rowHeight: number): Placed<T>[] =>
    items.map((item, i) => ({ item, x: left + places[i]!.x, y: firstY + places[i]!.row * rowHeight }));
  return { rows, place };
}

function axisWidth({ ticks, max }: ValueScale, words: ChartWords, fontSize: number): number {
  return Math.max(...ticks.map((tick) => textWidth(words.tick(tick, max), fontSize)));
}

/** The scale of the demand and, where it is shown, that of the stock. */
function scalesOf({ history, plan, stock, unitType }: ForecastChart, withStock: boolean): ValueScale[] {
  const whole = isCounted(unitType);
  const sold = history.map(({ quantity }) => quantity ?? 0);
  const expected = plan.flatMap(({ demand }) => (demand === null ? [] : [demand]));
  const usual = Math.max(0, ...sold, ...expected.map(({ q95, mean }) => Math.max(q95, mean)));
  const rare = Math.min(usual * HIGHEST_QUANTILE, Math.max(0, ...expected.map(({ q99 }) => q99)));
  const isMarked = [...history, ...plan].some(({ promotion, holiday }) => promotion || holiday !== null);
  const demand = valueScale(Math.min(0, ...sold), Math.max(usual, rare) * (isMarked ? MARKS_ROOM : 1), 4, whole);
  if (!withStock) return [demand];
  const levels = [...history, ...plan].map((day) => day.stock ?? 0);
  const highest = Math.max(0, ...levels, stock?.available ?? 0, stock?.reorderPoint ?? 0);
  return [demand, valueScale(Math.min(0, ...levels), highest, 2, whole)];
}
