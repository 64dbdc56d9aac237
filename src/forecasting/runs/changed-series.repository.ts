import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import type { SeriesPair } from './series-batches.js';
import { LONGEST_HORIZON, type Ahead, type HistorySpan } from './series-input.js';
import type { RunFilters } from './series.repository.js';

/** Why a series is forecast anew; the first that holds. */
export type ChangeReason = 'new' | 'engine' | 'horizon' | 'product' | 'sales' | 'calendar' | 'stock_out' | 'silence';

/** A series that has to be forecast anew. */
export interface ChangedPair extends SeriesPair {
  reason: ChangeReason;
}

/**
 * Units that were expected since the forecast was made and did not sell: under a Poisson demand that happens once in twenty times
 * (e^-3), so the silence says something.
 */
const SILENT_UNITS = 3;
/** A row that was written so long before the data were read may have been committed behind them. */
const LATE_COMMITS = `interval '15 minutes'`;

// $1 from, $2 asOf, $3 stores, $4 products, $5 horizon days, $6 engine version
const JUDGED = `
WITH known AS (
  SELECT s.* FROM forecast_series s
   WHERE ($3::uuid[] IS NULL OR s.store_id = ANY ($3)) AND ($4::uuid[] IS NULL OR s.product_id = ANY ($4))),
since AS (SELECT coalesce(min(read_at) - ${LATE_COMMITS}, '-infinity') AS instant, greatest(min(as_of), $1::date - 1) AS day FROM known),
sold AS (
  SELECT l.* FROM since CROSS JOIN LATERAL sold_lately(since.instant, since.day, $2::date) l
   WHERE l.last_day >= $1::date AND ($3::uuid[] IS NULL OR l.store_id = ANY ($3)) AND ($4::uuid[] IS NULL OR l.product_id = ANY ($4))),
pairs AS (SELECT product_id, store_id FROM known UNION SELECT product_id, store_id FROM sold),
lists AS (SELECT array_agg(product_id) AS products, array_agg(store_id) AS stores FROM pairs),
last_days AS (SELECT d.* FROM lists CROSS JOIN LATERAL store_last_days(ARRAY(SELECT DISTINCT unnest(lists.stores)), $1, $2) d),
judged AS (
  SELECT t.product_id, t.store_id, t.category_id, t.lead_time_days, d.last_day,
         CASE WHEN k.run_id IS NULL THEN 'new'
              WHEN k.model_version <> $6 THEN 'engine'
              WHEN k.last_day < $2::date + least(${LONGEST_HORIZON}, greatest(1, $5::int, t.lead_time_days)) THEN 'horizon'
              WHEN (k.lead_time_days, k.category_id) IS DISTINCT FROM (t.lead_time_days, t.category_id) THEN 'product'
              WHEN s.last_day > k.as_of OR s.noted_at > k.read_at - ${LATE_COMMITS} THEN 'sales'
              WHEN EXISTS (SELECT FROM calendar_changes c WHERE c.noted_at > k.read_at - ${LATE_COMMITS}
                     AND (c.product_id IS NULL OR c.product_id = t.product_id) AND (c.store_id IS NULL OR c.store_id = t.store_id)) THEN 'calendar'
              WHEN l.quantity_on_hand <= 0 AND l.last_movement_at > k.read_at - ${LATE_COMMITS} THEN 'stock_out'
              WHEN k.daily_mean * (d.last_day - k.as_of) >= ${SILENT_UNITS} THEN 'silence' END AS reason
    FROM lists CROSS JOIN LATERAL supply_terms(lists.products, lists.stores) t
    JOIN last_days d ON d.store_id = t.store_id
    LEFT JOIN known k ON k.product_id = t.product_id AND k.store_id = t.store_id
    LEFT JOIN sold s ON s.product_id = t.product_id AND s.store_id = t.store_id
    LEFT JOIN stock_levels l ON l.product_id = t.product_id AND l.store_id = t.store_id)`;

/**
 * Compares what is in force with what has happened since: of each series, not of the tenant, since every night nearly every store has
 * sold something. A fast seller changes every day, a slow one only when it sells, and each at the latest when its forecast covers the
 * horizon no more.
 */
@Injectable()
export class ChangedSeriesRepository {
  constructor(private readonly unit: UnitOfWork) {}

  /** Series to forecast anew, ordered by store and product. */
  changed(span: HistorySpan, filters: RunFilters, ahead: Pick<Ahead, 'horizonDays'>, engine: string): Promise<ChangedPair[]> {
    return this.unit.query<ChangedPair>(
      `${JUDGED} SELECT product_id AS "productId", store_id AS "storeId", category_id AS "categoryId", lead_time_days AS "leadTimeDays",
                        to_char(last_day, 'YYYY-MM-DD') AS "storeLastDay", reason FROM judged WHERE reason IS NOT NULL ORDER BY 2, 1`,
      parametersOf(span, filters, ahead, engine),
    );
  }

  /** How many series there are to forecast anew, and how many whose forecast stays. */
  async count(
    span: HistorySpan,
    filters: RunFilters,
    ahead: Pick<Ahead, 'horizonDays'>,
    engine: string,
  ): Promise<{ changed: number; kept: number }> {
    const [row] = await this.unit.query<{ changed: number; kept: number }>(
      `${JUDGED} SELECT count(reason)::int AS changed, (count(*) - count(reason))::int AS kept FROM judged`,
      parametersOf(span, filters, ahead, engine),
    );
    return row!;
  }
}

function parametersOf(
  { from, asOf }: HistorySpan,
  { storeIds, productIds }: RunFilters,
  { horizonDays }: Pick<Ahead, 'horizonDays'>,
  engine: string,
): unknown[] {
  return [from, asOf, storeIds ?? null, productIds ?? null, horizonDays, engine];
}
