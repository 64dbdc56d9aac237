import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import { addDays } from '../../kernel/time/zone.js';
import type { ChartFrame, ChartRow } from './forecast-chart.js';

/** A product in a store. */
export interface Pair {
  productId: string;
  storeId: string;
}

/** What a report's line says beside the outlook. */
export interface ReportFacts extends Pair {
  supplierName: string | null;
  reorderPoint: number | null;
  unitType: string;
  suggestedOrder: number | null;
}

/** Days ahead that the calendar is read for: as far as a forecast may look. */
const LONGEST_HORIZON = 366;

const CHARTS = `
SELECT p.product_id AS "productId", p.store_id AS "storeId", p.sku, p.product_name AS "productName", p.store_name AS "storeName",
       p.unit_type AS "unitType", p.supplier_name AS "supplierName", p.lead_time_days AS "leadTimeDays",
       p.quantity_on_hand::float8 AS "onHand", p.quantity_available::float8 AS available, p.alert_point::float8 AS "reorderPoint",
       to_char(d.store_last_day, 'YYYY-MM-DD') AS "storeLastDay", s.quantity::float8 AS "suggestedOrder",
       coalesce(d.days, '[]') AS demand, coalesce(o.spans, '[]') AS stockouts, coalesce(b.balances, '[]') AS balances,
       coalesce(c.days, '[]') AS calendar, coalesce(f.days, '[]') AS forecast, coalesce(a.arrivals, '[]') AS arrivals,
       CASE WHEN f.run_id IS NOT NULL THEN json_build_object('runId', f.run_id, 'model', f.model, 'modelVersion', f.model_version,
         'madeAt', f.made_at, 'runMase', (SELECT (r.metrics ->> 'mase')::float8 FROM forecast_runs r WHERE r.id = f.run_id)) END AS model
  FROM stock_facts($1, $2) p
  LEFT JOIN (SELECT x.product_id, x.store_id, max(z.store_last_day) AS store_last_day,
                    json_agg(json_build_array(x.day, x.quantity::float8, x.unit_price::float8, x.is_promotion) ORDER BY x.day) AS days
               FROM daily_demand x JOIN sold_pairs($3, $4::date - 1, $1, $2) z USING (product_id, store_id)
              WHERE x.product_id = ANY ($1) AND x.store_id = ANY ($2) AND x.day >= $3 AND x.day < $4
              GROUP BY x.product_id, x.store_id) d USING (product_id, store_id)
  LEFT JOIN (SELECT product_id, store_id, json_agg(json_build_array(first_day, last_day)) AS spans
               FROM stockout_spans($1, $2, $3, $4::date - 1, $6) GROUP BY product_id, store_id) o USING (product_id, store_id)
  LEFT JOIN (SELECT product_id, store_id, json_agg(json_build_array(day, balance::float8)) AS balances
               FROM closing_balances($1, $2, $3, $6) GROUP BY product_id, store_id) b USING (product_id, store_id)
  LEFT JOIN (SELECT product_id, store_id, run_id, model_version, metadata ->> 'model' AS model, min(made_at) AS made_at,
                    json_agg(json_build_array(forecast_date, predicted_value::float8, q10::float8, q50::float8, q90::float8, q95::float8,
                      q99::float8) ORDER BY forecast_date) AS days
               FROM current_forecasts
              WHERE product_id = ANY ($1) AND store_id = ANY ($2) AND forecast_date >= $4
              GROUP BY product_id, store_id, run_id, model_version, metadata ->> 'model') f USING (product_id, store_id)
  LEFT JOIN (SELECT product_id, store_id, json_agg(json_build_array(expected_date, quantity::float8) ORDER BY expected_date) AS arrivals
               FROM stock_arrivals WHERE product_id = ANY ($1) AND store_id = ANY ($2) GROUP BY product_id, store_id) a USING (product_id, store_id)
  LEFT JOIN reorder_suggestions s ON s.product_id = p.product_id AND s.store_id = p.store_id AND s.kind = 'purchase' AND s.status = 'open'
  LEFT JOIN LATERAL (SELECT json_agg(json_build_array(date, kind, value::float8, name)
                              ORDER BY k.product_id IS NOT NULL, k.store_id IS NOT NULL) AS days
                       FROM calendar_days k
                      WHERE k.date BETWEEN $3 AND $5 AND (k.product_id IS NULL OR k.product_id = p.product_id)
                        AND (k.store_id IS NULL OR k.store_id = p.store_id)) c ON true`;

const FACTS = `
SELECT p.product_id AS "productId", p.store_id AS "storeId", p.supplier_name AS "supplierName", p.alert_point::float8 AS "reorderPoint",
       p.unit_type AS "unitType", s.quantity::float8 AS "suggestedOrder"
  FROM stock_facts($1, $2) p
  LEFT JOIN reorder_suggestions s ON s.product_id = p.product_id AND s.store_id = p.store_id AND s.kind = 'purchase' AND s.status = 'open'`;

/** What charts and reports show. */
@Injectable()
export class ChartsRepository {
  constructor(private readonly unit: UnitOfWork) {}

  /** Everything that is known of some pairs, in one statement and in their order; a pair whose product or store is unknown is left out. */
  async read(pairs: readonly Pair[], { today, historyDays }: ChartFrame, timeZone: string): Promise<ChartRow[]> {
    const rows = await this.unit.query<ChartRow>(CHARTS, [
      ...listsOf(pairs),
      addDays(today, -historyDays),
      today,
      addDays(today, LONGEST_HORIZON),
      timeZone,
    ]);
    return inOrderOf(pairs, rows);
  }

  /** What a line of a report says of each of some pairs, in their order. */
  async facts(pairs: readonly Pair[]): Promise<ReportFacts[]> {
    return inOrderOf(pairs, await this.unit.query<ReportFacts>(FACTS, listsOf(pairs)));
  }
}

const listsOf = (pairs: readonly Pair[]): [products: string[], stores: string[]] => [
  pairs.map(({ productId }) => productId),
  pairs.map(({ storeId }) => storeId),
];

function inOrderOf<T extends Pair>(pairs: readonly Pair[], rows: readonly T[]): T[] {
  const keyOf = ({ productId, storeId }: Pair): string => `${productId}/${storeId}`;
  const found = new Map(rows.map((row) => [keyOf(row), row]));
  return pairs.flatMap((pair) => found.get(keyOf(pair)) ?? []);
}
