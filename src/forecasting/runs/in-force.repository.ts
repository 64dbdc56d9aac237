import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import type { RunState } from './runs.repository.js';
import { LONGEST_HORIZON } from './series-input.js';

const MADE = `
made AS (
  SELECT x.product_id, x.store_id, x.category_id, x.mean, x.lead_time_days, b.read_at
    FROM forecast_batches b
    CROSS JOIN LATERAL unnest(b.product_ids, b.store_ids, b.category_ids, b.means, b.lead_times) AS x (product_id, store_id, category_id, mean, lead_time_days)
   WHERE b.run_id = $1 AND b.kind = 'series'),
lists AS (SELECT array_agg(product_id) AS products, array_agg(store_id) AS stores FROM made WHERE mean IS NOT NULL),
active AS (SELECT t.* FROM lists CROSS JOIN LATERAL supply_terms(lists.products, lists.stores) t)`;

// the terms as the plan had them: a change since then makes the series a changed one
const PUT = `
WITH ${MADE}
INSERT INTO forecast_series AS f (product_id, store_id, run_id, as_of, last_day, read_at, lead_time_days, category_id, daily_mean, model_version)
SELECT m.product_id, m.store_id, r.id, r.as_of,
       r.as_of + least(${LONGEST_HORIZON}, greatest(1, r.horizon_days, m.lead_time_days)) + r.spare_days,
       m.read_at, m.lead_time_days, m.category_id, m.mean, r.model_version
  FROM forecast_runs r
  CROSS JOIN made m JOIN active a ON a.product_id = m.product_id AND a.store_id = m.store_id
 WHERE r.id = $1 AND m.mean IS NOT NULL
 ORDER BY 1, 2
    ON CONFLICT (product_id, store_id) DO UPDATE SET run_id = excluded.run_id, as_of = excluded.as_of, last_day = excluded.last_day,
       read_at = excluded.read_at, lead_time_days = excluded.lead_time_days, category_id = excluded.category_id,
       daily_mean = excluded.daily_mean, model_version = excluded.model_version`;

// a full run has looked at everything that its filters name: what it did not forecast is not worth one
const REMOVE_UNSEEN = `
DELETE FROM forecast_series WHERE run_id <> $1 AND ($2::uuid[] IS NULL OR store_id = ANY ($2)) AND ($3::uuid[] IS NULL OR product_id = ANY ($3))`;

// a run of what has changed: those it could say nothing of, and those that are not sold any more
const REMOVE_LOST = `
WITH ${MADE},
known AS (SELECT array_agg(product_id) AS products, array_agg(store_id) AS stores FROM forecast_series
           WHERE ($2::uuid[] IS NULL OR store_id = ANY ($2)) AND ($3::uuid[] IS NULL OR product_id = ANY ($3))),
sold AS (SELECT t.* FROM known CROSS JOIN LATERAL supply_terms(known.products, known.stores) t)
DELETE FROM forecast_series f
 WHERE ($2::uuid[] IS NULL OR f.store_id = ANY ($2)) AND ($3::uuid[] IS NULL OR f.product_id = ANY ($3))
   AND (NOT EXISTS (SELECT FROM sold s WHERE s.product_id = f.product_id AND s.store_id = f.store_id)
     OR EXISTS (SELECT FROM made m WHERE m.product_id = f.product_id AND m.store_id = f.store_id AND m.mean IS NULL))`;

// a change counts for those forecasts that were made before it
const FORGET_CHANGES = `
DELETE FROM calendar_changes WHERE noted_at < least(now(), (SELECT min(read_at) FROM forecast_series)) - interval '1 hour'`;

/** Which forecast is in force. */
@Injectable()
export class InForceRepository {
  constructor(private readonly unit: UnitOfWork) {}

  /** Puts a completed run's forecasts in force, in the transaction that completes it. */
  async put({ id, mode, filters }: Pick<RunState, 'id' | 'mode' | 'filters'>): Promise<void> {
    const scope = [id, filters.storeIds ?? null, filters.productIds ?? null];
    await this.unit.execute(PUT, [id]);
    await this.unit.execute(mode === 'full' ? REMOVE_UNSEEN : REMOVE_LOST, scope);
    await this.unit.execute(FORGET_CHANGES);
  }
}
