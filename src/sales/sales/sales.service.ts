import { Injectable } from '@nestjs/common';
import { assertStoreAllowed, storeScope } from '../../kernel/auth/store-scope.js';
import { tenantScope } from '../../kernel/database/tenant-context.js';
import { retried } from '../../kernel/database/retry.js';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import { notFound, ProblemError } from '../../kernel/errors/problem-error.js';
import { CursorCodec } from '../../kernel/http/cursor-codec.js';
import { assertMatch } from '../../kernel/http/etag.js';
import type { Page } from '../../kernel/http/page.js';
import { addDays, localDateOf } from '../../kernel/time/zone.js';
import { InventoryFacade } from '../../inventory/index.js';
import { answerOf } from './sale-answer.js';
import { SaleDraft } from './sale-draft.js';
import type { CreateSaleDto, SaleDto, SalesQuery, SaleSummaryDto, VoidSaleDto } from './sales.dto.js';
import { NO_SERIES, SalesRepository } from './sales.repository.js';

const LIST = 'listSales';
const DEFAULT_DAYS = 30;

@Injectable()
export class SalesService {
  constructor(
    private readonly unit: UnitOfWork,
    private readonly sales: SalesRepository,
    private readonly draft: SaleDraft,
    private readonly inventory: InventoryFacade,
    private readonly cursors: CursorCodec,
  ) {}

  /**
   * Sells in one transaction: stock falls, lines, payments and the invoice number are written, or nothing is. Stock is taken before the
   * number, so that the store's counter is locked for the shortest time.
   */
  async create(request: CreateSaleDto): Promise<SaleDto> {
    assertStoreAllowed(request.storeId);
    return retried(() => this.sell(request));
  }

  private sell(request: CreateSaleDto): Promise<SaleDto> {
    return this.unit.transaction(async (last) => {
      const priced = await this.draft.price(request);
      const { sale } = priced;
      const completed = {
        saleId: sale.id,
        storeId: sale.storeId,
        total: sale.total,
        currency: sale.currency,
        products: sale.lines.map((line) => line.productId),
      };
      // neither needs the other's answer. When stock is refused, the server skips the sale
      const [, written] = await last(
        this.inventory.takingForSale(
          sale.storeId,
          { saleId: sale.id, occurredAt: sale.occurredAt },
          sale.lines.map(({ productId, quantity, cost }) => ({ productId, quantity, cost })),
        ),
        this.sales.insertion(sale, completed).refusedAs((error) => problemOf(error, request)),
      );
      return answerOf(priced, written);
    });
  }

  async list({ limit, cursor, from, to, storeId, clientId, status }: SalesQuery): Promise<Page<SaleSummaryDto>> {
    if (storeId) assertStoreAllowed(storeId);
    const today = localDateOf(new Date(), tenantScope().tenant.settings.timezone);
    const [occurredAt, id] = (this.cursors.after(LIST, cursor) ?? []) as [string?, string?];
    const rows = await this.sales.list({
      scope: storeScope(),
      from: from ?? addDays(to ?? today, -DEFAULT_DAYS),
      to: to ?? today,
      ...(storeId ? { storeId } : {}),
      ...(clientId ? { clientId } : {}),
      ...(status ? { status } : {}),
      ...(occurredAt && id ? { before: { occurredAt, id } } : {}),
      limit: limit + 1,
    });
    return this.cursors.page(LIST, rows, limit, (last) => [last.occurredAt.toISOString(), last.id]);
  }

  async get(id: string): Promise<SaleDto> {
    const sale = await this.sales.find(id);
    if (!sale) throw notFound();
    assertStoreAllowed(sale.storeId);
    const names = await this.inventory.productNames(sale.items.map((item) => item.productId));
    return { ...sale, items: sale.items.map((item) => ({ ...item, ...names.get(item.productId) })) };
  }

  /** Voids a completed sale: every unit that it took comes back at the cost it left with. A voided sale keeps its number. */
  async void(id: string, ifMatch: string, { reason }: VoidSaleDto): Promise<SaleDto> {
    return retried(() => this.bringBack(id, ifMatch, reason));
  }

  private bringBack(id: string, ifMatch: string, reason: string): Promise<SaleDto> {
    return this.unit.transaction(async () => {
      const sale = await this.sales.lock(id);
      if (!sale) throw notFound();
      assertStoreAllowed(sale.storeId);
      if (sale.status === 'voided') throw new ProblemError('sales.already_voided');
      assertMatch(ifMatch, sale);
      if (sale.status !== 'completed') throw new ProblemError('sales.invalid_status', { params: { status: sale.status } });
      await this.inventory.reverseSale(id, sale.occurredAt);
      await this.sales.markVoided(id, reason);
      return this.get(id);
    });
  }
}

/** What the database refuses of a sale, as the problem that a client sees; any other error as it is. */
function problemOf(error: unknown, { storeId, posTransactionId }: CreateSaleDto): unknown {
  const { constraint } = error as { constraint?: string };
  if (constraint === NO_SERIES) return new ProblemError('catalog.store_inactive', { cause: error });
  if (!posTransactionId || constraint !== 'sales_pos_transaction_id_key') return error;
  return new ProblemError('sales.duplicate_transaction', {
    errors: [{ pointer: '/posTransactionId', code: 'field.taken', storeId }],
    cause: error,
  });
}
