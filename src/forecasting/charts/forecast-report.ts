import type { Locale } from '../../kernel/database/tenant-context.js';
import { contentPolicy, STYLES } from './chart-theme.js';
import { chartWords, type ChartWords } from './chart-words.js';
import type { ForecastChart } from './forecast-chart.js';
import { forecastSvg } from './forecast-svg.js';
import { element, isolated, Markup, type Child } from './markup.js';
import type { ReportAction, ReportLine } from './report-lines.js';
import { REPORT_STYLE } from './report-style.js';
import { reportTexts, type ReportTexts } from './report-words.js';

export interface ForecastReport {
  companyName: string;
  /** null: several stores; empty: one of which there is no line */
  storeName: string | null;
  /** null: of every supplier; empty: one of which there is no line */
  supplierName: string | null;
  today: string;
  lines: ReportLine[];
  /** lines that there are in all */
  total: number;
  /** of all of them, those where an order placed today comes too late */
  urgent: number;
  /** charts of the first lines */
  charts: ForecastChart[];
}

export interface PrintingOptions {
  locale: Locale;
  paper: 'printer' | 'a4' | 'letter';
}

const CHART = { width: 460, height: 300, isSmall: true };

/** The style sheet of a report: one of three, by the paper. */
export function reportStyle(paper: PrintingOptions['paper']): string {
  const size = paper === 'printer' ? '' : `size:${paper};`;
  return `@page{${size}margin:14mm 12mm}\n${STYLES.light}${REPORT_STYLE}`;
}

/**
 * A page to print, to pin up or to hand to a supplier: what runs out first, what to do about it, and charts. It holds neither scripts nor
 * anything from elsewhere, and its policy stands inside too, where it holds for a saved file.
 */
export function forecastReport(report: ForecastReport, { locale, paper }: PrintingOptions): string {
  const words = chartWords(locale);
  const texts = reportTexts(locale);
  const style = reportStyle(paper);
  // a page's own policy cannot say who may frame it
  const policy = contentPolicy(style).replace(" frame-ancestors 'none';", '');
  const head = element('head', {}, [
    element('meta', { charset: 'utf-8' }),
    element('meta', { 'http-equiv': 'Content-Security-Policy', content: policy }),
    element('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    element('title', {}, [`${texts.title} \u00b7 ${report.companyName} \u00b7 ${report.today}`]),
    element('style', {}, [new Markup(style)]),
  ]);
  const body = element('body', {}, [
    heading(report, words, texts),
    report.lines.length === 0 ? element('p', { class: 'empty' }, [texts.empty]) : table(report, words, texts),
    element('p', { class: 'notes' }, [texts.notes]),
    charts(report, locale, texts),
  ]);
  return `<!doctype html>\n${element('html', { lang: locale }, [head, body]).xml}\n`;
}

function heading(
  { companyName, storeName, supplierName, today, lines, total, urgent }: ForecastReport,
  words: ChartWords,
  texts: ReportTexts,
): Markup {
  const supplier = supplierName ? `${texts.supplier}: ${isolated(supplierName)}` : '';
  const scope = [isolated(companyName), storeName === null ? texts.allStores : storeName && isolated(storeName), supplier];
  const shown = total > lines.length ? ` ${texts.shown(lines.length, total)}` : '';
  return element('header', {}, [
    element('h1', {}, [texts.title]),
    element('p', { class: 'scope' }, [[...scope.filter((part) => part !== ''), words.dateOfYear(today)].join(' \u00b7 ')]),
    element('p', { class: urgent > 0 ? 'urgent' : undefined }, [`${texts.urgent(urgent)}${shown}`]),
  ]);
}

interface Column {
  title: string;
  name?: string;
  cell: (line: ReportLine) => Child[];
}

function columnsOf({ storeName, supplierName }: ForecastReport, words: ChartWords, texts: ReportTexts): Column[] {
  const amount = (value: number): Child[] => [words.number(value)];
  return [
    // to tick off by hand
    { title: '', name: 'tick', cell: () => [element('span', { class: 'box' }, [])] },
    {
      title: texts.product,
      name: 'product',
      cell: ({ productName, sku }) => [
        element('b', {}, [isolated(productName)]),
        element('span', { class: 'sku' }, [isolated(sku)]),
      ],
    },
    ...(storeName === null
      ? [{ title: texts.store, name: 'store', cell: (line: ReportLine): Child[] => [isolated(line.storeName)] }]
      : []),
    ...(supplierName === null
      ? [
          {
            title: texts.supplier,
            cell: (line: ReportLine): Child[] => [line.supplierName === null ? '\u2013' : isolated(line.supplierName)],
          },
        ]
      : []),
    { title: texts.available, name: 'num', cell: ({ available }) => amount(available) },
    { title: texts.onOrder, name: 'num', cell: ({ onOrder }) => amount(onOrder) },
    { title: texts.expected, name: 'num', cell: ({ expectedDemand }) => amount(expectedDemand) },
    { title: texts.cover, name: 'num', cell: ({ daysOfCover }) => [daysOfCover === null ? '\u2013' : words.number(daysOfCover)] },
    {
      title: texts.stockOut,
      name: 'day',
      cell: ({ stockOutDate }) => [stockOutDate === null ? '\u2013' : words.date(stockOutDate)],
    },
    { title: texts.action, name: 'action', cell: (line) => [actionText(line.action, words.unit(line.unitType), words, texts)] },
  ];
}

function table(report: ForecastReport, words: ChartWords, texts: ReportTexts): Markup {
  const columns = columnsOf(report, words, texts);
  const titles = columns.map(({ title, name }) =>
    title === '' ? element('td', { class: name }, []) : element('th', { scope: 'col', class: name }, [title]),
  );
  return element('table', {}, [
    element('thead', {}, [element('tr', {}, titles)]),
    element(
      'tbody',
      {},
      report.lines.map((line) =>
        element(
          'tr',
          { class: line.action.kind === 'now' || line.action.kind === 'hurry' ? 'now' : undefined },
          columns.map(({ name, cell }) => element('td', { class: name }, cell(line))),
        ),
      ),
    ),
  ]);
}

function actionText(action: ReportAction, unit: string, words: ChartWords, texts: ReportTexts): string {
  const amount = (quantity: number): string => `${words.number(quantity)} ${unit}`;
  switch (action.kind) {
    case 'now':
      return action.quantity === null ? texts.orderNow : texts.orderSomeNow(amount(action.quantity));
    case 'by':
      return action.quantity === null
        ? texts.orderBy(words.date(action.date))
        : texts.orderSomeBy(amount(action.quantity), words.date(action.date));
    case 'hurry':
      return texts.hurry(words.date(action.date));
    case 'suggested':
      return texts.orderSome(amount(action.quantity));
    case 'covered':
      return texts.covered;
    default:
      return texts.nothing;
  }
}

function charts({ charts: shown }: ForecastReport, locale: Locale, texts: ReportTexts): Markup | null {
  if (shown.length === 0) return null;
  return element('section', { class: 'charts' }, [
    element('h2', {}, [texts.charts]),
    element('p', { class: 'key' }, [texts.key]),
    element(
      'div',
      { class: 'grid' },
      shown.map((chart, i) => element('figure', {}, [forecastSvg(chart, { ...CHART, locale, prefix: `c${i}-` })])),
    ),
  ]);
}
