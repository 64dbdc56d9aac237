export { SalesModule } from './sales.module.js';
export type { SaleCompleted } from './sales/sales.events.js';
