import type { SigningKeys } from '../../../src/kernel/auth/signing-keys.js';
import type { Actor, TenantRef } from '../../../src/kernel/database/tenant-context.js';
import { CursorCodec } from '../../../src/kernel/http/cursor-codec.js';
import { CategoriesRepository } from '../../../src/inventory/categories/categories.repository.js';
import { CategoriesService } from '../../../src/inventory/categories/categories.service.js';
import { ProductsRepository } from '../../../src/inventory/products/products.repository.js';
import { ProductsService } from '../../../src/inventory/products/products.service.js';
import { MovementsRepository } from '../../../src/inventory/stock/movements.repository.js';
import { MovementsService } from '../../../src/inventory/stock/movements.service.js';
import { StoresRepository } from '../../../src/inventory/stores/stores.repository.js';
import { StoresService } from '../../../src/inventory/stores/stores.service.js';
import { SuppliersRepository } from '../../../src/inventory/suppliers/suppliers.repository.js';
import { SuppliersService } from '../../../src/inventory/suppliers/suppliers.service.js';
import { openMediumDatabase, type MediumDatabase } from '../../support/medium-database.js';

const keys = { derive: () => [Buffer.alloc(32, 7)] } as unknown as SigningKeys;

/** The room's services on a database of their own. */
export interface Shop {
  database: MediumDatabase;
  tenant: TenantRef;
  stores: StoresService;
  categories: CategoriesService;
  suppliers: SuppliersService;
  products: ProductsService;
  movements: MovementsService;
  ledger: MovementsRepository;
  /** Runs `work` as an administrator of the tenant, or as `actor`. */
  as: <T>(work: () => Promise<T>, actor?: Partial<Actor>) => Promise<T>;
}

export async function openShop(name: string): Promise<Shop> {
  const database = await openMediumDatabase(name);
  const { unit, acme: tenant } = database;
  const cursors = new CursorCodec(keys);
  const ledger = new MovementsRepository(unit);
  return {
    database,
    tenant,
    stores: new StoresService(new StoresRepository(unit), cursors),
    categories: new CategoriesService(new CategoriesRepository(unit), cursors),
    suppliers: new SuppliersService(new SuppliersRepository(unit), cursors),
    products: new ProductsService(unit, new ProductsRepository(unit), cursors),
    movements: new MovementsService(ledger),
    ledger,
    as: (work, actor) => database.as(tenant, work, { role: 'admin', ...actor }),
  };
}
