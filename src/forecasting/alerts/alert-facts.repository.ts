import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import type { PairLists } from './alert-board.repository.js';
import type { AlertFacts, FactWindows, IdleStock, KnownEvent } from './alert-facts.js';
import type { ForecastDay } from './demand-sum.js';

/** A product in a store. */
export interface Pair {
  productId: string;
  storeId: string;
}

type PastRow = [day: string, sold: number, mean: number, q10: number, q50: number, q90: number, q95: number, q99: number];

interface FactsRow {
  productId: string;
  storeId: string;
  categoryId: string | null;
  sku: string;
  productName: string;
  storeName: string;
  onHand: string;
  available: string;
  maxStock: string | null;
  leadTimeDays: number;
  unitCost: string | null;
  onOrder: string;
  arrivals: { day: string; quantity: number }[] | null;
  firstDay: string | null;
  means: string | null;
  quantiles: string[] | null;
  sold: Record<string, number> | null;
  past: Record<string, PastRow[]> | null;
  events: KnownEvent[] | null;
}

/** Four weeks: what a daily demand is the mean of. */
const DEMAND_DAYS = 28;

// $1, $2 pairs; $7, $8 their products and stores, each once: by repeated ones the planner takes a page for the whole table; $3 today; $4 numbers of days of which the sales are asked; $5 of which the forecast from before is asked too; $6 their most
const FACTS = `
WITH forecast AS (
  SELECT product_id, store_id, min(forecast_date) AS first_day, string_agg(predicted_value::text, ',' ORDER BY forecast_date) AS means,
         ARRAY[string_agg(coalesce(q10, predicted_value)::text, ',' ORDER BY forecast_date),
               string_agg(coalesce(q50, predicted_value)::text, ',' ORDER BY forecast_date),
               string_agg(coalesce(q90, predicted_value)::text, ',' ORDER BY forecast_date),
               string_agg(coalesce(q95, q90, predicted_value)::text, ',' ORDER BY forecast_date),
               string_agg(coalesce(q99, q95, q90, predicted_value)::text, ',' ORDER BY forecast_date)] AS quantiles
    FROM current_forecasts
   WHERE forecast_date >= $3 AND product_id = ANY ($7) AND store_id = ANY ($8)
   GROUP BY product_id, store_id),
demand AS MATERIALIZED (
  SELECT product_id, store_id, day, quantity FROM daily_demand
   WHERE product_id = ANY ($7) AND store_id = ANY ($8) AND day BETWEEN $3::date - $6::int AND $3),
sold AS (
  SELECT x.product_id, x.store_id, json_object_agg(x.days, x.quantity::float8) AS sold
    FROM (SELECT d.product_id, d.store_id, w.days, sum(d.quantity) AS quantity
            FROM demand d JOIN unnest($4::int[]) AS w (days) ON d.day >= $3::date - w.days GROUP BY 1, 2, 3) x
   GROUP BY 1, 2),
-- of each day the forecast that was made last before the first of them began
expected AS (
  SELECT n.days, x.product_id, x.store_id,
         json_agg(json_build_array(to_char(d.day, 'YYYY-MM-DD'), coalesce(m.quantity, 0)::float8, f.predicted_value::float8,
                    coalesce(f.q10, f.predicted_value)::float8, coalesce(f.q50, f.predicted_value)::float8, coalesce(f.q90, f.predicted_value)::float8,
                    coalesce(f.q95, f.q90, f.predicted_value)::float8, coalesce(f.q99, f.q95, f.q90, f.predicted_value)::float8)
                  ORDER BY d.day) AS rows
    FROM unnest($1::uuid[], $2::uuid[]) AS x (product_id, store_id)
    CROSS JOIN unnest($5::int[]) AS n (days)
    CROSS JOIN LATERAL (SELECT $3::date - g AS day FROM generate_series(1, n.days) AS g) d
    CROSS JOIN LATERAL (
      SELECT f.predicted_value, f.q10, f.q50, f.q90, f.q95, f.q99
        FROM forecasts f JOIN forecast_runs r ON r.id = f.run_id AND r.status = 'completed' AND r.as_of < $3::date - n.days
       WHERE f.product_id = x.product_id AND f.store_id = x.store_id AND f.forecast_date = d.day
         AND f.forecast_type = 'demand' AND f.period_type = 'daily'
       ORDER BY f.made_at DESC LIMIT 1) f
    LEFT JOIN demand m ON m.product_id = x.product_id AND m.store_id = x.store_id AND m.day = d.day
   GROUP BY 1, 2, 3),
past AS (
  SELECT product_id, store_id, json_object_agg(days, rows) AS past FROM expected GROUP BY 1, 2),
arriving AS (
  SELECT product_id, store_id, sum(quantity) AS quantity,
         json_agg(json_build_object('day', to_char(expected_date, 'YYYY-MM-DD'), 'quantity', quantity::float8) ORDER BY expected_date) AS arrivals
    FROM stock_arrivals WHERE product_id = ANY ($7) AND store_id = ANY ($8) GROUP BY 1, 2)
SELECT l.product_id AS "productId", l.store_id AS "storeId", l.category_id AS "categoryId", l.sku, l.product_name AS "productName",
       l.store_name AS "storeName", l.quantity_on_hand AS "onHand", l.quantity_available AS available, l.max_stock_level AS "maxStock",
       l.lead_time_days AS "leadTimeDays", nullif(l.unit_cost, 0) AS "unitCost", coalesce(a.quantity, 0) AS "onOrder", a.arrivals,
       to_char(f.first_day, 'YYYY-MM-DD') AS "firstDay", f.means, f.quantiles, s.sold, p.past, e.events
  FROM unnest($1::uuid[], $2::uuid[]) AS x (product_id, store_id)
  JOIN stock_levels l ON l.product_id = x.product_id AND l.store_id = x.store_id AND l.is_active
  LEFT JOIN forecast f ON f.product_id = x.product_id AND f.store_id = x.store_id
  LEFT JOIN sold s ON s.product_id = x.product_id AND s.store_id = x.store_id
  LEFT JOIN past p ON p.product_id = x.product_id AND p.store_id = x.store_id
  LEFT JOIN arriving a ON a.product_id = x.product_id AND a.store_id = x.store_id
  LEFT JOIN LATERAL (
    SELECT json_agg(json_build_object('day', to_char(c.date, 'YYYY-MM-DD'), 'kind', c.kind, 'name', c.name) ORDER BY c.date, c.kind, c.id) AS events
      FROM calendar_days c
     WHERE p.past IS NOT NULL AND c.kind IN ('promotion', 'holiday') AND c.date BETWEEN $3::date - $6::int AND $3
       AND (c.store_id IS NULL OR c.store_id = x.store_id) AND (c.product_id IS NULL OR c.product_id = x.product_id)) e ON true`;

/** Reads what alerts are assessed by, for many products and stores at once. */
@Injectable()
export class AlertFactsRepository {
  constructor(private readonly unit: UnitOfWork) {}

  /** Active levels, in the order of product and store, behind a pair. */
  pairs(after: Pair | null, limit: number): Promise<Pair[]> {
    return this.unit.query<Pair>(
      `SELECT product_id AS "productId", store_id AS "storeId" FROM stock_levels
        WHERE is_active AND ($1::uuid IS NULL OR (product_id, store_id) > ($1, $2::uuid)) ORDER BY 1, 2 LIMIT $3`,
      [after?.productId ?? null, after?.storeId ?? null, limit],
      'alert_pairs',
    );
  }

  /** Everything that is known of the pairs whose product and store are active, in one statement. @param today in the tenant's time zone */
  async read(pairs: readonly Pair[], today: string, windows: FactWindows): Promise<AlertFacts[]> {
    const { products, stores } = listsOf(pairs);
    const sold = [...new Set([DEMAND_DAYS, ...windows.sold])];
    const most = Math.max(...sold, ...windows.past);
    const rows = await this.unit.query<FactsRow>(FACTS, [
      products,
      stores,
      today,
      sold,
      windows.past,
      most,
      ...differentOf(pairs),
    ]);
    return rows.map((row) => factsOf(row, today));
  }

  /** Since when the stock of some pairs lies. */
  async idle(pairs: readonly Pair[], today: string, timeZone: string): Promise<Map<string, IdleStock>> {
    if (pairs.length === 0) return new Map();
    const { products, stores } = listsOf(pairs);
    const rows = await this.unit.query<Pair & IdleStock>(
      `SELECT product_id AS "productId", store_id AS "storeId", to_char(last_sold_on, 'YYYY-MM-DD') AS "lastSoldOn",
              to_char(held_since, 'YYYY-MM-DD') AS "heldSince"
         FROM idle_stock($1, $2, $3, $4)`,
      [products, stores, today, timeZone],
    );
    return new Map(rows.map(({ lastSoldOn, heldSince, ...pair }) => [keyOf(pair), { lastSoldOn, heldSince }]));
  }
}

export const keyOf = ({ productId, storeId }: Pair): string => `${productId}/${storeId}`;

export function listsOf(pairs: readonly Pair[]): PairLists {
  return { products: pairs.map((pair) => pair.productId), stores: pairs.map((pair) => pair.storeId) };
}

function differentOf(pairs: readonly Pair[]): [products: string[], stores: string[]] {
  const { products, stores } = listsOf(pairs);
  return [[...new Set(products)], [...new Set(stores)]];
}

function factsOf(row: FactsRow, today: string): AlertFacts {
  const { means, quantiles, sold, past, events, arrivals, ...rest } = row;
  const forecast = forecastOf(means, quantiles);
  const units = new Map(Object.entries(sold ?? {}).map(([days, quantity]) => [Number(days), quantity]));
  const ahead = forecast.slice(0, DEMAND_DAYS);
  const recent = units.get(DEMAND_DAYS);
  return {
    ...rest,
    today,
    onHand: Number(row.onHand),
    available: Number(row.available),
    maxStock: row.maxStock === null ? null : Number(row.maxStock),
    unitCost: row.unitCost === null ? null : Number(row.unitCost),
    onOrder: Number(row.onOrder),
    arrivals: arrivals ?? [],
    forecast,
    dailyDemand:
      ahead.length > 0
        ? ahead.reduce((sum, day) => sum + day.mean, 0) / ahead.length
        : recent === undefined
          ? null
          : recent / DEMAND_DAYS,
    sold: units,
    past: new Map(
      Object.entries(past ?? {}).map(([days, rows]) => [
        Number(days),
        rows.map(([day, quantity, mean, q10, q50, q90, q95, q99]) => ({ day, sold: quantity, mean, q10, q50, q90, q95, q99 })),
      ]),
    ),
    events: events ?? [],
    idle: null,
  };
}

function forecastOf(means: string | null, quantiles: string[] | null): ForecastDay[] {
  if (means === null || quantiles === null) return [];
  const [q10 = [], q50 = [], q90 = [], q95 = [], q99 = []] = quantiles.map((list) => list.split(',').map(Number));
  return means.split(',').map((mean, i) => ({
    mean: Number(mean),
    q10: q10[i]!,
    q50: q50[i]!,
    q90: q90[i]!,
    q95: q95[i]!,
    q99: q99[i]!,
  }));
}
