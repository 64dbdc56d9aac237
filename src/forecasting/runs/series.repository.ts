import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import type { SeriesForecast } from '../engine/series.js';
import { reorderRow } from './reorder-row.js';
import type { SeriesPair } from './series-batches.js';
import type { SoldPair } from './series-sample.js';
import type { HistorySpan, SeriesRow } from './series-input.js';

const PAIRS = `
WITH sold AS (SELECT * FROM sold_pairs($1, $2, $3, $4)),
lists AS (SELECT array_agg(product_id) AS products, array_agg(store_id) AS stores FROM sold)
SELECT t.product_id AS "productId", t.store_id AS "storeId", t.category_id AS "categoryId", t.lead_time_days AS "leadTimeDays",
       to_char(s.store_last_day, 'YYYY-MM-DD') AS "storeLastDay", s.lines::int AS lines
  FROM lists CROSS JOIN LATERAL supply_terms(lists.products, lists.stores) t
  JOIN sold s ON s.product_id = t.product_id AND s.store_id = t.store_id
 ORDER BY t.store_id, t.product_id`;

const SERIES = `
SELECT 'demand' AS source, product_id AS "productId", store_id AS "storeId",
       string_agg((day - $3::date)::text, ',') AS days, string_agg(quantity::float8::text, ',') AS values
  FROM demand_history($1, $2, $3, $4)
 GROUP BY product_id, store_id
UNION ALL
SELECT 'stockout', product_id, store_id, string_agg((first_day - $3::date)::text, ','), string_agg((last_day - $3::date)::text, ',')
  FROM stockout_spans($1, $2, $3, $4, $6)
 GROUP BY product_id, store_id
UNION ALL
SELECT kind, product_id, store_id, string_agg((date - $3::date)::text, ','),
       string_agg(CASE kind WHEN 'holiday' THEN replace(coalesce(name, ''), ',', ' ') ELSE coalesce(value::float8::text, '') END, ',')
  FROM calendar_days
 WHERE kind IN ('promotion', 'price', 'holiday', 'closed') AND date BETWEEN $3 AND $5
   AND (product_id IS NULL OR product_id = ANY ($1)) AND (store_id IS NULL OR store_id = ANY ($2))
 GROUP BY kind, product_id, store_id`;

const STORE = `
INSERT INTO forecasts (run_id, product_id, store_id, forecast_date, horizon, predicted_value, q10, q50, q90, q95, q99, model_version, metadata)
SELECT $1, ($3::uuid[])[s], ($4::uuid[])[s], $2::date + h, h + 1, mean, q10, q50, q90, q95, q99, $5, jsonb_build_object('model', ($6::text[])[s])
  FROM unnest($7::int[], $8::int[], $9::numeric[], $10::numeric[], $11::numeric[], $12::numeric[], $13::numeric[], $14::numeric[])
    AS x (s, h, mean, q10, q50, q90, q95, q99)`;

const STORE_REORDER = `
INSERT INTO forecasts (run_id, product_id, store_id, forecast_type, forecast_date, horizon, predicted_value, q10, q50, q90, q95, q99, model_version, metadata)
SELECT $1, product, store, 'reorder', $2::date + periods - 1, periods, mean, q10, q50, q90, q95, q99, $3, metadata
  FROM unnest($4::uuid[], $5::uuid[], $6::int[], $7::numeric[], $8::numeric[], $9::numeric[], $10::numeric[], $11::numeric[], $12::numeric[], $13::jsonb[])
    AS x (product, store, periods, mean, q10, q50, q90, q95, q99, metadata)`;

/** What a run may be held to; absent = all. */
export interface RunFilters {
  storeIds?: string[];
  productIds?: string[];
}

/** A series' forecast with the pair it is of. */
export interface StoredSeries {
  pair: SeriesPair;
  forecast: SeriesForecast;
}

/** Reads what a run learns from, and stores what it says. */
@Injectable()
export class SeriesRepository {
  constructor(private readonly unit: UnitOfWork) {}

  /** Active products and stores with sales in the span, ordered by store and product. */
  pairs({ from, asOf }: HistorySpan, { storeIds, productIds }: RunFilters): Promise<SoldPair[]> {
    return this.unit.query<SoldPair>(PAIRS, [from, asOf, productIds ?? null, storeIds ?? null]);
  }

  /** Everything that is known of a batch, in one statement. @param until last day of the plan */
  read(pairs: readonly SeriesPair[], { from, asOf }: HistorySpan, until: string, timeZone: string): Promise<SeriesRow[]> {
    return this.unit.query<SeriesRow>(SERIES, [
      [...new Set(pairs.map((pair) => pair.productId))],
      [...new Set(pairs.map((pair) => pair.storeId))],
      from,
      asOf,
      until,
      timeZone,
    ]);
  }

  /** Stores the forecasts of a batch with one statement. */
  async store(runId: string, firstDay: string, modelVersion: string, series: readonly StoredSeries[]): Promise<void> {
    const stores = series.map(({ pair }) => pair.storeId);
    const products = series.map(({ pair }) => pair.productId);
    const index: number[] = [];
    const steps: number[] = [];
    series.forEach(({ forecast }, s) => {
      for (let h = 0; h < forecast.mean.length; h++) {
        index.push(s + 1);
        steps.push(h);
      }
    });
    const column = (name: 'mean' | 'q10' | 'q50' | 'q90' | 'q95' | 'q99'): string =>
      literal(series.flatMap(({ forecast }) => Array.from(forecast[name], (value) => value.toFixed(4))));
    await this.unit.execute(STORE, [
      runId,
      firstDay,
      products,
      stores,
      modelVersion,
      series.map(({ forecast }) => forecast.model),
      literal(index),
      literal(steps),
      ...(['mean', 'q10', 'q50', 'q90', 'q95', 'q99'] as const).map(column),
    ]);
    await this.storeReorder(runId, firstDay, modelVersion, series);
  }

  /** One row a series: the demand of its lead time, and in metadata the distributions that replenishment reckons with. */
  private async storeReorder(
    runId: string,
    firstDay: string,
    modelVersion: string,
    series: readonly StoredSeries[],
  ): Promise<void> {
    const rows = series.flatMap(({ pair, forecast }) => {
      const row = reorderRow(pair, forecast);
      return row === null ? [] : [{ ...row, pair }];
    });
    if (rows.length === 0) return;
    await this.unit.execute(STORE_REORDER, [
      runId,
      firstDay,
      modelVersion,
      rows.map(({ pair }) => pair.productId),
      rows.map(({ pair }) => pair.storeId),
      rows.map(({ periods }) => periods),
      ...(['mean', 'q10', 'q50', 'q90', 'q95', 'q99'] as const).map((name) => literal(rows.map((row) => row[name].toFixed(4)))),
      rows.map(({ metadata }) => JSON.stringify(metadata)),
    ]);
  }
}

/** Numbers as an array literal: the driver would quote and escape each of the tens of thousands. */
const literal = (values: readonly (number | string)[]): string => `{${values.join(',')}}`;
