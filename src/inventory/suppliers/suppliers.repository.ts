import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import { containing, RecordRepository } from '../../kernel/database/record.repository.js';
import type { TaxIdStatus } from '../../kernel/identifiers/tax-id.js';
import { Supplier } from './supplier.entity.js';

export interface SupplierFilter {
  q?: string;
  taxIdStatus?: TaxIdStatus;
  isActive?: boolean;
  afterCode?: string;
  limit: number;
}

@Injectable()
export class SuppliersRepository extends RecordRepository<Supplier> {
  constructor(unit: UnitOfWork) {
    super(unit, Supplier);
  }

  /** Suppliers by code. */
  list({ q, taxIdStatus, isActive, afterCode, limit }: SupplierFilter): Promise<Supplier[]> {
    const query = this.rows.createQueryBuilder('supplier').orderBy('supplier.code').limit(limit);
    if (q) {
      query.andWhere(
        `ext.immutable_unaccent(lower(concat_ws(' ', supplier.code, supplier.businessName, supplier.tradeName, supplier.taxId)))
           LIKE ext.immutable_unaccent(lower(:q))`,
        { q: containing(q) },
      );
    }
    if (taxIdStatus) query.andWhere('supplier.taxIdStatus = :taxIdStatus', { taxIdStatus });
    if (isActive !== undefined) query.andWhere('supplier.isActive = :isActive', { isActive });
    if (afterCode !== undefined) query.andWhere('supplier.code > :afterCode', { afterCode });
    return query.getMany();
  }

  /** Whether orders to the supplier are under way. */
  async isInUse(id: string): Promise<boolean> {
    const [row] = await this.unit.query<{ used: boolean }>(
      `SELECT EXISTS (SELECT FROM purchase_orders WHERE supplier_id = $1 AND status IN ('draft', 'sent', 'confirmed', 'partial')) AS used`,
      [id],
    );
    return row?.used === true;
  }
}
