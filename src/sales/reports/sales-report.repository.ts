import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import type { ReportGroup, SalesReportRowDto } from './sales-report.dto.js';

const KEYS: Record<ReportGroup, { key: string; order: string }> = {
  day: { key: 's.business_date::text', order: '1 DESC' },
  store: { key: 's.store_id::text', order: '4 DESC, 1' },
  product: { key: 'i.product_id::text', order: '4 DESC, 1' },
};

@Injectable()
export class SalesReportRepository {
  constructor(private readonly unit: UnitOfWork) {}

  /** Completed sales of a period, summed by day, store or product. */
  summarize(
    groupBy: ReportGroup,
    period: { from: string; to: string },
    stores: string[] | null,
    limit: number,
  ): Promise<SalesReportRowDto[]> {
    const { key, order } = KEYS[groupBy];
    return this.unit.query<SalesReportRowDto>(
      `SELECT ${key} AS key, count(DISTINCT s.id)::int AS sales, sum(i.quantity) AS quantity, sum(i.net_total) AS "netAmount", sum(i.tax_amount) AS "taxAmount"
         FROM sales s JOIN sale_items i ON i.sale_id = s.id
        WHERE s.business_date BETWEEN $1 AND $2 AND s.status = 'completed' AND ($3::uuid[] IS NULL OR s.store_id = ANY ($3))
        GROUP BY 1 ORDER BY ${order} LIMIT $4`,
      [period.from, period.to, stores, limit],
    );
  }
}
