import { Module } from '@nestjs/common';
import { ImportsModule } from '../tenancy/index.js';
import './catalog/catalog-constraints.js';
import { CategoriesController } from './categories/categories.controller.js';
import { CategoriesRepository } from './categories/categories.repository.js';
import { CategoriesService } from './categories/categories.service.js';
import { ProductsController } from './products/products.controller.js';
import { ProductsRepository } from './products/products.repository.js';
import { TaxCategoriesController } from './products/tax-categories.controller.js';
import { TaxCategoriesRepository } from './products/tax-categories.repository.js';
import { TaxCategoriesService } from './products/tax-categories.service.js';
import { TaxRefreshJob } from './products/tax-refresh.job.js';
import { ProductsService } from './products/products.service.js';
import { InventoryFacade } from './inventory.facade.js';
import { ImportReferences } from './imports/import-references.js';
import { ReferencesRepository } from './imports/references.repository.js';
import { StockHistory } from './imports/stock-history.js';
import { StockHistoryRepository } from './imports/stock-history.repository.js';
import { InventoryExamplesRepository } from './inventory-examples.repository.js';
import { InventoryImports } from './inventory-imports.js';
import { ProductsImportRepository } from './products/products-import.repository.js';
import { StockImportRepository } from './stock/stock-import.repository.js';
import { StoresImportRepository } from './stores/stores-import.repository.js';
import { SuppliersImportRepository } from './suppliers/suppliers-import.repository.js';
import { PurchaseOrdersController } from './purchase-orders/purchase-orders.controller.js';
import { PurchaseOrdersRepository } from './purchase-orders/purchase-orders.repository.js';
import { PurchaseOrdersService } from './purchase-orders/purchase-orders.service.js';
import { ReceiptsRepository } from './purchase-orders/receipts.repository.js';
import { ReceiptsService } from './purchase-orders/receipts.service.js';
import { IntegrityRepository } from './stock/integrity.repository.js';
import { LevelsRepository } from './stock/levels.repository.js';
import { LimitsRepository } from './stock/limits.repository.js';
import { LimitsService } from './stock/limits.service.js';
import { MovementHistoryRepository } from './stock/movement-history.repository.js';
import { MovementsRepository } from './stock/movements.repository.js';
import { MovementsService } from './stock/movements.service.js';
import { SaleStockRepository } from './stock/sale-stock.repository.js';
import { StockController } from './stock/stock.controller.js';
import { StockService } from './stock/stock.service.js';
import { TransfersController } from './transfers/transfers.controller.js';
import { TransfersRepository } from './transfers/transfers.repository.js';
import { TransfersService } from './transfers/transfers.service.js';
import { StoresController } from './stores/stores.controller.js';
import { StoresRepository } from './stores/stores.repository.js';
import { StoresService } from './stores/stores.service.js';
import { SuppliersController } from './suppliers/suppliers.controller.js';
import { SuppliersRepository } from './suppliers/suppliers.repository.js';
import { SuppliersService } from './suppliers/suppliers.service.js';

/** Stores, categories, suppliers, products and their stock. */
@Module({
  imports: [ImportsModule],
  controllers: [
    StoresController,
    CategoriesController,
    SuppliersController,
    ProductsController,
    TaxCategoriesController,
    StockController,
    PurchaseOrdersController,
    TransfersController,
  ],
  providers: [
    StoresRepository,
    StoresService,
    CategoriesRepository,
    CategoriesService,
    SuppliersRepository,
    SuppliersService,
    ProductsRepository,
    ProductsService,
    TaxCategoriesRepository,
    TaxCategoriesService,
    TaxRefreshJob,
    MovementsRepository,
    MovementsService,
    MovementHistoryRepository,
    LevelsRepository,
    LimitsRepository,
    LimitsService,
    IntegrityRepository,
    StockService,
    SaleStockRepository,
    PurchaseOrdersRepository,
    PurchaseOrdersService,
    ReceiptsRepository,
    ReceiptsService,
    TransfersRepository,
    TransfersService,
    InventoryFacade,
    StoresImportRepository,
    SuppliersImportRepository,
    ProductsImportRepository,
    StockImportRepository,
    InventoryImports,
    InventoryExamplesRepository,
    ReferencesRepository,
    ImportReferences,
    StockHistoryRepository,
    StockHistory,
  ],
  exports: [InventoryFacade, ImportReferences, StockHistory],
})
export class InventoryModule {}
