/** A sale was completed. Handlers get it at least once, after the commit. */
export interface SaleCompleted {
  saleId: string;
  storeId: string;
  /** decimal, in `currency` */
  total: string;
  currency: string;
  products: string[];
}

declare module '../../kernel/events/event-map.js' {
  interface EventMap {
    'sale.completed': SaleCompleted;
  }
}
