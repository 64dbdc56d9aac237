export { InventoryModule } from './inventory.module.js';
export { InventoryFacade, type OrderDraft, type SoldLine, type TransferDraft } from './inventory.facade.js';
export type { ChangedReorderPoint, NewReorderPoint } from './stock/limits.repository.js';
export type { ProductReference, SaleProduct } from './stock/sale-stock.repository.js';
export type { MovementLine } from './stock/movements.repository.js';
export { ImportReferences, type PlaceLookup } from './imports/import-references.js';
export type { TaxRate } from './imports/references.repository.js';
export type { PastSale } from './imports/stock-history.repository.js';
export { StockHistory } from './imports/stock-history.js';
