import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import type { ForecastDto, ForecastsQuery } from './forecasts.dto.js';

export type ForecastFilter = Omit<ForecastsQuery, 'cursor' | 'from'> & {
  from: string;
  scope: string[] | null;
  after: [date: string, productId: string, storeId: string] | null;
};

const LIST = `
SELECT product_id AS "productId", store_id AS "storeId", to_char(forecast_date, 'YYYY-MM-DD') AS date, predicted_value AS mean,
       q10, q50, q90, q95, q99, run_id AS "runId", model_version AS "modelVersion", made_at AS "madeAt"
  FROM current_forecasts
 WHERE forecast_date >= $1 AND ($2::date IS NULL OR forecast_date <= $2)
   AND ($3::uuid IS NULL OR product_id = $3) AND ($4::uuid IS NULL OR store_id = $4) AND ($5::uuid[] IS NULL OR store_id = ANY ($5))
   AND ($6::date IS NULL OR (forecast_date, product_id, store_id) > ($6, $7::uuid, $8::uuid))
 ORDER BY forecast_date, product_id, store_id LIMIT $9`;

@Injectable()
export class ForecastsRepository {
  constructor(private readonly unit: UnitOfWork) {}

  /** Forecasts in force, by day. */
  list({ from, to, productId, storeId, scope, after, limit }: ForecastFilter): Promise<ForecastDto[]> {
    const [date, product, store] = after ?? [null, null, null];
    return this.unit.query<ForecastDto>(LIST, [
      from,
      to ?? null,
      productId ?? null,
      storeId ?? null,
      scope,
      date,
      product,
      store,
      limit,
    ]);
  }
}
