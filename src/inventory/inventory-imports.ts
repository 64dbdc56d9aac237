import { Injectable } from '@nestjs/common';
import { ImportKinds } from '../tenancy/index.js';
import { ProductsImportRepository } from './products/products-import.repository.js';
import { productsImport } from './products/products.import.js';
import { MovementsService } from './stock/movements.service.js';
import { StockImportRepository } from './stock/stock-import.repository.js';
import { stockImport } from './stock/stock.import.js';
import { StoresImportRepository } from './stores/stores-import.repository.js';
import { storesImport } from './stores/stores.import.js';
import { SuppliersImportRepository } from './suppliers/suppliers-import.repository.js';
import { suppliersImport } from './suppliers/suppliers.import.js';

/** Tells the import engine which files this room takes in. */
@Injectable()
export class InventoryImports {
  constructor(
    kinds: ImportKinds,
    stores: StoresImportRepository,
    suppliers: SuppliersImportRepository,
    products: ProductsImportRepository,
    stock: StockImportRepository,
    movements: MovementsService,
  ) {
    kinds.register(storesImport(stores));
    kinds.register(suppliersImport(suppliers));
    kinds.register(productsImport(products));
    kinds.register(stockImport(stock, movements));
  }
}
