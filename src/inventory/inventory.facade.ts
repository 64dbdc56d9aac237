import { Injectable } from '@nestjs/common';
import type { Statement } from '../kernel/database/statement.js';
import { notFound, ProblemError } from '../kernel/errors/problem-error.js';
import { PurchaseOrdersService } from './purchase-orders/purchase-orders.service.js';
import { LimitsRepository, type ChangedReorderPoint, type NewReorderPoint } from './stock/limits.repository.js';
import { MovementsService } from './stock/movements.service.js';
import type { MovementLine } from './stock/movements.repository.js';
import { SaleStockRepository, type ProductReference, type SaleProduct } from './stock/sale-stock.repository.js';
import { TransfersService } from './transfers/transfers.service.js';

/** What leaves with a sale; a negative quantity comes back. */
export interface SoldLine {
  productId: string;
  quantity: string;
  /** of one unit; null: the store's average */
  cost?: string | null;
}

/** What should be ordered from one supplier for one store. */
export interface OrderDraft {
  storeId: string;
  supplierId: string;
  items: { productId: string; quantity: string; unitCost?: string }[];
  notes?: string | null;
}

/** What should go from one store to another. */
export interface TransferDraft {
  fromStoreId: string;
  toStoreId: string;
  items: { productId: string; quantity: string }[];
  notes?: string | null;
}

/** The door of the room for other rooms. Everything joins the caller's transaction. */
@Injectable()
export class InventoryFacade {
  constructor(
    private readonly movements: MovementsService,
    private readonly saleStock: SaleStockRepository,
    private readonly orders: PurchaseOrdersService,
    private readonly transfers: TransfersService,
    private readonly limits: LimitsRepository,
  ) {}

  /**
   * The products that a sale names, in their order and in one statement; undefined where there is none.
   * @param date local date whose tax rates count
   * @throws 404 for an unknown store, catalog.store_inactive for a deactivated one
   */
  async resolveForSale(
    storeId: string,
    date: string,
    references: readonly ProductReference[],
  ): Promise<(SaleProduct | undefined)[]> {
    const found = await this.saleStock.find(storeId, date, references);
    if (!found) throw notFound();
    if (!found.storeActive)
      throw new ProblemError('catalog.store_inactive', { errors: [{ pointer: '/storeId', code: 'field.not_allowed' }] });
    return found.products.map((product) => product ?? undefined);
  }

  /**
   * The statement that takes what was sold out of stock, whole or not at all. Every refusal of it is an error; inventory.insufficient_stock
   * points at `/items/<index of the line>/quantity`.
   */
  takingForSale(storeId: string, sale: { saleId: string; occurredAt: string }, lines: readonly SoldLine[]): Statement<void> {
    const moved = lines.map(({ productId, quantity, cost }): MovementLine => {
      const back = quantity.startsWith('-');
      return {
        productId,
        storeId,
        type: back ? 'in' : 'out',
        kind: back ? 'returned' : 'sold',
        quantity: back ? quantity.slice(1) : `-${quantity}`,
        unitCost: cost,
        referenceType: back ? 'return' : 'sale',
        referenceId: sale.saleId,
        occurredAt: sale.occurredAt,
      };
    });
    return this.movements.recording(moved, ({ productId }) =>
      lines.flatMap((line, index) => (line.productId === productId ? [`/items/${index}/quantity`] : [])),
    );
  }

  /** Brings back everything that a sale took, at the cost with which it left. `soldAt`: the sale's instant. */
  async reverseSale(saleId: string, soldAt: Date): Promise<void> {
    const lines = await this.saleStock.reversalLines(saleId, soldAt.toISOString());
    await this.movements.record(lines, () => []);
  }

  /** SKU and name of products by id, for documents that keep only the id. */
  async productNames(ids: readonly string[]): Promise<Map<string, { sku: string; name: string }>> {
    const rows = await this.saleStock.names(ids);
    return new Map(rows.map(({ id, sku, name }) => [id, { sku, name }]));
  }

  /**
   * Records movements of any kind, whole or not at all, in one statement: what an import of sales brings, for example. No shortage is
   * pointed at a field; give `allowNegative` for what has happened already.
   */
  async recordMovements(lines: readonly MovementLine[]): Promise<void> {
    await this.movements.record(lines, () => []);
  }

  /** A draft of an order to a supplier, for a person to look at, change and send. Costs and dates are the usual ones. */
  async draftPurchaseOrder(draft: OrderDraft): Promise<{ id: string; orderNumber: string }> {
    const { id, orderNumber } = await this.orders.create(draft);
    return { id, orderNumber };
  }

  /** A draft of a transfer between stores, for a person to look at and complete: stock moves only then. */
  async draftTransfer(draft: TransferDraft): Promise<{ id: string; transferNumber: string }> {
    const { id, transferNumber } = await this.transfers.create(draft);
    return { id, transferNumber };
  }

  /**
   * Sets the reorder points of stores for themselves, in one statement; alerts follow by the database.
   * @returns those that had another one before
   */
  async setReorderPoints(points: readonly NewReorderPoint[]): Promise<ChangedReorderPoint[]> {
    return points.length === 0 ? [] : this.limits.setReorderPoints(points);
  }
}
