import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import type { CompanyRules, PolicyRules } from './parameters.js';

/** Rules as they are set at one level; null = not said there. Those of the company alone are null elsewhere. */
export type StoredRules = PolicyRules & { [K in keyof CompanyRules]: CompanyRules[K] | null };

const NO_RULES: StoredRules = {
  reorderPointMode: null,
  serviceLevel: null,
  coverDays: null,
  shelfLifeDays: null,
  classServiceLevels: null,
  holdingCostPercent: null,
  orderCost: null,
  reviewDays: null,
  leadTimeSpreadPercent: null,
  suggestTransfers: null,
};

const COLUMNS = `reorder_point_mode AS "reorderPointMode", service_level::float8 AS "serviceLevel", cover_days AS "coverDays",
  shelf_life_days AS "shelfLifeDays", class_service_levels AS "classServiceLevels", holding_cost_percent::float8 AS "holdingCostPercent",
  order_cost::float8 AS "orderCost", review_days AS "reviewDays", lead_time_spread_percent AS "leadTimeSpreadPercent",
  suggest_transfers AS "suggestTransfers"`;

/** How the company's rules are held: by the one that computes suggestions or changes rules, or by those that decide on suggestions. */
export type PolicyLock = 'exclusive' | 'shared';

const LOCKS: Record<PolicyLock, string> = { exclusive: 'FOR NO KEY UPDATE', shared: 'FOR SHARE' };

/** The rules of replenishment. The company's row is the lock between what computes suggestions and what decides on them. */
@Injectable()
export class PolicyRepository {
  constructor(private readonly unit: UnitOfWork) {}

  /** @param lock held until the transaction ends */
  async company(lock?: PolicyLock): Promise<CompanyRules> {
    const [row] = await this.unit.query<CompanyRules>(
      `SELECT ${COLUMNS} FROM replenishment_policies WHERE product_id IS NULL ${lock ? LOCKS[lock] : ''}`,
    );
    if (!row) throw new Error('the tenant has no rules of replenishment');
    return row;
  }

  /** The rules of one level: of the company (both null), of a product, or of a product in a store. */
  async find(productId: string | null, storeId: string | null): Promise<StoredRules> {
    const [row] = await this.unit.query<StoredRules>(
      `SELECT ${COLUMNS} FROM replenishment_policies WHERE product_id IS NOT DISTINCT FROM $1::uuid AND store_id IS NOT DISTINCT FROM $2::uuid`,
      [productId, storeId],
    );
    return row ?? { ...NO_RULES };
  }

  async save(productId: string | null, storeId: string | null, rules: StoredRules): Promise<void> {
    await this.unit.execute(
      `INSERT INTO replenishment_policies AS p (product_id, store_id, reorder_point_mode, service_level, cover_days, shelf_life_days,
         class_service_levels, holding_cost_percent, order_cost, review_days, lead_time_spread_percent, suggest_transfers)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
       ON CONFLICT (product_id, store_id) DO UPDATE SET reorder_point_mode = excluded.reorder_point_mode, service_level = excluded.service_level,
         cover_days = excluded.cover_days, shelf_life_days = excluded.shelf_life_days, class_service_levels = excluded.class_service_levels,
         holding_cost_percent = excluded.holding_cost_percent, order_cost = excluded.order_cost, review_days = excluded.review_days,
         lead_time_spread_percent = excluded.lead_time_spread_percent, suggest_transfers = excluded.suggest_transfers`,
      [
        productId,
        storeId,
        rules.reorderPointMode,
        rules.serviceLevel,
        rules.coverDays,
        rules.shelfLifeDays,
        rules.classServiceLevels && JSON.stringify(rules.classServiceLevels),
        rules.holdingCostPercent,
        rules.orderCost,
        rules.reviewDays,
        rules.leadTimeSpreadPercent,
        rules.suggestTransfers,
      ],
    );
  }
}
