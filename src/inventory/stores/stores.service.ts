import { Injectable } from '@nestjs/common';
import { assertAllStores, assertStoreAllowed, storeScope } from '../../kernel/auth/store-scope.js';
import { ProblemError } from '../../kernel/errors/problem-error.js';
import { CursorCodec } from '../../kernel/http/cursor-codec.js';
import type { Page } from '../../kernel/http/page.js';
import type { CreateStoreDto, StoresQuery, UpdateStoreDto } from './stores.dto.js';
import { StoresRepository } from './stores.repository.js';
import type { Store } from './store.entity.js';

const LIST = 'listStores';

@Injectable()
export class StoresService {
  constructor(
    private readonly stores: StoresRepository,
    private readonly cursors: CursorCodec,
  ) {}

  async list({ limit, cursor, ...filter }: StoresQuery): Promise<Page<Store>> {
    const [afterCode] = this.cursors.after(LIST, cursor) ?? [];
    const rows = await this.stores.list({
      ...filter,
      scope: storeScope(),
      afterCode: afterCode as string | undefined,
      limit: limit + 1,
    });
    return this.cursors.page(LIST, rows, limit, (last) => [last.code]);
  }

  async get(id: string): Promise<Store> {
    assertStoreAllowed(id);
    return this.stores.get(id);
  }

  /** A new store. Its invoice series is made by the database with it. Somebody who is held to some stores cannot open another. */
  async create(values: CreateStoreDto): Promise<Store> {
    assertAllStores();
    return this.stores.create(values);
  }

  async update(id: string, ifMatch: string, changes: UpdateStoreDto): Promise<Store> {
    assertStoreAllowed(id);
    return this.stores.update(id, ifMatch, async (current) => {
      if (current.isActive && changes.isActive === false) await this.assertUnused(id);
      return changes;
    });
  }

  /** Deactivates: its history stays. Refused while stock stands there or is ordered for it. */
  async deactivate(id: string, ifMatch: string): Promise<void> {
    await this.update(id, ifMatch, { isActive: false });
  }

  private async assertUnused(id: string): Promise<void> {
    if (await this.stores.isInUse(id)) throw new ProblemError('catalog.store_in_use');
  }
}
