import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import type { ChangedAlert, PairLists } from './alerts.repository.js';

/** Alerts that may still change: open ones, and those that a person ended while their cause goes on. */
const UNSETTLED = `alert_type = 'forecast_alert' AND (status IN ('active', 'acknowledged') OR resolution IN ('manual', 'dismissed'))`;

/** An alert whose cause is gone, and whether it was open until then. */
export type SettledAlert = ChangedAlert & { wasOpen: boolean };

/** State of forecast alerts beside what raised them. */
@Injectable()
export class ForecastAlertsRepository {
  constructor(private readonly unit: UnitOfWork) {}

  /** Pairs with an alert that may still change. @returns whether a person ended it */
  unsettled(): Promise<{ productId: string; storeId: string; ended: boolean }[]> {
    return this.unit.query(
      `SELECT product_id AS "productId", store_id AS "storeId", status NOT IN ('active', 'acknowledged') AS ended FROM alerts WHERE ${UNSETTLED}`,
    );
  }

  /**
   * Ends the alerts of all pairs that are not among `holding`; one whose pair is not even among `known` (no forecast, inactive) is obsolete.
   * One that a person ended learns of the recovery too: until then its pair is left alone.
   */
  resolveOthers(holding: PairLists, known: PairLists): Promise<SettledAlert[]> {
    return this.unit.query<SettledAlert>(
      `UPDATE alerts a SET status = CASE WHEN a.status IN ('active', 'acknowledged') THEN 'resolved' ELSE a.status END,
              resolved_at = coalesce(a.resolved_at, now()),
              resolution = CASE WHEN (a.product_id, a.store_id) IN (SELECT * FROM unnest($3::uuid[], $4::uuid[])) THEN 'recovered' ELSE 'obsolete' END
        WHERE ${UNSETTLED} AND (a.product_id, a.store_id) NOT IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]))
       RETURNING id, status, status = 'resolved' AND resolved_at = now() AS "wasOpen"`,
      [holding.products, holding.stores, known.products, known.stores],
    );
  }
}
