import type { Locale } from '../../kernel/database/tenant-context.js';
import type { ForecastChart } from './forecast-chart.js';
import { isolated } from './markup.js';

const LOCALES: Readonly<Record<Locale, string>> = { es: 'es-VE', en: 'en-US' };

const UNITS: Readonly<Record<Locale, Readonly<Record<string, string>>>> = {
  es: { unit: 'unidades', kg: 'kg', liter: 'litros', meter: 'metros', box: 'cajas', case: 'bultos' },
  en: { unit: 'units', kg: 'kg', liter: 'litres', meter: 'metres', box: 'boxes', case: 'cases' },
};

const TEXTS = {
  es: {
    chart: 'Pronóstico de demanda',
    demand: 'Ventas por día',
    demandPanel: 'Demanda por día',
    expected: 'Demanda esperada',
    expectedShort: 'Demanda',
    band: '8 de cada 10 días',
    upper: 'Hasta 95 % y 99 %',
    promotion: 'Promoción',
    holiday: 'Feriado',
    closed: 'Cerrado',
    lack: 'Agotado',
    stock: 'Existencias',
    path: 'Existencias previstas',
    arrival: 'Llegada de un pedido',
    reorder: 'Punto de reorden',
    today: 'Hoy',
    noForecast: 'Todavía no hay pronóstico',
    noSales: 'Sin ventas en estos días',
    noStock: 'Nunca hubo existencias aquí',
    outNow: 'Agotado',
    runsOut: 'Se agota',
    cover: 'Alcanza para',
    days: 'días',
    day: 'día',
    sold: 'Vendido en',
    ordered: 'Pedido sugerido',
  },
  en: {
    chart: 'Demand forecast',
    demand: 'Sales a day',
    demandPanel: 'Demand a day',
    expected: 'Expected demand',
    expectedShort: 'Demand',
    band: '8 days in 10',
    upper: 'Up to 95% and 99%',
    promotion: 'Promotion',
    holiday: 'Holiday',
    closed: 'Closed',
    lack: 'Out of stock',
    stock: 'Stock',
    path: 'Projected stock',
    arrival: 'Order arrives',
    reorder: 'Reorder point',
    today: 'Today',
    noForecast: 'There is no forecast yet',
    noSales: 'No sales in these days',
    noStock: 'No stock was ever kept here',
    outNow: 'Out of stock',
    runsOut: 'Runs out',
    cover: 'Lasts',
    days: 'days',
    day: 'day',
    sold: 'Sold in',
    ordered: 'Suggested order',
  },
} satisfies Record<Locale, Record<string, string>>;

export type ChartTexts = (typeof TEXTS)[Locale];

/** What a chart says, in one language. */
export class ChartWords {
  readonly texts: ChartTexts;
  private readonly exact: Intl.NumberFormat;
  private readonly short: Intl.NumberFormat;
  private readonly dayOnly: Intl.DateTimeFormat;
  private readonly withYear: Intl.DateTimeFormat;
  private readonly monthOnly: Intl.DateTimeFormat;

  constructor(readonly locale: Locale) {
    const name = LOCALES[locale];
    this.texts = TEXTS[locale];
    this.exact = new Intl.NumberFormat(name, { maximumFractionDigits: 2 });
    this.short = new Intl.NumberFormat(name, { notation: 'compact', maximumSignificantDigits: 3 });
    this.dayOnly = new Intl.DateTimeFormat(name, { day: 'numeric', month: 'short', timeZone: 'UTC' });
    this.withYear = new Intl.DateTimeFormat(name, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
    this.monthOnly = new Intl.DateTimeFormat(name, { month: 'short', year: 'numeric', timeZone: 'UTC' });
  }

  /** A quantity to read: whole from 100 on, short from a million on. */
  number(value: number): string {
    const size = Math.abs(value);
    if (size >= 1_000_000) return this.short.format(value);
    return this.exact.format(size >= 100 ? Math.round(value) : size >= 10 ? Math.round(value * 10) / 10 : value);
  }

  /** A label of an axis whose labels reach up to `largest`. */
  tick(value: number, largest: number): string {
    return largest >= 10_000 ? this.short.format(value) : this.exact.format(value);
  }

  date(date: string): string {
    return this.dayOnly.format(instantOf(date)).replace('.', '');
  }

  dateOfYear(date: string): string {
    return this.withYear.format(instantOf(date)).replace('.', '');
  }

  /** A first day of a month, of an axis that labels months. */
  month(date: string): string {
    return this.monthOnly.format(instantOf(date)).replace('.', '');
  }

  unit(unitType: string): string {
    return UNITS[this.locale][unitType] ?? unitType;
  }

  days(count: number): string {
    return `${this.number(count)} ${count === 1 ? this.texts.day : this.texts.days}`;
  }
}

const instantOf = (date: string): Date => new Date(`${date}T00:00:00Z`);

const byLocale: Readonly<Record<Locale, ChartWords>> = { es: new ChartWords('es'), en: new ChartWords('en') };

export function chartWords(locale: Locale): ChartWords {
  return byLocale[locale];
}

/** One thing that the line above a chart says. */
export interface SummaryPart {
  text: string;
  /** says it where there is no room for the text */
  short: string;
  /** whether somebody has to act on it */
  isAlarm: boolean;
}

const said = (text: string, short: string = text): SummaryPart => ({ text, short, isAlarm: false });
const alarm = (text: string): SummaryPart => ({ text, short: text, isAlarm: true });

/** What a chart says in one line: expected demand, how long the stock lasts, when it runs out. */
export function summaryParts(chart: ForecastChart, words: ChartWords): SummaryPart[] {
  const { texts } = words;
  const { expectedDemand, days, recentDemand, daysOfCover, suggestedOrder } = chart.summary;
  const unit = words.unit(chart.unitType);
  const parts: SummaryPart[] = [];
  if (expectedDemand === null) {
    parts.push(said(texts.noForecast));
    const shown = Math.min(28, chart.history.length);
    parts.push(said(`${texts.sold} ${words.days(shown)}: ${words.number(recentDemand)} ${unit}`));
  } else {
    const expected = words.number(expectedDemand);
    parts.push(
      said(
        `${texts.expected}, ${words.days(days)}: ${expected} ${unit}`,
        `${texts.expectedShort}, ${words.days(days)}: ${expected}`,
      ),
    );
  }
  if (chart.stock === null) parts.push(said(texts.noStock));
  else parts.push(...stockParts(chart, words, daysOfCover));
  if (suggestedOrder !== null) parts.push(said(`${texts.ordered}: ${words.number(suggestedOrder)} ${unit}`));
  return parts;
}

function stockParts({ stock, summary }: ForecastChart, words: ChartWords, cover: number | null): SummaryPart[] {
  const { texts } = words;
  const available = stock?.available ?? 0;
  if (available <= 0) return [alarm(texts.outNow)];
  const parts = [said(`${texts.stock}: ${words.number(available)}`)];
  if (cover !== null) parts.push(said(`${texts.cover} ${words.days(cover)}`));
  if (summary.stockOutDate !== null) parts.push(alarm(`${texts.runsOut}: ${words.dateOfYear(summary.stockOutDate)}`));
  return parts;
}

/** Names of a chart for people who do not see it. */
export function chartTitle({ productName, sku, storeName }: ForecastChart, words: ChartWords): string {
  return `${words.texts.chart}: ${isolated(productName)} (${isolated(sku)}), ${isolated(storeName)}`;
}

/** What the chart shows, in sentences. */
export function chartDescription(chart: ForecastChart, words: ChartWords): string {
  const { texts } = words;
  const sold = chart.history.reduce((sum, { quantity }) => sum + (quantity ?? 0), 0);
  const span = `${texts.sold} ${words.days(chart.history.length)}: ${words.number(sold)} ${words.unit(chart.unitType)}`;
  const parts = summaryParts(chart, words).map(({ text }) => text);
  return `${[span, ...parts].join('. ')}.`;
}
