import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';

/** Parallel lists: one product and one store a pair. */
export interface PairLists {
  products: string[];
  stores: string[];
}

/** What an alert says, and the rule that says it. */
export interface NewAlert {
  id: string;
  ruleId: string;
  productId: string;
  storeId: string;
  priority: string;
  title: string;
  description: string;
  data: object;
}

export interface RaisedAlert {
  id: string;
  type: string;
  productId: string;
  storeId: string;
  priority: string;
}

/** An alert that is not as it was, with the status it has now. */
export interface ChangedAlert {
  id: string;
  status: string;
}

/** An alert whose cause is gone, and whether it was open until then. */
export type SettledAlert = ChangedAlert & { wasOpen: boolean };

/** An alert that may still change: an open one, or one that a person has ended while its cause goes on. */
export interface UnsettledAlert {
  id: string;
  /** code of the company's rule, also where a rule for a part has raised it */
  family: string;
  productId: string;
  storeId: string;
  isOpen: boolean;
}

export type Resolution = 'recovered' | 'obsolete';

const OPEN = `a.status IN ('active', 'acknowledged')`;
const UNSETTLED = `(${OPEN} OR a.resolution IN ('manual', 'dismissed'))`;
const OF_FAMILY = 'JOIN alert_rules r ON r.id = a.rule_id AND coalesce(r.refines, r.code) = ANY ($1)';

/** Writes what alerts say and become, whatever raises them. */
@Injectable()
export class AlertBoardRepository {
  constructor(private readonly unit: UnitOfWork) {}

  /** Adds alerts; where one of the same kind is open already for the product and store, nothing. @returns those that were added */
  raise(alerts: readonly NewAlert[]): Promise<RaisedAlert[]> {
    return this.unit.query<RaisedAlert>(
      `INSERT INTO alerts (id, rule_id, alert_type, priority, title, description, product_id, store_id, data, generated_by)
       SELECT a.id, r.id, r.alert_type, coalesce(r.priority, a.priority), a.title, a.description, a.product, a.store, a.data, r.code
         FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::jsonb[], $7::uuid[], $8::uuid[])
           AS a (id, rule, priority, title, description, data, product, store)
         JOIN alert_rules r ON r.id = a.rule AND r.is_active AND NOT r.is_muted
        WHERE NOT EXISTS (SELECT FROM alerts o JOIN alert_rules s ON s.id = o.rule_id
                           WHERE o.product_id = a.product AND o.store_id = a.store AND o.status IN ('active', 'acknowledged')
                             AND coalesce(s.refines, s.code) = coalesce(r.refines, r.code))
       ON CONFLICT DO NOTHING
       RETURNING id, alert_type AS type, product_id AS "productId", store_id AS "storeId", priority`,
      [...said(alerts), alerts.map((a) => a.productId), alerts.map((a) => a.storeId)],
      'alert_raise',
    );
  }

  /** Says of open alerts what holds now, by their ids. @returns those that said something else before */
  reassess(alerts: readonly NewAlert[]): Promise<ChangedAlert[]> {
    return this.unit.query<ChangedAlert>(
      `UPDATE alerts a SET rule_id = r.id, generated_by = r.code, priority = coalesce(r.priority, x.priority), title = x.title,
              description = x.description, data = x.data
         FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::jsonb[]) AS x (id, rule, priority, title, description, data)
         JOIN alert_rules r ON r.id = x.rule
        WHERE a.id = x.id AND ${OPEN}
          AND (a.rule_id, a.priority, a.title, a.description, a.data)
              IS DISTINCT FROM (r.id, coalesce(r.priority, x.priority), x.title, x.description, x.data)
       RETURNING a.id, a.status`,
      said(alerts),
      'alert_reassess',
    );
  }

  /** The alerts of some rules and pairs that may still change, held for this transaction. */
  unsettled(families: readonly string[], { products, stores }: PairLists): Promise<UnsettledAlert[]> {
    return this.unit.query<UnsettledAlert>(
      `SELECT a.id, coalesce(r.refines, r.code) AS family, a.product_id AS "productId", a.store_id AS "storeId", ${OPEN} AS "isOpen"
         FROM alerts a ${OF_FAMILY}
        WHERE ${UNSETTLED} AND (a.product_id, a.store_id) IN (SELECT * FROM unnest($2::uuid[], $3::uuid[]))
        ORDER BY a.id FOR NO KEY UPDATE OF a`,
      [families, products, stores],
      'alert_unsettled',
    );
  }

  /**
   * Pairs, in their order, that have an alert of some rules which may still change. `moved`: only those whose stock or orders are not what it tells.
   */
  async unsettledPairs(
    families: readonly string[],
    moved: boolean,
    after: { productId: string; storeId: string } | null,
    limit: number,
  ): Promise<{ productId: string; storeId: string }[]> {
    return this.unit.query(
      `SELECT DISTINCT a.product_id AS "productId", a.store_id AS "storeId"
         FROM alerts a ${OF_FAMILY}
         JOIN stock_levels l ON l.product_id = a.product_id AND l.store_id = a.store_id AND l.is_active
         LEFT JOIN stock_on_order o ON o.product_id = a.product_id AND o.store_id = a.store_id
        WHERE ${UNSETTLED} AND ($3::uuid IS NULL OR (a.product_id, a.store_id) > ($3, $4::uuid))
          AND (NOT $2 OR (l.quantity_available, coalesce(o.quantity, 0), l.lead_time_days) IS DISTINCT FROM
                ((a.data ->> 'available')::numeric, (a.data ->> 'onOrder')::numeric, (a.data ->> 'leadTimeDays')::integer))
        ORDER BY 1, 2 LIMIT $5`,
      [families, moved, after?.productId ?? null, after?.storeId ?? null, limit],
      'alert_unsettled_pairs',
    );
  }

  /** Those whose product or store is not active any more, or has no level: nobody looks at them again. */
  orphans(families: readonly string[]): Promise<{ id: string }[]> {
    return this.unit.query(
      `SELECT a.id FROM alerts a ${OF_FAMILY}
        WHERE ${UNSETTLED} AND NOT EXISTS (
          SELECT FROM stock_levels l WHERE l.product_id = a.product_id AND l.store_id = a.store_id AND l.is_active)
        ORDER BY a.id FOR NO KEY UPDATE OF a`,
      [families],
      'alert_orphans',
    );
  }

  /** Ends alerts whose cause is gone. One that a person ended learns of it too: until then its product and store are left alone. */
  settle(alerts: readonly { id: string; resolution: Resolution }[]): Promise<SettledAlert[]> {
    return this.unit.query<SettledAlert>(
      `WITH ended AS (
         SELECT a.id, x.resolution, ${OPEN} AS was_open FROM unnest($1::uuid[], $2::text[]) AS x (id, resolution) JOIN alerts a ON a.id = x.id
          WHERE ${UNSETTLED} ORDER BY a.id FOR NO KEY UPDATE OF a)
       UPDATE alerts a SET status = CASE WHEN e.was_open THEN 'resolved' ELSE a.status END, resolved_at = coalesce(a.resolved_at, now()),
              resolution = e.resolution
         FROM ended e WHERE a.id = e.id
       RETURNING a.id, a.status, e.was_open AS "wasOpen"`,
      [alerts.map((a) => a.id), alerts.map((a) => a.resolution)],
      'alert_settle',
    );
  }

  /** Ends the open alerts of one rule as obsolete: nobody stands behind them any more. */
  endOfRule(ruleId: string): Promise<ChangedAlert[]> {
    return this.unit.query<ChangedAlert>(
      `WITH ended AS (SELECT a.id FROM alerts a WHERE a.rule_id = $1 AND ${OPEN} ORDER BY a.id FOR NO KEY UPDATE)
       UPDATE alerts a SET status = 'resolved', resolved_at = now(), resolution = 'obsolete' FROM ended WHERE a.id = ended.id
       RETURNING a.id, a.status`,
      [ruleId],
    );
  }
}

const said = (alerts: readonly NewAlert[]): unknown[] => [
  alerts.map((a) => a.id),
  alerts.map((a) => a.ruleId),
  alerts.map((a) => a.priority),
  alerts.map((a) => a.title),
  alerts.map((a) => a.description),
  alerts.map((a) => JSON.stringify(a.data)),
];
