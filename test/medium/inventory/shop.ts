import type { SigningKeys } from '../../../src/kernel/auth/signing-keys.js';
import type { Actor, TenantRef } from '../../../src/kernel/database/tenant-context.js';
import { CursorCodec } from '../../../src/kernel/http/cursor-codec.js';
import { CategoriesRepository } from '../../../src/inventory/categories/categories.repository.js';
import { CategoriesService } from '../../../src/inventory/categories/categories.service.js';
import { ProductsRepository } from '../../../src/inventory/products/products.repository.js';
import { ProductsService } from '../../../src/inventory/products/products.service.js';
import { PurchaseOrdersRepository } from '../../../src/inventory/purchase-orders/purchase-orders.repository.js';
import { PurchaseOrdersService } from '../../../src/inventory/purchase-orders/purchase-orders.service.js';
import { ReceiptsRepository } from '../../../src/inventory/purchase-orders/receipts.repository.js';
import { ReceiptsService } from '../../../src/inventory/purchase-orders/receipts.service.js';
import { IntegrityRepository } from '../../../src/inventory/stock/integrity.repository.js';
import { LevelsRepository } from '../../../src/inventory/stock/levels.repository.js';
import { LimitsRepository } from '../../../src/inventory/stock/limits.repository.js';
import { LimitsService } from '../../../src/inventory/stock/limits.service.js';
import { MovementHistoryRepository } from '../../../src/inventory/stock/movement-history.repository.js';
import { MovementsRepository } from '../../../src/inventory/stock/movements.repository.js';
import { MovementsService } from '../../../src/inventory/stock/movements.service.js';
import { StockService } from '../../../src/inventory/stock/stock.service.js';
import { StoresRepository } from '../../../src/inventory/stores/stores.repository.js';
import { StoresService } from '../../../src/inventory/stores/stores.service.js';
import { SuppliersRepository } from '../../../src/inventory/suppliers/suppliers.repository.js';
import { SuppliersService } from '../../../src/inventory/suppliers/suppliers.service.js';
import { InventoryFacade } from '../../../src/inventory/inventory.facade.js';
import { SaleStockRepository } from '../../../src/inventory/stock/sale-stock.repository.js';
import { TransfersRepository } from '../../../src/inventory/transfers/transfers.repository.js';
import { TransfersService } from '../../../src/inventory/transfers/transfers.service.js';
import { openMediumDatabase, type MediumDatabase } from '../../support/medium-database.js';

const keys = { derive: () => [Buffer.alloc(32, 7)] } as unknown as SigningKeys;

/** The room's services on a database of their own. */
export interface Shop {
  database: MediumDatabase;
  tenant: TenantRef;
  cursors: CursorCodec;
  stores: StoresService;
  categories: CategoriesService;
  suppliers: SuppliersService;
  products: ProductsService;
  movements: MovementsService;
  ledger: MovementsRepository;
  stock: StockService;
  limits: LimitsService;
  orders: PurchaseOrdersService;
  receipts: ReceiptsService;
  transfers: TransfersService;
  facade: InventoryFacade;
  /** Runs `work` as an administrator of the tenant, or as `actor`. */
  as: <T>(work: () => Promise<T>, actor?: Partial<Actor>) => Promise<T>;
}

export async function openShop(name: string): Promise<Shop> {
  const database = await openMediumDatabase(name);
  const { unit, acme: tenant } = database;
  const cursors = new CursorCodec(keys);
  const ledger = new MovementsRepository(unit);
  const movements = new MovementsService(ledger);
  const orders = new PurchaseOrdersService(unit, new PurchaseOrdersRepository(unit), cursors);
  const transfers = new TransfersService(unit, new TransfersRepository(unit), movements, cursors);
  const limits = new LimitsRepository(unit);
  return {
    database,
    tenant,
    cursors,
    stores: new StoresService(new StoresRepository(unit), cursors),
    categories: new CategoriesService(new CategoriesRepository(unit), cursors),
    suppliers: new SuppliersService(new SuppliersRepository(unit), cursors),
    products: new ProductsService(unit, new ProductsRepository(unit), cursors),
    movements,
    ledger,
    stock: new StockService(
      new LevelsRepository(unit),
      new MovementHistoryRepository(unit),
      new IntegrityRepository(unit),
      cursors,
    ),
    limits: new LimitsService(unit, limits),
    orders,
    receipts: new ReceiptsService(unit, orders, new ReceiptsRepository(unit), movements),
    transfers,
    facade: new InventoryFacade(movements, new SaleStockRepository(unit), orders, transfers, limits),
    as: (work, actor) => database.as(tenant, work, { role: 'admin', ...actor }),
  };
}
