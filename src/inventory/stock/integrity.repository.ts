import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';

/** One product and store whose level is not what its movements say. */
export interface LevelDifference {
  productId: string;
  storeId: string;
  /** stock on hand of the level */
  level: string;
  /** sum of all movements */
  movements: string;
  reserved: string;
}

export interface IntegrityReport {
  /** products and stores compared */
  levels: number;
  /** how many of them differ or have a negative reservation */
  differing: number;
  /** the first of them */
  differences: LevelDifference[];
}

const SHOWN = 100;

@Injectable()
export class IntegrityRepository {
  constructor(private readonly unit: UnitOfWork) {}

  /** Compares every level with the sum of its movements, in one snapshot. The one read of the ledger without a bound in time: it proves all of it. */
  async check(scope: string[] | null): Promise<IntegrityReport> {
    const [report] = await this.unit.query<IntegrityReport>(
      `WITH ledger AS (
         SELECT product_id, store_id, sum(quantity) AS quantity FROM inventory_movements
          WHERE $1::uuid[] IS NULL OR store_id = ANY ($1) GROUP BY 1, 2),
       level AS (
         SELECT product_id, store_id, quantity_on_hand, quantity_reserved FROM inventory WHERE $1::uuid[] IS NULL OR store_id = ANY ($1)),
       pair AS (
         SELECT product_id, store_id, coalesce(v.quantity_on_hand, 0)::numeric(18,4) AS level,
                coalesce(l.quantity, 0)::numeric(18,4) AS movements, coalesce(v.quantity_reserved, 0)::numeric(18,4) AS reserved
           FROM level v FULL JOIN ledger l USING (product_id, store_id)),
       wrong AS (SELECT * FROM pair WHERE level <> movements OR reserved < 0)
       SELECT (SELECT count(*)::int FROM pair) AS levels, (SELECT count(*)::int FROM wrong) AS differing,
              (SELECT coalesce(jsonb_agg(jsonb_build_object('productId', product_id, 'storeId', store_id, 'level', level::text,
                       'movements', movements::text, 'reserved', reserved::text)), '[]')
                 FROM (SELECT * FROM wrong ORDER BY product_id, store_id LIMIT ${SHOWN}) shown) AS differences`,
      [scope],
      'inventory_integrity',
    );
    return report as IntegrityReport;
  }
}
