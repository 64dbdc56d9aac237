import { Injectable } from '@nestjs/common';
import { Big } from 'big.js';
import { assertStoreAllowed } from '../../kernel/auth/store-scope.js';
import { retried } from '../../kernel/database/retry.js';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import { invalid, notFound } from '../../kernel/errors/problem-error.js';
import { assertMatch, type Versioned } from '../../kernel/http/etag.js';
import type { UpdateStockLimitsDto } from './limits.dto.js';
import { LimitsRepository, type StockLimits } from './limits.repository.js';

@Injectable()
export class LimitsService {
  constructor(
    private readonly unit: UnitOfWork,
    private readonly limits: LimitsRepository,
  ) {}

  async get(productId: string, storeId: string): Promise<StockLimits & Versioned> {
    assertStoreAllowed(storeId);
    const limits = await this.limits.find(productId, storeId);
    if (!limits) throw notFound();
    return versioned(limits);
  }

  /** Changes the given limits of one store; null takes the product's again. */
  update(productId: string, storeId: string, ifMatch: string, changes: UpdateStockLimitsDto): Promise<StockLimits> {
    return retried(() => this.change(productId, storeId, ifMatch, changes));
  }

  private change(productId: string, storeId: string, ifMatch: string, changes: UpdateStockLimitsDto): Promise<StockLimits> {
    return this.unit.transaction(async () => {
      await this.get(productId, storeId);
      await this.limits.lock(productId, storeId);
      const current = await this.get(productId, storeId);
      assertMatch(ifMatch, current);
      await this.limits.set(productId, storeId, Object.assign(current.override, changes));
      const changed = await this.get(productId, storeId);
      assertOrdered(changed);
      return changed;
    });
  }
}

/** The version is what the limits are: movements do not touch it. Not enumerable, so that it makes the ETag and is not answered. */
function versioned(limits: StockLimits): StockLimits & Versioned {
  return Object.defineProperty({ ...limits }, 'rowVersion', { value: JSON.stringify(limits), enumerable: false });
}

function assertOrdered({ minStockLevel, maxStockLevel }: StockLimits): void {
  if (maxStockLevel === null || new Big(maxStockLevel).gte(minStockLevel)) return;
  throw invalid({ pointer: '/maxStockLevel', code: 'field.min', min: minStockLevel });
}
