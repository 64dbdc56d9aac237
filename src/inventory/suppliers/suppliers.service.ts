import { Injectable } from '@nestjs/common';
import { ProblemError } from '../../kernel/errors/problem-error.js';
import { CursorCodec } from '../../kernel/http/cursor-codec.js';
import type { Page } from '../../kernel/http/page.js';
import { withCheckedTaxId } from '../../kernel/identifiers/tax-id.js';
import type { CreateSupplierDto, SuppliersQuery, UpdateSupplierDto } from './suppliers.dto.js';
import type { Supplier } from './supplier.entity.js';
import { SuppliersRepository } from './suppliers.repository.js';

const LIST = 'listSuppliers';

@Injectable()
export class SuppliersService {
  constructor(
    private readonly suppliers: SuppliersRepository,
    private readonly cursors: CursorCodec,
  ) {}

  async list({ limit, cursor, ...filter }: SuppliersQuery): Promise<Page<Supplier>> {
    const [afterCode] = this.cursors.after(LIST, cursor) ?? [];
    const rows = await this.suppliers.list({ ...filter, afterCode: afterCode as string | undefined, limit: limit + 1 });
    return this.cursors.page(LIST, rows, limit, (last) => [last.code]);
  }

  get(id: string): Promise<Supplier> {
    return this.suppliers.get(id);
  }

  create(values: CreateSupplierDto): Promise<Supplier> {
    return this.suppliers.create(withCheckedTaxId(values));
  }

  update(id: string, ifMatch: string, changes: UpdateSupplierDto): Promise<Supplier> {
    return this.suppliers.update(id, ifMatch, async (current) => {
      if (current.isActive && changes.isActive === false && (await this.suppliers.isInUse(id))) {
        throw new ProblemError('catalog.supplier_in_use');
      }
      return withCheckedTaxId(changes);
    });
  }

  /** Deactivates: products keep naming it, new orders cannot. Refused while orders are open. */
  async deactivate(id: string, ifMatch: string): Promise<void> {
    await this.update(id, ifMatch, { isActive: false });
  }
}
