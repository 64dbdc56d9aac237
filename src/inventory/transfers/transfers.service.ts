import { Injectable } from '@nestjs/common';
import { assertStoreAllowed, isStoreAllowed, storeScope } from '../../kernel/auth/store-scope.js';
import { retried } from '../../kernel/database/retry.js';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import type { FieldError } from '../../kernel/errors/field-errors.js';
import { notFound, ProblemError } from '../../kernel/errors/problem-error.js';
import { CursorCodec } from '../../kernel/http/cursor-codec.js';
import type { Page } from '../../kernel/http/page.js';
import type { MovementLine } from '../stock/movements.repository.js';
import { MovementsService } from '../stock/movements.service.js';
import type { CreateTransferDto, TransferDto, TransfersQuery } from './transfers.dto.js';
import { TransfersRepository } from './transfers.repository.js';

const LIST = 'listStockTransfers';

const blame = (pointer: string): { errors: FieldError[] } => ({ errors: [{ pointer, code: 'field.not_allowed' }] });

/** Transfers as documents: a draft is agreed on first and moves stock when it is completed. */
@Injectable()
export class TransfersService {
  constructor(
    private readonly unit: UnitOfWork,
    private readonly transfers: TransfersRepository,
    private readonly movements: MovementsService,
    private readonly cursors: CursorCodec,
  ) {}

  /** Only transfers of which the caller may touch both stores. */
  async list({ limit, cursor, ...filter }: TransfersQuery): Promise<Page<TransferDto>> {
    assertStoreAllowed(filter.storeId);
    const [beforeId] = this.cursors.after(LIST, cursor) ?? [];
    const rows = await this.transfers.list(filter, storeScope(), (beforeId as string | undefined) ?? null, limit + 1);
    return this.cursors.page(LIST, rows, limit, (last) => [last.id]);
  }

  async get(id: string): Promise<TransferDto> {
    const transfer = await this.transfers.find(id);
    if (!transfer || !isStoreAllowed(transfer.fromStoreId) || !isStoreAllowed(transfer.toStoreId)) throw notFound();
    return transfer;
  }

  /** A draft with its gap-free number. Nothing moves yet. */
  async create(body: CreateTransferDto): Promise<TransferDto> {
    const { fromStoreId, toStoreId, items } = body;
    assertStoreAllowed(fromStoreId, toStoreId);
    if (fromStoreId === toStoreId) throw new ProblemError('inventory.same_store', blame('/toStoreId'));
    return this.unit.transaction(async () => {
      const places = await this.transfers.places(fromStoreId, toStoreId);
      if (!places) throw notFound();
      if (!places.fromActive) throw new ProblemError('catalog.store_inactive', blame('/fromStoreId'));
      if (!places.toActive) throw new ProblemError('catalog.store_inactive', blame('/toStoreId'));
      const active = await this.transfers.products(items.map(({ productId }) => productId));
      const faulty = (state: boolean | null, code: FieldError['code']): FieldError[] =>
        active.flatMap((one, index) => (one === state ? [{ pointer: `/items/${index}/productId`, code }] : []));
      const unknown = faulty(null, 'field.not_found');
      if (unknown.length > 0) throw new ProblemError('http.not_found', { errors: unknown });
      const inactive = faulty(false, 'field.not_allowed');
      if (inactive.length > 0) throw new ProblemError('catalog.product_inactive', { errors: inactive });
      return this.get(await this.transfers.create(body));
    });
  }

  /**
   * Moves everything at once: out of one store and into the other, whole or not at all, at the cost it had where it left.
   * @throws inventory.insufficient_stock when the sending store has not enough
   */
  complete(id: string): Promise<TransferDto> {
    return retried(() =>
      this.unit.transaction(async () => {
        const transfer = await this.draft(id);
        await this.movements.record(linesOf(transfer), ({ productId }) =>
          transfer.items.flatMap((item, index) => (item.productId === productId ? [`/items/${index}/quantity`] : [])),
        );
        await this.transfers.complete(id);
        return this.get(id);
      }),
    );
  }

  /** Gives a draft up; nothing has moved. */
  cancel(id: string): Promise<TransferDto> {
    return this.unit.transaction(async () => {
      await this.draft(id);
      await this.transfers.cancel(id);
      return this.get(id);
    });
  }

  /** The transfer under its lock, when it has not moved yet (else 409). */
  private async draft(id: string): Promise<TransferDto> {
    await this.get(id);
    await this.transfers.lock(id);
    const transfer = await this.get(id);
    if (transfer.status !== 'draft' && transfer.status !== 'ready') {
      throw new ProblemError('inventory.invalid_transfer_status', { params: { status: transfer.status } });
    }
    return transfer;
  }
}

function linesOf({ id, fromStoreId, toStoreId, items }: TransferDto): MovementLine[] {
  const shared = { type: 'transfer', referenceType: 'transfer', referenceId: id, reason: 'transfer' } as const;
  return items.flatMap(({ productId, quantity }): MovementLine[] => [
    { ...shared, productId, storeId: fromStoreId, kind: 'transferred_out', quantity: `-${quantity}` },
    { ...shared, productId, storeId: toStoreId, kind: 'transferred_in', quantity, costOfStoreId: fromStoreId },
  ]);
}
