import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import { containing, RecordRepository } from '../../kernel/database/record.repository.js';
import { Store, type StoreType } from './store.entity.js';

export interface StoreFilter {
  /** stores the caller may see; null = all */
  scope: string[] | null;
  q?: string;
  type?: StoreType;
  isActive?: boolean;
  afterCode?: string;
  limit: number;
}

@Injectable()
export class StoresRepository extends RecordRepository<Store> {
  constructor(unit: UnitOfWork) {
    super(unit, Store);
  }

  /** Stores by code. */
  list({ scope, q, type, isActive, afterCode, limit }: StoreFilter): Promise<Store[]> {
    const query = this.rows.createQueryBuilder('store').orderBy('store.code').limit(limit);
    if (scope) query.andWhere('store.id = ANY (:scope)', { scope });
    if (q) {
      query.andWhere(`ext.immutable_unaccent(lower(store.code || ' ' || store.name)) LIKE ext.immutable_unaccent(lower(:q))`, {
        q: containing(q),
      });
    }
    if (type) query.andWhere('store.type = :type', { type });
    if (isActive !== undefined) query.andWhere('store.isActive = :isActive', { isActive });
    if (afterCode !== undefined) query.andWhere('store.code > :afterCode', { afterCode });
    return query.getMany();
  }

  /** Whether anything stands on hand, is reserved or is on its way to the store. */
  async isInUse(id: string): Promise<boolean> {
    const [row] = await this.unit.query<{ used: boolean }>(
      `SELECT EXISTS (SELECT FROM inventory WHERE store_id = $1 AND (quantity_on_hand <> 0 OR quantity_reserved <> 0))
           OR EXISTS (SELECT FROM purchase_orders WHERE store_id = $1 AND status IN ('sent', 'confirmed', 'partial')) AS used`,
      [id],
    );
    return row?.used === true;
  }
}
