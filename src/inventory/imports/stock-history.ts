import { Injectable } from '@nestjs/common';
import { StockHistoryRepository, type PastSale } from './stock-history.repository.js';

/** How imported sales move stock. Joins the caller's transaction. */
@Injectable()
export class StockHistory {
  constructor(private readonly history: StockHistoryRepository) {}

  /** The lines whose day is not before the newest count of their shelf: these move stock, the others are history. */
  async afterCount<T extends PastSale>(lines: readonly T[]): Promise<T[]> {
    const shelves = new Map(lines.map(({ productId, storeId }) => [`${productId} ${storeId}`, { productId, storeId }]));
    const days = await this.history.countedFrom(
      Array.from(shelves.values(), ({ productId }) => productId),
      Array.from(shelves.values(), ({ storeId }) => storeId),
    );
    return lines.filter(({ productId, storeId, date }) => {
      const counted = days.get(`${productId} ${storeId}`);
      return counted !== undefined && date >= counted;
    });
  }

  /** Takes counted lines out of stock; what came back goes in. */
  async record(lines: readonly PastSale[], timeZone: string): Promise<void> {
    if (lines.length > 0) await this.history.record(lines, timeZone);
  }
}
