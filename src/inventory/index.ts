export { InventoryModule } from './inventory.module.js';
export { InventoryFacade, type OrderDraft, type SoldLine } from './inventory.facade.js';
export type { ProductReference, SaleProduct } from './stock/sale-stock.repository.js';
export type { MovementLine } from './stock/movements.repository.js';
