export { InventoryModule } from './inventory.module.js';
export { InventoryFacade, type SoldLine } from './inventory.facade.js';
export type { ProductReference, SaleProduct } from './stock/sale-stock.repository.js';
