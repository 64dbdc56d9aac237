import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import type { LivePosition } from '../../kernel/events/live-position.js';
import type { ChangedAlert } from './alert-board.repository.js';
import type { AlertDto, AlertsQuery } from './alerts.dto.js';

const COLUMNS = `id, alert_type AS type, priority, status, title, description, product_id AS "productId", store_id AS "storeId",
  category_id AS "categoryId", data, acknowledged_by AS "acknowledgedBy", acknowledged_at AS "acknowledgedAt", resolved_at AS "resolvedAt",
  resolution, generated_by AS "generatedBy", created_at AS "createdAt", updated_at AS "updatedAt"`;

/** The state of a product in a store, as an alert needs it; quantities are decimal strings. */
export interface LevelState {
  productId: string;
  storeId: string;
  categoryId: string | null;
  sku: string;
  productName: string;
  storeName: string;
  available: string;
  reorderPoint: string;
  maxStock: string | null;
  leadTimeDays: number;
  dailyDemand: string | null;
  onOrder: string;
  packSize: string;
}

/** A low-stock alert that is open, as long as the transaction holds it. */
export interface OpenAlert {
  id: string;
  productId: string;
  storeId: string;
}

/** An alert and the id of its present state: its own id while it is as it was raised. */
export type AlertState = AlertDto & { changeId: string };

export type AlertFilter = Omit<AlertsQuery, 'cursor'> & { scope: string[] | null; before?: { createdAt: string; id: string } };

// the mean of the newest forecast where there is one, else of the sales of four weeks
const statesOf = (levels: string) => `
SELECT l.product_id AS "productId", l.store_id AS "storeId", l.category_id AS "categoryId", l.sku, l.product_name AS "productName", l.store_name AS "storeName",
       l.quantity_available AS available, l.alert_point AS "reorderPoint", l.max_stock_level AS "maxStock",
       l.lead_time_days AS "leadTimeDays", round(coalesce(f.mean, d.quantity / 28.0), 4) AS "dailyDemand",
       round(coalesce(o.quantity, 0), 4) AS "onOrder", round(coalesce(p.pack_size, 1), 4) AS "packSize"
  FROM ${levels} l
  LEFT JOIN recent_demand($1, $2, now() - interval '28 days') d USING (product_id, store_id)
  LEFT JOIN stock_on_order o USING (product_id, store_id)
  LEFT JOIN product_packs p USING (product_id)
  LEFT JOIN LATERAL (
    SELECT avg(predicted_value) AS mean FROM current_forecasts f
     WHERE f.product_id = l.product_id AND f.store_id = l.store_id AND f.forecast_date BETWEEN current_date AND current_date + 28) f ON true`;
const BELOW = `${statesOf('lock_levels($1, $2)')} WHERE l.below_reorder AND l.is_active`;
const STATES = `${statesOf('stock_levels')} WHERE (l.product_id, l.store_id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[])) AND l.is_active AND l.alert_point IS NOT NULL`;

@Injectable()
export class AlertsRepository {
  constructor(private readonly unit: UnitOfWork) {}

  /** Those of the pairs that are below their reorder point now, locked against change until the transaction ends. */
  below(products: string[], stores: string[]): Promise<LevelState[]> {
    return this.unit.query<LevelState>(BELOW, [products, stores], 'alert_below');
  }

  /**
   * Open low-stock alerts with a greater id, held for this transaction: two that assess the same alert do it one after the other, so that
   * the newer reading of the level is what stays. `moved`: only those whose level, point, terms or orders are not what they tell.
   */
  holdOpen(after: string, moved: boolean, limit: number): Promise<OpenAlert[]> {
    return this.unit.query<OpenAlert>(
      `SELECT a.id, a.product_id AS "productId", a.store_id AS "storeId" FROM alerts a
        WHERE a.alert_type = 'low_stock' AND a.status IN ('active', 'acknowledged') AND a.id > $1
          AND (NOT $2 OR EXISTS (
            SELECT FROM stock_levels l LEFT JOIN stock_on_order o USING (product_id, store_id)
             WHERE l.product_id = a.product_id AND l.store_id = a.store_id
               AND (l.quantity_available, l.alert_point, l.max_stock_level, l.lead_time_days, coalesce(o.quantity, 0)) IS DISTINCT FROM
                   ((a.data ->> 'available')::numeric, (a.data ->> 'reorderPoint')::numeric, (a.data ->> 'maxStock')::numeric,
                    (a.data ->> 'leadTimeDays')::integer, (a.data ->> 'onOrder')::numeric)))
        ORDER BY a.id LIMIT $3 FOR NO KEY UPDATE OF a`,
      [after, moved, limit],
      'alert_hold',
    );
  }

  /** The pairs whose product and store are active and that have a reorder point, below it or not. */
  states(products: string[], stores: string[]): Promise<LevelState[]> {
    return this.unit.query<LevelState>(STATES, [products, stores], 'alert_states');
  }

  /**
   * Ends open low-stock alerts whose stock has recovered: the pairs given, or all. Hysteresis: stock has to stand above the point by the
   * percentage of the alert's rule, else of the tenant. An alert whose product, store or reorder point is gone is obsolete. One that a person ended learns of the
   * recovery too: until then the sweep leaves its pair alone.
   */
  resolveRecovered(products: string[] | null, stores: string[] | null): Promise<ChangedAlert[]> {
    return this.unit.query<ChangedAlert>(
      `WITH ended AS (
       SELECT a.id, CASE WHEN l.alert_point IS NULL OR NOT l.is_active THEN 'obsolete' ELSE 'recovered' END AS resolution
         FROM alerts a JOIN alert_rules r ON r.id = a.rule_id JOIN stock_levels l ON l.product_id = a.product_id AND l.store_id = a.store_id
        WHERE a.alert_type = 'low_stock' AND (a.status IN ('active', 'acknowledged') OR a.resolution IN ('manual', 'dismissed'))
          AND ($1::uuid[] IS NULL OR (a.product_id, a.store_id) IN (SELECT * FROM unnest($1, $2::uuid[])))
          AND (l.alert_point IS NULL OR NOT l.is_active OR (NOT l.below_reorder AND l.quantity_available >= l.alert_point
            * (1 + coalesce((r.parameters ->> 'hysteresisPercent')::numeric, (SELECT (value #>> '{}')::numeric FROM settings WHERE key = 'alerts.hysteresis_percent'), 0) / 100)))
        ORDER BY a.id FOR NO KEY UPDATE OF a)
       UPDATE alerts a SET status = CASE WHEN a.status IN ('active', 'acknowledged') THEN 'resolved' ELSE a.status END,
              resolved_at = coalesce(a.resolved_at, now()), resolution = ended.resolution
         FROM ended WHERE a.id = ended.id
       RETURNING a.id, a.status`,
      [products, stores],
      'alert_recover',
    );
  }

  /**
   * Pairs below their point without an open alert, in their order: what a lost job would leave behind, or what a rule keeps silent. One
   * that a person ended stays ended until stock recovers.
   */
  missed(after: { productId: string; storeId: string } | null, limit: number): Promise<{ productId: string; storeId: string }[]> {
    return this.unit.query(
      `SELECT l.product_id AS "productId", l.store_id AS "storeId" FROM stock_levels l
        WHERE l.below_reorder AND l.is_active AND NOT EXISTS (SELECT FROM alerts a WHERE a.alert_type = 'low_stock' AND a.product_id = l.product_id
          AND a.store_id = l.store_id AND (a.status IN ('active', 'acknowledged') OR a.resolution IN ('manual', 'dismissed')))
          AND ($1::uuid IS NULL OR (l.product_id, l.store_id) > ($1, $2::uuid))
        ORDER BY l.product_id, l.store_id LIMIT $3`,
      [after?.productId ?? null, after?.storeId ?? null, limit],
    );
  }

  list({ scope, status, type, priority, storeId, productId, before, limit }: AlertFilter): Promise<AlertDto[]> {
    return this.unit.query<AlertDto>(
      `SELECT ${COLUMNS} FROM alerts
        WHERE ($1::uuid[] IS NULL OR store_id IS NULL OR store_id = ANY ($1)) AND ($2::text IS NULL OR status = $2) AND ($3::text IS NULL OR alert_type = $3)
          AND ($4::text IS NULL OR priority = $4) AND ($5::uuid IS NULL OR store_id = $5) AND ($6::uuid IS NULL OR product_id = $6)
          AND ($7::timestamptz IS NULL OR (date_trunc('milliseconds', created_at), id) < ($7, $8::uuid))
        ORDER BY date_trunc('milliseconds', created_at) DESC, id DESC LIMIT $9`,
      [
        scope,
        status ?? null,
        type ?? null,
        priority ?? null,
        storeId ?? null,
        productId ?? null,
        before?.createdAt ?? null,
        before?.id ?? null,
        limit,
      ],
      'alert_list',
    );
  }

  /**
   * Alerts in their present state that a live stream at this position has not sent, by the ids of their states and beyond `from`.
   * A transaction that this cluster has not begun is that of another one, from which the tenant came.
   */
  changes({ horizon, id }: LivePosition, from: string, scope: string[] | null, limit: number): Promise<AlertState[]> {
    return this.unit.query<AlertState>(
      `SELECT ${COLUMNS}, change_id AS "changeId" FROM alerts
        WHERE (change_id > $1 OR (changed_in >= $2::xid8 AND changed_in < pg_snapshot_xmax(pg_current_snapshot()))) AND change_id > $3
          AND ($4::uuid[] IS NULL OR store_id IS NULL OR store_id = ANY ($4)) ORDER BY change_id LIMIT $5`,
      [id, horizon, from, scope, limit],
      'alert_changes',
    );
  }

  async find(id: string, lock = false): Promise<AlertDto | undefined> {
    const [row] = await this.unit.query<AlertDto>(
      `SELECT ${COLUMNS} FROM alerts WHERE id = $1${lock ? ' FOR NO KEY UPDATE' : ''}`,
      [id],
    );
    return row;
  }

  async acknowledge(id: string, user: string | null): Promise<void> {
    await this.unit.execute(
      `UPDATE alerts SET status = 'acknowledged', acknowledged_by = $2, acknowledged_at = now() WHERE id = $1`,
      [id, user],
    );
  }

  async end(id: string, status: 'resolved' | 'dismissed', user: string | null): Promise<void> {
    await this.unit.execute(
      `UPDATE alerts SET status = $2, resolved_by = $3, resolved_at = now(), resolution = $4 WHERE id = $1`,
      [id, status, user, status === 'resolved' ? 'manual' : 'dismissed'],
    );
  }
}
