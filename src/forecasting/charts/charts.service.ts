import { Injectable } from '@nestjs/common';
import { assertStoreAllowed, storeScope } from '../../kernel/auth/store-scope.js';
import { tenantScope } from '../../kernel/database/tenant-context.js';
import { notFound } from '../../kernel/errors/problem-error.js';
import { localDateOf } from '../../kernel/time/zone.js';
import { OutlookRepository } from '../forecasts/outlook.repository.js';
import { projectStock } from '../forecasts/stock-projection.js';
import { contentPolicy, STYLES } from './chart-theme.js';
import type { DrawingQuery, HistoryQuery, ProductForecastDto, ReportQuery } from './charts.dto.js';
import { ChartsRepository, type Pair } from './charts.repository.js';
import { chartOf, type ChartFrame, type ForecastChart } from './forecast-chart.js';
import { forecastJson } from './forecast-json.js';
import { forecastReport, reportStyle } from './forecast-report.js';
import { forecastSvgFile } from './forecast-svg.js';
import { byStockOut, isUrgent, reportLine, type ReportLine } from './report-lines.js';

/** A text to show, with the policy under which a browser may show it. */
export interface Drawn {
  text: string;
  contentPolicy: string;
}

/** Days of history in the small charts of a report. */
const REPORT_HISTORY_DAYS = 56;

@Injectable()
export class ChartsService {
  constructor(
    private readonly charts: ChartsRepository,
    private readonly outlooks: OutlookRepository,
  ) {}

  /** @throws ProblemError http.not_found for a product or store that is unknown or beyond the caller */
  async get(productId: string, storeId: string, { historyDays }: HistoryQuery): Promise<ProductForecastDto> {
    return forecastJson(await this.chart({ productId, storeId }, historyDays));
  }

  /** @throws ProblemError http.not_found for a product or store that is unknown or beyond the caller */
  async draw(productId: string, storeId: string, { historyDays, width, height, theme }: DrawingQuery): Promise<Drawn> {
    const chart = await this.chart({ productId, storeId }, historyDays);
    const { locale } = tenantScope();
    const text = forecastSvgFile(chart, { width, height: height ?? heightFor(width), locale, theme });
    return { text, contentPolicy: contentPolicy(STYLES[theme]) };
  }

  /** What runs out first, with charts of the first lines: three statements, however many lines. */
  async report({ storeId, supplierId, limit, charts, paper }: ReportQuery): Promise<Drawn> {
    assertStoreAllowed(storeId);
    const { locale, tenant } = tenantScope();
    const today = localDateOf(new Date(), tenant.settings.timezone);
    const found = await this.outlooks.find({
      from: today,
      storeIds: storeId ? [storeId] : storeScope(),
      productIds: null,
      supplierId: supplierId ?? null,
    });
    const ranked = found
      .map((outlook) => ({ ...outlook, ...projectStock({ ...outlook, available: Number(outlook.available) }) }))
      .toSorted((a, b) => byStockOut(a, b) || (keyOf(a) < keyOf(b) ? -1 : 1));
    const first = ranked.slice(0, limit);
    const facts = new Map((await this.charts.facts(first)).map((fact) => [keyOf(fact), fact]));
    const lines = first.flatMap((outlook): ReportLine[] => {
      const fact = facts.get(keyOf(outlook));
      return fact ? [reportLine({ ...outlook, ...fact, available: Number(outlook.available) }, outlook, today)] : [];
    });
    const frame = { today, historyDays: REPORT_HISTORY_DAYS };
    const text = forecastReport(
      {
        companyName: tenant.name,
        storeName: storeId ? (lines[0]?.storeName ?? '') : null,
        supplierName: supplierId ? (lines[0]?.supplierName ?? '') : null,
        today,
        lines,
        total: ranked.length,
        urgent: ranked.filter((outlook) => isUrgent(outlook, outlook, today)).length,
        charts: await this.read(first.slice(0, charts), frame),
      },
      { locale, paper },
    );
    return { text, contentPolicy: contentPolicy(reportStyle(paper)) };
  }

  private async chart(pair: Pair, historyDays: number): Promise<ForecastChart> {
    assertStoreAllowed(pair.storeId);
    const today = localDateOf(new Date(), tenantScope().tenant.settings.timezone);
    const [chart] = await this.read([pair], { today, historyDays });
    if (!chart) throw notFound();
    return chart;
  }

  private async read(pairs: readonly Pair[], frame: ChartFrame): Promise<ForecastChart[]> {
    if (pairs.length === 0) return [];
    const rows = await this.charts.read(pairs, frame, tenantScope().tenant.settings.timezone);
    return rows.map((row) => chartOf(row, frame));
  }
}

const keyOf = ({ productId, storeId }: Pair): string => `${productId}/${storeId}`;

/** Upright on a phone, broad elsewhere. */
function heightFor(width: number): number {
  return width < 480 ? Math.round(width * 1.6) : Math.min(800, Math.max(460, Math.round(width * 0.56)));
}
