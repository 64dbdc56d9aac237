import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import type { Arrival } from './stock-projection.js';

/** A level beside the forecast in force for it, from a day on. */
export interface Outlook {
  productId: string;
  storeId: string;
  sku: string;
  productName: string;
  storeName: string;
  /** decimal, as the level has it */
  available: string;
  leadTimeDays: number;
  firstDay: string;
  mean: Float64Array;
  arrivals: Arrival[];
  onOrder: number;
}

interface OutlookRow extends Omit<Outlook, 'mean' | 'arrivals' | 'onOrder'> {
  means: string;
  arrivals: string | null;
}

export interface OutlookFilter {
  /** first day to look at */
  from: string;
  /** only these; null = all */
  storeIds: string[] | null;
  productIds: string[] | null;
  /** only what this supplier delivers; null or absent = all */
  supplierId?: string | null;
}

const OUTLOOKS = `
SELECT l.product_id AS "productId", l.store_id AS "storeId", l.sku, l.product_name AS "productName", l.store_name AS "storeName",
       l.quantity_available AS available, l.lead_time_days AS "leadTimeDays", to_char(f.first_day, 'YYYY-MM-DD') AS "firstDay", f.means, a.arrivals
  FROM (SELECT product_id, store_id, min(forecast_date) AS first_day, string_agg(predicted_value::text, ',' ORDER BY forecast_date) AS means
          FROM current_forecasts
         WHERE forecast_date >= $1 AND ($2::uuid[] IS NULL OR store_id = ANY ($2)) AND ($3::uuid[] IS NULL OR product_id = ANY ($3))
         GROUP BY product_id, store_id) f
  JOIN stock_levels l USING (product_id, store_id)
  LEFT JOIN (SELECT product_id, store_id, string_agg(to_char(expected_date, 'YYYY-MM-DD') || ':' || quantity, ',') AS arrivals
               FROM stock_arrivals GROUP BY product_id, store_id) a USING (product_id, store_id)
 WHERE l.is_active AND ($4::uuid IS NULL OR l.supplier_id = $4)`;

/** Stock and what is expected to happen to it. */
@Injectable()
export class OutlookRepository {
  constructor(private readonly unit: UnitOfWork) {}

  /** The levels that have a forecast in force, in no order. */
  async find({ from, storeIds, productIds, supplierId = null }: OutlookFilter): Promise<Outlook[]> {
    const rows = await this.unit.query<OutlookRow>(OUTLOOKS, [from, storeIds, productIds, supplierId]);
    return rows.map(({ means, arrivals, ...row }) => {
      const incoming = arrivals === null ? [] : arrivals.split(',').map(readArrival);
      return {
        ...row,
        mean: Float64Array.from(means.split(','), Number),
        arrivals: incoming,
        onOrder: incoming.reduce((sum, { quantity }) => sum + quantity, 0),
      };
    });
  }
}

function readArrival(text: string): Arrival {
  const [day = '', quantity] = text.split(':');
  return { day, quantity: Number(quantity) };
}
